// Which way a person is reached. auth0: CIBA notification channels: requested_expiry decides first, then the order of the
// client's list; a person without a confirmed device falls back from push to e-mail.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

/** Each client is called after its list. */
const CLIENTS = {
  'never-set': undefined,
  'push-only': ['guardian-push'],
  'email-only': ['email'],
  'push-then-email': ['guardian-push', 'email'],
  'email-then-push': ['email', 'guardian-push'],
  'empty-list': [],
} as const;
type ClientId = keyof typeof CLIENTS;

const PEOPLE: NonNullable<TenantConfigInput['users']> = [
  { name: 'enrolled', email: 'enrolled@bank.example', devices: [device('E')] },
  { name: 'not-enrolled', email: 'not-enrolled@bank.example' },
  { name: 'pending', email: 'pending@bank.example', devices: [device('P', 'pending')] },
  { name: 'unverified', email: 'unverified@bank.example', email_verified: false },
  {
    name: 'enrolled-unverified',
    email: 'eu@bank.example',
    email_verified: false,
    devices: [device('U')],
  },
  { name: 'nowhere' },
].map((person) => ({ ...person, user_id: `auth0|${person.name}` }));

const NONE = 'No eligible notification channels were found.';
const NOT_SET_UP = 'guardian-push: User does not have push notifications set up';
const TOO_LONG = (seconds: number) =>
  `guardian-push: requested_expiry of ${seconds} seconds is longer than push allows`;
const UNVERIFIED = 'email: User does not have a verified email address';
const PUSH_OFF = 'guardian-push: push notifications not enabled on tenant';
const EMAIL_OFF = 'email: email notifications not enabled on tenant';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await start();
});
afterAll(() => assent.close());

describe('a request is announced by', () => {
  it.each<[expiry: number | undefined, ClientId, person: string, channel: string]>([
    // ≤ 300 or absent, push listed, enrolled
    [undefined, 'push-only', 'enrolled', 'guardian-push'],
    [1, 'push-only', 'enrolled', 'guardian-push'],
    [300, 'push-only', 'enrolled', 'guardian-push'],
    [undefined, 'push-then-email', 'enrolled', 'guardian-push'],
    [300, 'push-then-email', 'enrolled-unverified', 'guardian-push'],
    // ≤ 300, not enrolled, e-mail listed too
    [undefined, 'push-then-email', 'not-enrolled', 'email'],
    [300, 'push-then-email', 'not-enrolled', 'email'],
    [300, 'push-then-email', 'pending', 'email'],
    // ≤ 300 goes by push wherever it can, whatever the order of the list
    [300, 'email-then-push', 'enrolled', 'guardian-push'],
    [300, 'email-then-push', 'not-enrolled', 'email'],
    [300, 'email-then-push', 'enrolled-unverified', 'guardian-push'],
    [300, 'email-only', 'enrolled', 'email'],
    // 301 to 259200, e-mail listed, address verified
    [301, 'push-then-email', 'enrolled', 'email'],
    [301, 'email-then-push', 'enrolled', 'email'],
    [301, 'email-only', 'not-enrolled', 'email'],
    [259_200, 'push-then-email', 'not-enrolled', 'email'],
    // never set
    [undefined, 'never-set', 'enrolled', 'guardian-push'],
  ])('requested_expiry %s, client %s, person %s: %s', async (expiry, client, person, channel) => {
    const authReqId = await agentOf(assent, client).askFor(question(assent, client, person, expiry));
    expect((await assent.control.request(authReqId)).channel).toBe(channel);
  });
});

describe('a request is refused with one reason for each channel', () => {
  it.each<[expiry: number | undefined, ClientId, person: string, reasons: string[]]>([
    // ≤ 300, push alone, not enrolled
    [undefined, 'push-only', 'not-enrolled', [NOT_SET_UP]],
    [300, 'push-only', 'pending', [NOT_SET_UP]],
    [300, 'push-then-email', 'unverified', [NOT_SET_UP, UNVERIFIED]],
    [300, 'push-then-email', 'nowhere', [NOT_SET_UP, UNVERIFIED]],
    [300, 'email-then-push', 'nowhere', [UNVERIFIED, NOT_SET_UP]],
    // 301 to 259200, address not verified
    [301, 'email-only', 'unverified', [UNVERIFIED]],
    [259_200, 'push-then-email', 'enrolled-unverified', [TOO_LONG(259_200), UNVERIFIED]],
    // 301 to 259200, push alone
    [301, 'push-only', 'enrolled', [TOO_LONG(301)]],
    [259_200, 'push-only', 'enrolled', [TOO_LONG(259_200)]],
    // never set counts as push alone
    [undefined, 'never-set', 'not-enrolled', [NOT_SET_UP]],
    [301, 'never-set', 'enrolled', [TOO_LONG(301)]],
    [300, 'empty-list', 'enrolled', []],
  ])('requested_expiry %s, client %s, person %s: %j', async (expiry, client, person, reasons) => {
    await expectRefusal(assent, question(assent, client, person, expiry), client, reasons);
  });

  it.each<[expiry: number | undefined, ClientId, reasons: string[]]>([
    // The push factor is off: the request fails, whatever comes after push.
    [undefined, 'push-only', [PUSH_OFF]],
    [300, 'push-then-email', [PUSH_OFF]],
  ])('requested_expiry %s, client %s, push factor off: %j', async (expiry, client, reasons) => {
    await using off = await start({ guardian: { factors: { 'push-notification': false } } });
    await expectRefusal(off, question(off, client, 'enrolled', expiry), client, reasons);
    // Push is not asked where it may not be used anyway.
    const long = await agentOf(off, 'push-then-email').askFor(
      question(off, 'push-then-email', 'enrolled', 301),
    );
    expect((await off.control.request(long)).channel).toBe('email');
  });

  it.each<[string, Partial<TenantConfigInput>]>([
    ['the e-mail factor is off', { guardian: { factors: { email: false } } }],
    ['the e-mail template is off', { email: { template: { enabled: false } } }],
  ])('%s', async (_what, changes) => {
    await using off = await start(changes);
    await expectRefusal(off, question(off, 'push-then-email', 'enrolled', 301), 'push-then-email', [
      TOO_LONG(301),
      EMAIL_OFF,
    ]);
  });
});

function device(letter: string, status: 'pending' | 'confirmed' = 'confirmed') {
  return { id: `dev_${letter.repeat(16)}`, name: 'Phone', status };
}

function start(changes: Partial<TenantConfigInput> = {}): Promise<RunningAssent> {
  return startAssent({
    tls: false,
    config: unlimitedBank({
      clients: Object.entries(CLIENTS).map(([client_id, channels]) => ({
        client_id,
        client_secret: 'secret-not-real',
        name: client_id,
        ...(channels === undefined ? {} : { async_approval_notification_channels: [...channels] }),
      })),
      client_grants: [],
      users: PEOPLE,
      ...changes,
    }),
  });
}

function agentOf(server: RunningAssent, client: ClientId): Agent {
  return new Agent(server, { client_id: client, client_secret: 'secret-not-real' });
}

function question(server: RunningAssent, client: ClientId, person: string, expiry: number | undefined) {
  return {
    login_hint: agentOf(server, client).hint(`auth0|${person}`),
    requested_expiry: expiry === undefined ? undefined : String(expiry),
  };
}

async function expectRefusal(
  server: RunningAssent,
  asked: ReturnType<typeof question>,
  client: ClientId,
  reasons: readonly string[],
): Promise<void> {
  const answer = await agentOf(server, client).ask(asked);
  expect([answer.status, answer.json()]).toEqual([
    400,
    { error: 'invalid_request', error_description: [NONE, ...reasons].join(' ') },
  ]);
}
