// Every row of the error table of /bc-authorize on the wire: status, code and text. The words are Auth0's where they are
// documented or recorded; the others come from the tenant file, where they may be changed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, type Changes, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: tenantWithOddities() });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

/** The bank, plus one client and one API for each rule that the bank itself never breaks. */
function tenantWithOddities(): TenantConfigInput {
  const [aiya] = bankTenant.clients ?? [];
  if (!aiya) throw new Error('the bank has no client');
  const client = (client_id: string, changes: object) => ({ ...aiya, client_id, ...changes });
  const [transfers] = bankTenant.resource_servers ?? [];
  if (!transfers) throw new Error('the bank has no API');
  const api = (identifier: string, changes: object) => ({ ...transfers, identifier, ...changes });
  return unlimitedBank({
    guardian: { factors: { email: false } },
    clients: [
      ...(bankTenant.clients ?? []),
      client('without-grant', { grant_types: ['authorization_code'] }),
      client('third-party', { is_first_party: false }),
      client('legacy', { oidc_conformant: false }),
      client('by-email', { async_approval_notification_channels: ['email'] }),
    ],
    resource_servers: [
      ...(bankTenant.resource_servers ?? []),
      api('urn:needs-grant', { subject_type_authorization: { user: { policy: 'require_client_grant' } } }),
      api('urn:denies-all', { subject_type_authorization: { user: { policy: 'deny_all' } } }),
      api('urn:transactional', { consent_policy: 'transactional-authorization-with-mfa' }),
      api('urn:partly-granted', { subject_type_authorization: { user: { policy: 'require_client_grant' } } }),
    ],
    client_grants: [
      ...(bankTenant.client_grants ?? []),
      { client_id: 'aiya', audience: 'urn:partly-granted', subject_type: 'user', scope: ['create:transfer'] },
    ],
    users: [
      ...(bankTenant.users ?? []),
      {
        user_id: 'auth0|unverified',
        name: 'Una Verified',
        email: 'una@bank.example',
        email_verified: false,
        devices: [{ id: 'dev_0000000000000001', name: 'Phone' }],
      },
      {
        user_id: 'auth0|pending',
        name: 'Penny Ding',
        devices: [{ id: 'dev_0000000000000002', name: 'Phone', status: 'pending' }],
      },
    ],
  });
}

const LIMITS = 'authorization_details exceeds the allowed limits';
const TYPE_REFUSED = 'authorization_details contains a type that is not allowed for this API';
const HINT = 'login_hint parameter validation failed:';
const GRANT_REFUSED = "Grant type 'urn:openid:params:grant-type:ciba' not allowed for the client.";
const details = (...entries: unknown[]): Changes => ({ authorization_details: JSON.stringify(entries) });
const wrongGrant = (audience: string): string =>
  `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`;

type Row = [
  name: string,
  changes: (agent: Agent) => Changes,
  status: number,
  error: string,
  description: string,
];

const rows: Row[] = [
  [
    'an unknown sub',
    (a) => ({ login_hint: a.hint('auth0|nobody') }),
    400,
    'unknown_user_id',
    'User ID is malformed or unknown',
  ],
  [
    'a scope without openid',
    () => ({ scope: 'profile' }),
    400,
    'invalid_request',
    'openid scope must be requested',
  ],
  ['no scope', () => ({ scope: undefined }), 400, 'invalid_request', 'openid scope must be requested'],
  [
    'a sub of odd format',
    (a) => ({ login_hint: a.hint('ada') }),
    400,
    'invalid_request',
    `${HINT} "sub" contains unsupported format`,
  ],
  [
    'no binding_message',
    () => ({ binding_message: undefined }),
    400,
    'invalid_request',
    'binding_message is required',
  ],
  [
    'an empty binding_message',
    () => ({ binding_message: '' }),
    400,
    'invalid_request',
    'binding_message is required',
  ],
  [
    'a dollar sign in the binding_message',
    () => ({ binding_message: 'Pay $42' }),
    400,
    'invalid_request',
    'binding_message can contain only alphanumerics, whitespace and `+-_.,:#` characters',
  ],
  [
    'a binding_message of 65 characters',
    () => ({ binding_message: 'x'.repeat(65) }),
    400,
    'invalid_request',
    'binding_message must not exceed 64 characters',
  ],
  [
    'an iss without the slash',
    (a) => ({ login_hint: a.hint('auth0|ada', { iss: 'https://bank.eu.auth0.com' }) }),
    400,
    'invalid_request',
    `${HINT} iss within login_hint does not match this tenant`,
  ],
  [
    'no login_hint',
    () => ({ login_hint: undefined }),
    400,
    'invalid_request',
    `${HINT} "login_hint" is required`,
  ],
  [
    'a login_hint that is no JSON',
    () => ({ login_hint: 'auth0|ada' }),
    400,
    'invalid_request',
    `${HINT} "login_hint" must be a JSON object`,
  ],
  [
    'a login_hint of another format',
    (a) => ({ login_hint: a.hint('auth0|ada', { format: 'email' }) }),
    400,
    'invalid_request',
    `${HINT} "format" must be [iss_sub]`,
  ],
  [
    'a person without a device',
    (a) => ({ login_hint: a.hint('auth0|charles') }),
    400,
    'invalid_request',
    'No eligible notification channels were found. guardian-push: User does not have push notifications set up',
  ],
  [
    'a person whose only device is pending',
    (a) => ({ login_hint: a.hint('auth0|pending') }),
    400,
    'invalid_request',
    'No eligible notification channels were found. guardian-push: User does not have push notifications set up',
  ],
  [
    'an expiry beyond push for a client with push alone',
    () => ({ requested_expiry: '301' }),
    400,
    'invalid_request',
    'No eligible notification channels were found. guardian-push: requested_expiry of 301 seconds is longer than push allows',
  ],
  [
    'a requested_expiry of 0',
    () => ({ requested_expiry: '0' }),
    400,
    'invalid_request',
    'requested_expiry must be an integer between 1 and 259200',
  ],
  [
    'a requested_expiry beyond 72 hours',
    () => ({ requested_expiry: '259201' }),
    400,
    'invalid_request',
    'requested_expiry must be an integer between 1 and 259200',
  ],
  [
    'a requested_expiry that is no number',
    () => ({ requested_expiry: '5 minutes' }),
    400,
    'invalid_request',
    'requested_expiry must be an integer between 1 and 259200',
  ],
  [
    'a requested_expiry with a fraction',
    () => ({ requested_expiry: '1.5' }),
    400,
    'invalid_request',
    'requested_expiry must be an integer between 1 and 259200',
  ],
  [
    'a RAR type that is not registered',
    () => details({ type: 'launch_rocket' }),
    400,
    'invalid_authorization_details',
    TYPE_REFUSED,
  ],
  [
    'a RAR type that the client grant does not list',
    () => ({ audience: 'urn:partly-granted', ...details(TRANSFER) }),
    400,
    'invalid_authorization_details',
    TYPE_REFUSED,
  ],
  [
    'RAR without an audience',
    () => ({ audience: undefined, ...details(TRANSFER) }),
    400,
    'invalid_authorization_details',
    TYPE_REFUSED,
  ],
  [
    'six RAR entries',
    () => details(...Array(6).fill(TRANSFER)),
    400,
    'invalid_authorization_details',
    `${LIMITS}: at most 5, received 6`,
  ],
  [
    'no RAR entry',
    () => details(),
    400,
    'invalid_authorization_details',
    `${LIMITS}: expected at least one object`,
  ],
  [
    'RAR that is no JSON',
    () => ({ authorization_details: '[{' }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: expected valid JSON`,
  ],
  [
    'RAR that is no list',
    () => ({ authorization_details: '{"type":"transfer_funds"}' }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: expected a JSON array of objects`,
  ],
  [
    'a RAR entry without a type',
    () => details({ amount: 1 }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: entry 0 must be an object with a text member "type"`,
  ],
  [
    'a RAR value of 256 characters',
    () => details({ type: 'transfer_funds', to: 'x'.repeat(256) }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: entry 0/to has 256 characters, at most 255`,
  ],
  [
    'eleven properties',
    () =>
      details({
        type: 'transfer_funds',
        ...Object.fromEntries([...Array(10).keys()].map((n) => [`p${n}`, n])),
      }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: entry 0 has 11 properties, at most 10`,
  ],
  [
    'a property name with a space',
    () => details({ type: 'transfer_funds', 'a b': 1 }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: entry 0 has a property "a b"; names are letters, digits, "_", "." and "-"`,
  ],
  [
    'six levels of nesting',
    () => details({ type: 'transfer_funds', a: { b: { c: { d: { e: { f: 1 } } } } } }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: entry 0/a/b/c/d/e/f is nested more than 5 levels`,
  ],
  [
    'more than 5 KB of RAR',
    () => details({ type: 'transfer_funds', list: Array(30).fill('x'.repeat(200)) }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: more than 5120 bytes`,
  ],
  [
    'a number that a double cannot hold',
    () => ({ authorization_details: '[{"type":"transfer_funds","amount":12345678901234567890}]' }),
    400,
    'invalid_authorization_details',
    `${LIMITS}: the number 12345678901234567890 cannot be carried exactly; send it as text`,
  ],
  [
    'an API with the transactional consent policy',
    () => ({ audience: 'urn:transactional' }),
    400,
    'invalid_request',
    'The consent policy of this API is not supported with CIBA',
  ],
  [
    'an unknown audience',
    () => ({ audience: 'urn:nobody' }),
    403,
    'access_denied',
    'Service not found: urn:nobody',
  ],
  [
    'an API that requires a client grant',
    () => ({ audience: 'urn:needs-grant' }),
    403,
    'access_denied',
    wrongGrant('urn:needs-grant'),
  ],
  [
    'an API that denies every application',
    () => ({ audience: 'urn:denies-all' }),
    403,
    'access_denied',
    wrongGrant('urn:denies-all'),
  ],
  [
    'a client without the CIBA grant',
    () => ({ client_id: 'without-grant' }),
    403,
    'unauthorized_client',
    GRANT_REFUSED,
  ],
  ['a third-party client', () => ({ client_id: 'third-party' }), 403, 'unauthorized_client', GRANT_REFUSED],
  [
    'a client that is not OIDC conformant',
    () => ({ client_id: 'legacy' }),
    403,
    'unauthorized_client',
    GRANT_REFUSED,
  ],
  ['a wrong secret', () => ({ client_secret: 'wrong' }), 401, 'access_denied', 'Unauthorized'],
  ['an unknown client', () => ({ client_id: 'nobody' }), 401, 'access_denied', 'Unauthorized'],
  ['no secret', () => ({ client_secret: undefined }), 401, 'access_denied', 'Unauthorized'],
  [
    'no client_id',
    () => ({ client_id: undefined, client_secret: undefined }),
    401,
    'invalid_client',
    'Missing client_id',
  ],
  [
    'the e-mail channel with the factor off',
    () => ({ client_id: 'by-email' }),
    400,
    'invalid_request',
    'No eligible notification channels were found. email: email notifications not enabled on tenant',
  ],
];

describe('POST /bc-authorize refuses', () => {
  it.each(rows)('%s', async (_name, changes, status, error, error_description) => {
    const before = await assent.control.requests();
    const answer = await agent.ask(changes(agent));
    const { error_uri: _link, ...body } = answer.json();
    expect({ status: answer.status, ...body }).toEqual({ status, error, error_description });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(await assent.control.requests()).toHaveLength(before.length);
  });

  it('a missing grant with a link to the page about grant types', async () => {
    const answer = await agent.ask({ client_id: 'without-grant' });
    expect(answer.json().error_uri).toBe('https://auth0.com/docs/clients/client-grant-types');
  });

  it('the first broken rule, in the order credentials, grant, parameters, hint, person, audience, details, channel', async () => {
    const broken: Changes = {
      client_secret: 'wrong',
      client_id: 'without-grant',
      binding_message: '$',
      scope: 'profile',
      requested_expiry: '0',
      login_hint: '{}',
      audience: 'urn:nobody',
      authorization_details: '[]',
    };
    const mended: Array<[Changes, string]> = [
      [{}, 'Unauthorized'],
      [{ client_secret: 'aiya-secret-not-real' }, GRANT_REFUSED],
      [
        { client_id: 'aiya' },
        'binding_message can contain only alphanumerics, whitespace and `+-_.,:#` characters',
      ],
      [{ binding_message: 'OK-1' }, 'openid scope must be requested'],
      [{ scope: 'openid' }, 'requested_expiry must be an integer between 1 and 259200'],
      [{ requested_expiry: '300' }, `${HINT} "format" must be [iss_sub]`],
      [{ login_hint: agent.hint('auth0|nobody') }, 'User ID is malformed or unknown'],
      [{ login_hint: agent.hint('auth0|charles') }, 'Service not found: urn:nobody'],
      [{ audience: TRANSFERS }, `${LIMITS}: expected at least one object`],
      [
        { authorization_details: JSON.stringify([TRANSFER]) },
        'No eligible notification channels were found. guardian-push: User does not have push notifications set up',
      ],
    ];
    let changes = broken;
    for (const [mend, description] of mended) {
      changes = { ...changes, ...mend };
      expect((await agent.ask(changes)).json().error_description).toBe(description);
    }
  });
});

describe('a tenant that is set up differently', () => {
  it('names the push factor that is off', async () => {
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({ guardian: { factors: { 'push-notification': false } } }),
    });
    const answer = await new Agent(other).ask();
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description:
          'No eligible notification channels were found. guardian-push: push notifications not enabled on tenant',
      },
    ]);
  });

  it('refuses an unverified address on the e-mail channel, and names one reason per channel', async () => {
    const [aiya] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({
        guardian: { factors: { email: true } },
        clients: [{ ...aiya, async_approval_notification_channels: ['guardian-push', 'email'] }],
        client_grants: [],
        users: [{ user_id: 'auth0|una', name: 'Una', email: 'una@bank.example', email_verified: false }],
      }),
    });
    const agentThere = new Agent(other);
    const answer = await agentThere.ask({ login_hint: agentThere.hint('auth0|una') });
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description:
          'No eligible notification channels were found. guardian-push: User does not have push notifications set up email: User does not have a verified email address',
      },
    ]);
  });

  it('answers 429 to the sixth request of a minute for one person, and takes requests again a minute later', async () => {
    const clock = createManualClock(Date.now());
    await using other = await startAssent({ tls: false, clock });
    const agentThere = new Agent(other);
    for (let asked = 0; asked < 5; asked++) await agentThere.askFor();
    const sixth = await agentThere.ask();
    expect([sixth.status, sixth.json()]).toEqual([
      429,
      { error: 'too_many_requests', error_description: 'Too many authorization requests for this user' },
    ]);
    expect((await agentThere.ask({ login_hint: agentThere.hint('auth0|grace') })).status).toBe(200);
    clock.advance(60_000);
    expect((await agentThere.ask()).status).toBe(200);
  });

  it('answers 429 with rate-limit headers at the limit of the tenant', async () => {
    await using other = await startAssent({
      tls: false,
      config: { ...bankTenant, ciba: { requests_per_minute_per_tenant: 1 } },
    });
    const agentThere = new Agent(other);
    await agentThere.askFor();
    const answer = await agentThere.ask();
    expect([answer.status, answer.json()]).toEqual([
      429,
      { error: 'too_many_requests', error_description: 'Global limit has been reached' },
    ]);
    expect(answer.headers).toMatchObject({ 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0' });
    expect(Number(answer.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
  });

  it('answers an open point with the words of its tenant file', async () => {
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({
        ciba: {
          errors: {
            binding_message_too_long: {
              status: 422,
              error: 'invalid_binding_message',
              error_description: 'too long',
            },
          },
        },
      }),
    });
    const answer = await new Agent(other).ask({ binding_message: 'x'.repeat(65) });
    expect([answer.status, answer.json()]).toEqual([
      422,
      { error: 'invalid_binding_message', error_description: 'too long' },
    ]);
  });
});

describe('POST /bc-authorize takes', () => {
  it.each<[string, (agent: Agent) => Changes]>([
    [
      'white space and every allowed sign in the binding_message',
      () => ({ binding_message: 'a+b-c_d.e,f:g#h 1\t2' }),
    ],
    ['a binding_message of 64 characters', () => ({ binding_message: 'x'.repeat(64) })],
    ['an empty audience as none', () => ({ audience: '' })],
    ['unknown parameters', () => ({ request_expiry: '1', nonsense: 'undefined', organization: 'undefined' })],
    ['a requested_expiry of one second', () => ({ requested_expiry: '1' })],
    [
      'white space inside the login_hint',
      (a) => ({ login_hint: JSON.stringify(JSON.parse(a.hint('auth0|ada')), null, 2) }),
    ],
  ])('%s', async (_name, changes) => {
    const answer = await agent.ask(changes(agent));
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        auth_req_id: expect.stringMatching(/^[\w-]{64}$/),
        expires_in: changes(agent)['requested_expiry'] === '1' ? 1 : 300,
        interval: 5,
      },
    ]);
  });

  it('credentials in a Basic header instead of the form', async () => {
    const basic = Buffer.from('aiya:aiya-secret-not-real').toString('base64');
    const answer = await agent.post(
      '/bc-authorize',
      {
        client_id: undefined,
        client_secret: undefined,
        scope: 'openid',
        binding_message: 'B-1',
        login_hint: agent.hint('auth0|ada'),
      },
      { Authorization: `Basic ${basic}` },
    );
    expect(answer.status).toBe(200);
  });

  it('no parameter twice', async () => {
    const answer = await call(`${assent.url}/bc-authorize`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'client_id=aiya&client_secret=aiya-secret-not-real&scope=openid&scope=openid',
    });
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: "'scope' parameter must not be provided twice" },
    ]);
  });
});
