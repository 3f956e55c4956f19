// The tasks of the lab, in their order, in a tenant that has nothing: before each step the call that needs it fails as it
// does at Auth0, after it that obstacle is gone. The steps are made with the real ManagementClient while the server runs, and
// the agent is a tool of the Vercel AI SDK inside the real `@auth0/ai-vercel`, all in versions that the lab has.
import { type RunningAssent, startAssent } from 'assent';
import { GuardianDevice } from 'assent/guardian-device';
import { ManagementClient } from 'auth0-4';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type BankApi, detailOf, startBankApi } from '../bank-api.ts';
import { auth0AiVercel3Driver as driver } from '../drivers/auth0-ai-vercel.ts';
import type { Agent, Question, Refusal } from '../drivers/driver.ts';
import { ADMINISTRATOR, readBarcode } from '../management-setup.ts';
import { NO_DEVICE } from '../refusals.ts';
import { AUDIENCE, TRANSFER_SCOPE, TRANSFER_TYPE } from '../tenant.ts';
import { createTransferTool } from './transfer-tool.ts';

const CIBA = 'urn:openid:params:grant-type:ciba';
const USER_ID = 'auth0|student';
const TRANSFER = { to: 'Grace', amount: '250.00', currency: 'EUR' };

const TRANSFER_QUESTION: Question = {
  userId: USER_ID,
  bindingMessage: 'Please approve the transfer',
  audience: AUDIENCE,
  scope: [TRANSFER_SCOPE],
  authorizationDetails: [detailOf(TRANSFER)],
};
/** What the agent can ask before there is an API. */
const LOGIN_QUESTION: Question = {
  userId: USER_ID,
  bindingMessage: 'Please approve the transfer',
  audience: '',
  scope: [],
};

const refusal = (status: number, error: string, description: string): Refusal => ({
  endpoint: 'bc-authorize',
  status,
  error,
  description,
});

const GRANT_NOT_ALLOWED = refusal(
  403,
  'unauthorized_client',
  `Grant type '${CIBA}' not allowed for the client.`,
);
const TYPE_NOT_ALLOWED = refusal(
  400,
  'invalid_authorization_details',
  'authorization_details contains a type that is not allowed for this API',
);
/** As the lab asks for it. The SDK's type does not know `factor`, and sends it. */
const TICKET = {
  user_id: USER_ID,
  factor: 'push-notification',
  allow_multiple_enrollments: true,
  send_mail: false,
};
const NOT_ENROLLED = 'CIBA_USER_DOES_NOT_HAVE_PUSH_NOTIFICATIONS';

describe('the lab', () => {
  const stack = new AsyncDisposableStack();
  let assent: RunningAssent;
  let bank: BankApi;
  let management: ManagementClient;
  let agent: Agent;
  let clientId: string;
  let clientSecret: string;
  let grantId: string;
  let phone: GuardianDevice;

  beforeAll(async () => {
    assent = stack.use(
      await startAssent({
        dataFolder: inject('dataFolder'),
        config: {
          tenant: { name: 'lab' },
          clients: [{ ...ADMINISTRATOR, name: 'Administrator', grant_types: ['client_credentials'] }],
          client_grants: [
            { client_id: ADMINISTRATOR.client_id, audience: '{issuer}api/v2/', allow_all_scopes: true },
          ],
          guardian: { factors: { 'push-notification': false } },
          users: [{ user_id: USER_ID, name: 'Student', email: 'student@lab.example' }],
          ciba: { interval: 0.2 },
        },
      }),
    );
    bank = stack.use(await startBankApi(assent.issuer, assent.ca ?? ''));
    const domain = new URL(assent.issuer).host;
    management = new ManagementClient({
      domain,
      clientId: ADMINISTRATOR.client_id,
      clientSecret: ADMINISTRATOR.client_secret,
    });
    // As the dashboard and Terraform create it: nothing but a name.
    const { data: client } = await management.clients.create({ name: 'Aiya' });
    clientId = client.client_id;
    clientSecret = client.client_secret;
    agent = await connectAgent(clientSecret);
  });
  afterAll(() => stack.disposeAsync());

  const connectAgent = (secret: string): Promise<Agent> =>
    driver.connect({
      domain: new URL(assent.issuer).host,
      issuer: assent.issuer,
      clientId,
      clientSecret: secret,
      ca: assent.ca ?? '',
    });

  const connectTool = () =>
    createTransferTool({
      auth0: { domain: new URL(assent.issuer).host, clientId, clientSecret },
      userId: USER_ID,
      bank,
    });

  /** The agent asks, and is refused exactly so. Nobody is disturbed. */
  async function expectRefusal(question: Question, expected: Refusal): Promise<void> {
    expect(await agent.ask(question)).toEqual({ error: driver.tell(expected) });
    expect(await assent.control.requests({ state: 'pending' })).toEqual([]);
  }

  const allowGrant = (grant_types: string[]) =>
    management.clients.update({ client_id: clientId }, { grant_types });

  test('task 1, enable CIBA: a new client has not that grant', async () => {
    const { data: client } = await management.clients.get({ client_id: clientId });
    expect(client.grant_types).not.toContain(CIBA);
    await expectRefusal(LOGIN_QUESTION, GRANT_NOT_ALLOWED);
    const { data: changed } = await allowGrant([...(client.grant_types ?? []), CIBA]);
    expect(changed.grant_types).toContain(CIBA);
  });

  test('task 1, enable CIBA: a client that is not OIDC conformant may not use it', async () => {
    await expectRefusal(LOGIN_QUESTION, GRANT_NOT_ALLOWED);
    await management.clients.update({ client_id: clientId }, { oidc_conformant: true });
  });

  test('task 2, enable Guardian push: the factor is off', async () => {
    await expectRefusal(
      LOGIN_QUESTION,
      refusal(
        400,
        'invalid_request',
        'No eligible notification channels were found. guardian-push: push notifications not enabled on tenant',
      ),
    );
    await management.guardian.updateFactor({ name: 'push-notification' }, { enabled: true });
    await expectRefusal(LOGIN_QUESTION, NO_DEVICE);
  });

  test('task 3, try it: the bank refuses an empty token, RFC 6750 §3.1', async () => {
    expect(await bank.transfer(TRANSFER, '')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(bank.movedTo(TRANSFER.to)).toEqual([]);
  });

  test('task 4, create the API: nobody knows it', async () => {
    await expectRefusal(TRANSFER_QUESTION, refusal(403, 'access_denied', `Service not found: ${AUDIENCE}`));
    await management.resourceServers.create({
      name: 'Transfers',
      identifier: AUDIENCE,
      token_dialect: 'rfc9068_profile',
      subject_type_authorization: { user: { policy: 'require_client_grant' } },
    });
  });

  test('task 4, authorise the client: the API asks for a client grant', async () => {
    await expectRefusal(
      TRANSFER_QUESTION,
      refusal(
        403,
        'access_denied',
        `Client is not authorized to access "${AUDIENCE}". You need to create a "client-grant" associated to this API. ` +
          'See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants',
      ),
    );
    const { data: grant } = await management.clientGrants.create({
      client_id: clientId,
      audience: AUDIENCE,
      scope: [],
      subject_type: 'user',
    });
    grantId = grant.id;
  });

  test('task 4, authorization details: the API does not know the type', async () => {
    await expectRefusal(TRANSFER_QUESTION, TYPE_NOT_ALLOWED);
    await management.resourceServers.update(
      { id: AUDIENCE },
      { scopes: [{ value: TRANSFER_SCOPE }], authorization_details: [{ type: TRANSFER_TYPE }] },
    );
  });

  test('task 4, authorization details: the client grant does not name the type', async () => {
    await expectRefusal(TRANSFER_QUESTION, TYPE_NOT_ALLOWED);
    await management.clientGrants.update({ id: grantId }, { authorization_details_types: [TRANSFER_TYPE] });
    await expectRefusal(TRANSFER_QUESTION, NO_DEVICE);
  });

  test('task 5, the client: a wrong secret is refused', async () => {
    const stranger = await connectAgent(`${clientSecret}x`);
    expect(await stranger.ask(TRANSFER_QUESTION)).toEqual({
      error: driver.tell(refusal(401, 'access_denied', 'Unauthorized')),
    });
  });

  test('task 10, enrol: the tool learns that there is no device, the agent makes a ticket, a device follows it', async () => {
    expect(await connectTool().run(TRANSFER)).toEqual({ interrupted: NOT_ENROLLED });
    const { data: ticket } = await management.guardian.createEnrollmentTicket(TICKET);
    phone = stack.use(
      await GuardianDevice.enrol({
        barcodeUri: await readBarcode(ticket.ticket_url, assent.ca ?? ''),
        ca: assent.ca,
      }),
    );
    const { data: methods } = await management.users.getAuthenticationMethods({ id: USER_ID });
    expect(methods).toContainEqual(
      expect.objectContaining({
        type: 'guardian',
        authentication_methods: [{ id: `push|${phone.id}`, type: 'push' }],
      }),
    );
  });

  test('task 4, the permission: without it the token is worth nothing to the bank', async () => {
    const moving = connectTool().run(TRANSFER);
    await phone.allow(await phone.nextPush());
    expect(await moving).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(bank.movedTo(TRANSFER.to)).toEqual([]);
    await management.clientGrants.update({ id: grantId }, { scope: [TRANSFER_SCOPE] });
  });

  test('tasks 6 to 10: the tool says that a push was sent, and the same transfer is approved', async () => {
    const tool = connectTool();
    const moving = tool.run(TRANSFER);
    const push = await phone.nextPush();
    expect(await tool.said).toBe('A push notification has been sent to your device.');
    expect((await phone.readConsent(push)).requested_details).toEqual({
      audience: AUDIENCE,
      scope: ['openid', TRANSFER_SCOPE],
      binding_message: 'Please approve the transfer',
      authorization_details: [detailOf(TRANSFER)],
    });
    expect(bank.movedTo(TRANSFER.to)).toEqual([]);
    await phone.allow(push);
    expect(await moving).toMatchObject({ status: 201 });
    expect(bank.movedTo(TRANSFER.to)).toEqual([TRANSFER]);
    expect(decodeJwt(tool.accessToken())).toMatchObject({
      iss: assent.issuer,
      sub: USER_ID,
      client_id: clientId,
      scope: `openid ${TRANSFER_SCOPE}`,
      authorization_details: [detailOf(TRANSFER)],
    });
  });

  test('task 10, deny: the tool learns it, and nothing moves', async () => {
    const moving = connectTool().run({ ...TRANSFER, to: 'Mallory' });
    await phone.reject(await phone.nextPush());
    expect(await moving).toEqual({ interrupted: 'CIBA_ACCESS_DENIED' });
    expect(bank.movedTo('Mallory')).toEqual([]);
  });

  test('afterwards, the log of the tenant has every refusal and every answer', async () => {
    const { data: entries } = await management.logs.getAll({
      q: 'type:ciba*',
      sort: 'date:1',
      per_page: 100,
    });
    const types = entries.map(({ type }) => type);
    const asked = types.indexOf('ciba_start_succeeded');
    expect(new Set(types.slice(0, asked))).toEqual(new Set(['ciba_start_failed']));
    expect(types.slice(asked)).toEqual([
      ...['ciba_start_succeeded', 'ciba_exchange_succeeded'],
      ...['ciba_start_succeeded', 'ciba_exchange_succeeded'],
      ...['ciba_start_succeeded', 'ciba_exchange_failed'],
    ]);
  });
});
