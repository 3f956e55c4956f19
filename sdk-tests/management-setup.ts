// What a class does in the dashboard before its agent may ask, done by an SDK instead: a tenant that has nothing but an
// administrator becomes one in which a transfer is approved. Before each step the agent meets its own refusal.
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import type { RunningAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import { GuardianDevice } from 'assent/guardian-device';
import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import { nodeAuth0Drivers } from './drivers/node-auth0.ts';
import type { Administration } from './management-clients.ts';
import { connectTo, question, tokensOf } from './stage.ts';
import { AGENT, AUDIENCE, TRANSFER_SCOPE } from './tenant.ts';

export const ADMINISTRATOR = { client_id: 'administrator', client_secret: 'not-a-secret' } as const;

const CIBA = 'urn:openid:params:grant-type:ciba';
const USER_ID = 'auth0|lab-student';

/** An agent that may do nothing yet, and somebody who may change that. */
export const EMPTY_TENANT: TenantConfigInput = {
  tenant: { name: 'empty' },
  clients: [
    { ...AGENT, name: 'Agent', grant_types: ['client_credentials'] },
    { ...ADMINISTRATOR, name: 'Administrator', grant_types: ['client_credentials'] },
  ],
  client_grants: [
    { client_id: ADMINISTRATOR.client_id, audience: '{issuer}api/v2/', allow_all_scopes: true },
  ],
  guardian: { factors: { 'push-notification': false } },
  ciba: { interval: 0.2, requests_per_minute_per_user: 0 },
};

/** All the steps, in order. */
export async function setUpLab(administration: Administration, assent: RunningAssent): Promise<void> {
  const refusal = await refusalsOf(assent);
  expect(await refusal()).toMatchObject({ error: 'unauthorized_client', status: 403 });

  const client = await administration.patchClient(AGENT.client_id, {
    grant_types: ['client_credentials', CIBA],
    async_approval_notification_channels: ['guardian-push'],
  });
  expect(client).toMatchObject({
    client_id: AGENT.client_id,
    grant_types: ['client_credentials', CIBA],
    async_approval_notification_channels: ['guardian-push'],
  });
  expect(await refusal()).toMatchObject({ error: 'unknown_user_id' });

  const user = await administration.createUser({
    connection: 'Username-Password-Authentication',
    user_id: 'lab-student',
    name: 'Lab student',
    email: 'student@lab.example',
    email_verified: true,
    password: 'password-not-real',
  });
  expect(user).toMatchObject({ user_id: USER_ID, email_verified: true });
  expect(await administration.findUsers('email:"student@lab.example" AND email_verified:true')).toMatchObject(
    [{ user_id: USER_ID }],
  );
  expect(await refusal()).toMatchObject({ description: `Service not found: ${AUDIENCE}` });

  await administration.createApi({
    name: 'Transfers',
    identifier: AUDIENCE,
    scopes: [{ value: TRANSFER_SCOPE }],
  });
  await expect(
    administration.createApi({ name: 'Again', identifier: AUDIENCE, scopes: [] }),
  ).rejects.toMatchObject({ statusCode: 409 });
  const grant = await administration.createGrant({
    client_id: AGENT.client_id,
    audience: AUDIENCE,
    scope: [TRANSFER_SCOPE],
  });
  expect(grant).toMatchObject({ audience: AUDIENCE, scope: [TRANSFER_SCOPE] });
  expect(await refusal()).toMatchObject({
    description: expect.stringContaining('push notifications not enabled on tenant'),
  });

  expect(await administration.setPushFactor(true)).toMatchObject({ enabled: true });
  expect(await administration.listFactors()).toContainEqual(
    expect.objectContaining({ name: 'push-notification', enabled: true }),
  );
  expect(await refusal()).toMatchObject({
    description: expect.stringContaining('User does not have push notifications set up'),
  });

  const { ticket_url: ticketUrl = '' } = await administration.createTicket({
    user_id: USER_ID,
    factor: 'push-notification',
    send_mail: false,
    allow_multiple_enrollments: true,
  });
  expect(await administration.listEnrolments(USER_ID)).toMatchObject([{ status: 'pending' }]);
  await using phone = await GuardianDevice.enrol({
    barcodeUri: await readBarcode(ticketUrl, assent.ca ?? ''),
    ca: assent.ca,
  });
  expect(await administration.listEnrolments(USER_ID)).toMatchObject([
    { id: phone.id, status: 'confirmed', auth_method: 'guardian' },
  ]);
  expect(await administration.listAuthenticationMethods(USER_ID)).toMatchObject([
    { id: `push|${phone.id}`, type: 'push', confirmed: true },
    { type: 'guardian', authentication_methods: [{ id: `push|${phone.id}`, type: 'push' }] },
  ]);

  const agent = await connectAgent(assent);
  const asking = agent.ask(question(USER_ID));
  await phone.allow(await phone.nextPush());
  expect(decodeJwt(tokensOf(await asking).accessToken)).toMatchObject({
    sub: USER_ID,
    scope: `openid ${TRANSFER_SCOPE}`,
  });

  const told = (await administration.listLogTypes()).filter((type) => type.startsWith('ciba_'));
  expect(new Set(told.slice(0, -2))).toEqual(new Set(['ciba_start_failed']));
  expect(told.slice(-2)).toEqual(['ciba_start_succeeded', 'ciba_exchange_succeeded']);

  await administration.deleteEnrolment(phone.id);
  expect(await refusal()).toMatchObject({ error: 'invalid_request' });
  await administration.deleteUser(USER_ID);
  expect(await refusal()).toMatchObject({ error: 'unknown_user_id' });
}

function connectAgent(assent: RunningAssent) {
  const [driver] = nodeAuth0Drivers;
  if (!driver) throw new Error('there is no SDK to ask with');
  return connectTo(assent, driver);
}

/** How the agent is refused right now. */
async function refusalsOf(assent: RunningAssent): Promise<() => Promise<unknown>> {
  const agent = await connectAgent(assent);
  return async () => {
    const answer = await agent.ask(question(USER_ID));
    if ('tokens' in answer) throw new Error('expected a refusal, got tokens');
    return answer.error;
  };
}

/** The page of the ticket says it for apps with the Guardian SDK. */
export async function readBarcode(ticketUrl: string, ca: string): Promise<string> {
  const page = await new Promise<string>((resolve, reject) => {
    get(ticketUrl, { ca, headers: { accept: 'text/html' } }, (answer) => resolve(text(answer))).on(
      'error',
      reject,
    );
  });
  const [uri] = /otpauth:[^<"]+/.exec(page) ?? [];
  if (uri === undefined) throw new Error(`no barcode on ${ticketUrl}`);
  return uri.replaceAll('&#38;', '&');
}
