// A web application with unmodified `@auth0/auth0-server-js`: a person logs in with Chromium, somebody else by their device.
import { type RunningAssent, startAssent } from 'assent';
import { decodeJwt } from 'jose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { detailOf } from '../bank-api.ts';
import { nextApproval } from '../stage.ts';
import { AUDIENCE, createTenantConfig, peopleOf, TRANSFER_SCOPE } from '../tenant.ts';
import { launchChromium } from './chromium.ts';
import { findFreePort } from './next-application.ts';
import { startServerJsApplication } from './server-js-application.ts';

const WEB_APP = { client_id: 'web-app', client_secret: 'web-app-secret-not-real' };
const PERSON = { id: peopleOf(0).approver, name: 'Approver 0' };
const DETAILS = [detailOf({ to: 'Grace', amount: '250.00', currency: 'EUR' })];

describe('@auth0/auth0-server-js', () => {
  const stack = new AsyncDisposableStack();
  let assent: RunningAssent;
  let url: string;
  let page: Page;

  beforeAll(async () => {
    const port = await findFreePort();
    const config = createTenantConfig({ interval: 0.2 }, 1);
    assent = stack.use(
      await startAssent({
        dataFolder: inject('dataFolder'),
        config: {
          ...config,
          clients: [
            {
              ...WEB_APP,
              name: 'Web app',
              callbacks: [`http://localhost:${port}/callback`],
              allowed_logout_urls: [`http://localhost:${port}`],
            },
          ],
        },
      }),
    );
    const application = await startServerJsApplication({
      port,
      domain: new URL(assent.issuer).host,
      clientId: WEB_APP.client_id,
      clientSecret: WEB_APP.client_secret,
      audience: AUDIENCE,
      scope: `openid profile ${TRANSFER_SCOPE}`,
    });
    stack.use(application);
    url = application.url;
    const chromium = await launchChromium('');
    stack.defer(() => chromium.close());
    page = await chromium.newPage({ ignoreHTTPSErrors: true, locale: 'en-GB' });
  });
  afterAll(() => stack.disposeAsync());

  /** What the application keeps of the person. */
  async function readSession(): Promise<Record<string, unknown>> {
    const response = await page.goto(`${url}/session`);
    return Object(await response?.json());
  }

  function transfer(): Promise<{ status: number; body: unknown }> {
    return page.evaluate(
      async (body) => {
        const response = await fetch('/transfer', { method: 'POST', body });
        return { status: response.status, body: await response.json() };
      },
      JSON.stringify({ userId: PERSON.id, details: DETAILS }),
    );
  }

  test('a person logs in and out again', async () => {
    await page.goto(`${url}/login`);
    await page.getByRole('button', { name: PERSON.name }).click();
    await page.waitForURL(`${url}/session`);
    expect(await readSession()).toMatchObject({
      user: { sub: PERSON.id, name: PERSON.name },
      tokenSets: [{ audience: AUDIENCE, scope: `openid profile ${TRANSFER_SCOPE}` }],
    });
    await page.goto(`${url}/logout`);
    expect(page.url()).toBe(`${url}/`);
    expect(await readSession()).toEqual({});
    await page.goto(`${url}/login`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  test('somebody logs in by approving on their device, and the token says what they approved', async () => {
    await page.goto(url);
    const asking = transfer();
    const approval = await nextApproval(assent.control, PERSON.id);
    expect(approval.authorization_details).toEqual(DETAILS);
    await assent.control.approve(approval.id);
    expect(await asking).toEqual({ status: 200, body: { authorizationDetails: DETAILS } });

    const { user, tokenSets } = await readSession();
    expect(user).toMatchObject({ sub: PERSON.id });
    expect(decodeJwt(Object(tokenSets)[0].accessToken)).toMatchObject({
      aud: [AUDIENCE, `${assent.issuer}userinfo`],
      authorization_details: DETAILS,
    });
  });

  test('nobody is logged in by a request that is denied', async () => {
    await page.context().clearCookies();
    await page.goto(url);
    const asking = transfer();
    await assent.control.deny((await nextApproval(assent.control, PERSON.id)).id);
    expect(await asking).toMatchObject({
      status: 403,
      body: { code: 'backchannel_authentication_error', cause: { error: 'access_denied' } },
    });
    expect(await readSession()).toEqual({});
  });
});
