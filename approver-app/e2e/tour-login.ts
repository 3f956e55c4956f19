// The part of the tour that is about an application's login with authorization details.
import type { RunningAssent } from 'assent';
import { FIVE_KINDS, TRANSFER, TRANSFERS_API, UNKNOWN_KIND } from './tenant.ts';
import type { Stop } from './tour-devices.ts';
import { type ApproverApp, expect } from './world.ts';

/** Where the application of the bank is called back. Nothing listens there. */
export const CALLBACK = 'https://localhost:3000/auth/callback';

/** The application pushes its request and sends the browser; Ada logs in, and is asked. */
export async function arriveAtConsent(
  app: ApproverApp,
  assent: RunningAssent,
  details: readonly object[] = [TRANSFER],
): Promise<void> {
  const pushed = await app.page.request.post(`${assent.url}/oauth/par`, {
    form: {
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid create:transfer',
      audience: TRANSFERS_API,
      authorization_details: JSON.stringify(details),
      state: 'state-of-the-application',
    },
  });
  const { request_uri } = (await pushed.json()) as { request_uri: string };
  await app.page.goto(
    `${assent.url}/authorize?${new URLSearchParams({ client_id: 'aiya', request_uri }).toString()}`,
  );
  await app.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await expect(app.page.getByRole('button', { name: 'Approve' })).toBeVisible();
}

export const loginTour: readonly Stop[] = [
  {
    name: 'login-consent',
    show: ({ app, assent }) => arriveAtConsent(app, assent),
  },
  {
    name: 'login-consent-several',
    show: ({ app, assent }) => arriveAtConsent(app, assent, [...FIVE_KINDS.slice(0, 3), UNKNOWN_KIND]),
  },
];
