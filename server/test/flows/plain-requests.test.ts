// A plain request is opened without the provider's forty steps, any other one by them. Each request here is made both ways, and must
// come to the same: status, headers in their order, body, what the store keeps of it, what the trace and the log say, and in the end
// the tokens.
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot, TenantConfigInput } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, type Changes, claimsOf, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';

/** A parameter that means nothing: whoever sends it goes the long way. */
const DETOUR = { detour: 'yes' };
const SECRET = 'aiya-secret-not-real';

let clock: ManualClock;
let assent: RunningAssent;

const start = async (
  profile: 'auth0' | 'standard',
  changes: Partial<TenantConfigInput> = {},
): Promise<void> => {
  clock = createManualClock(Date.UTC(2026, 0, 1));
  assent = await startAssent({
    tls: false,
    clock,
    config: unlimitedBank({ tenant: { name: 'bank', profile }, ...changes }),
  });
  // The provider is shown every client once: until then all ways are the long one.
  await ask();
};
afterEach(() => assent.close());

/** Everything that the caller is told. */
async function ask(changes: Changes = {}, headers: Readonly<Record<string, string>> = {}) {
  const form = new URLSearchParams({
    client_id: 'aiya',
    client_secret: SECRET,
    scope: 'openid create:transfer',
    audience: TRANSFERS,
    binding_message: 'RENT-4K9',
    login_hint: new Agent(assent).hint('auth0|ada'),
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) form.delete(name);
    else form.set(name, value);
  }
  const asking = request(`${assent.url}/bc-authorize`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const answered = new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve).once('error', reject);
  });
  asking.end(form.toString());
  const answer = await answered;
  return { status: answer.statusCode, headers: answer.rawHeaders, body: JSON.parse(await text(answer)) };
}

/** An answer, and all that is left of its request behind it. */
async function askAndLook(changes: Changes = {}, headers: Readonly<Record<string, string>> = {}) {
  const before = await assent.snapshot();
  const answer = await ask(changes, headers);
  const after = await assent.snapshot();
  const documents = after.documents.filter(
    ({ collection, id }) => !before.documents.some((one) => one.collection === collection && one.id === id),
  );
  const seen = { answer, documents, trace: later('trace', before, after), log: later('log', before, after) };
  return withoutNames(seen, namesIn(documents));
}

function later(part: 'trace' | 'log', before: Snapshot, after: Snapshot): readonly unknown[] {
  const entriesOf = ({ memory }: Snapshot): readonly unknown[] => {
    const kept = memory[part];
    return Array.isArray(kept) ? kept : (kept as { entries: readonly unknown[] }).entries;
  };
  return entriesOf(after).slice(entriesOf(before).length);
}

/** What no two requests have in common. */
function namesIn(documents: Snapshot['documents']): string[] {
  const approval = documents.find(({ collection }) => collection === 'approvals');
  const { authReqId, consentId } = (approval?.value ?? {}) as Record<string, string>;
  const shortened = authReqId === undefined ? undefined : `${authReqId.slice(0, 8)}…`;
  return [authReqId, shortened, approval?.id, consentId].filter((one) => one !== undefined);
}

function withoutNames(seen: object, names: readonly string[]): unknown {
  const written = names.reduce((all, name) => all.replaceAll(name, ''), JSON.stringify(seen));
  return JSON.parse(written, (member, value: unknown) => {
    // The computer's seconds may pass between two requests, which the standing clock of the tenant does not see.
    if (member === 'payload') return withoutInstants(value as Record<string, number>);
    if (member === 'name' && /^r\d+$/.test(String(value))) return undefined;
    return ['number', '_id', 'log_id', 'detour'].includes(member) ? undefined : value;
  });
}

function withoutInstants({ iat = 0, exp = 0, ...payload }: Record<string, number>): object {
  return { ...payload, lifetime: exp - iat };
}

const DETAILS = JSON.stringify([TRANSFER]);

describe.each(['auth0', 'standard'] as const)('in the profile %s', (profile) => {
  beforeEach(() => start(profile));

  it.each<[string, Changes, Record<string, string>?]>([
    ['a request as plain as can be', {}],
    ['one with authorization details', { authorization_details: DETAILS }],
    ['one without an API', { audience: undefined, scope: 'openid profile' }],
    ['one with a time of its own', { requested_expiry: '60' }],
    ['one that goes by e-mail', { requested_expiry: '3600' }],
    ['one that names a context', { acr_values: 'urn:example:high' }],
    ['one that names its API by resource', { audience: undefined, resource: TRANSFERS }],
    [
      'one whose form names its characters',
      {},
      { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    ],
    [
      'one of a program of Auth0',
      {},
      { 'auth0-client': Buffer.from('{"name":"auth0-python","version":"5"}').toString('base64') },
    ],
  ])('%s leaves the same behind both ways', async (_what, changes, headers) => {
    expect(await askAndLook(changes, headers)).toEqual(await askAndLook({ ...changes, ...DETOUR }, headers));
  });

  it('a request of a tenant whose time was put forward leaves the same behind both ways', async () => {
    await assent.control.clock.advance(600_000);
    expect(await askAndLook()).toEqual(await askAndLook(DETOUR));
  });

  it.each<[string, Changes, Record<string, string>?]>([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a secret in the header as well', {}, { authorization: `Basic ${btoa(`aiya:${SECRET}`)}` }],
    ['no scope', { scope: undefined }],
    ['a scope without openid', { scope: 'create:transfer' }],
    ['no hint', { login_hint: undefined }],
    ['a hint to nobody', { login_hint: 'auth0|nobody' }],
    ['a message that is too long', { binding_message: 'x'.repeat(65) }],
    ['a hint that is too long', { login_hint: ' '.repeat(2_049) }],
    ['wishes that are too long', { acr_values: 'a '.repeat(1_025) }],
    ['an unknown API', { audience: 'https://unknown.example' }],
    ['details that are no JSON', { authorization_details: 'no' }],
    ['details of an unknown type', { authorization_details: '[{"type":"unknown"}]' }],
    ['a time that is none', { requested_expiry: 'soon' }],
    ['a signed request that is none', { request: 'no' }],
    ['a page of another origin', {}, { origin: 'https://agent.example' }],
  ])('%s is answered both ways alike', async (_what, changes, headers) => {
    expect(await askAndLook(changes, headers)).toEqual(await askAndLook({ ...changes, ...DETOUR }, headers));
  });

  it.each(['acr_values', 'login_hint', 'nonce'])('a %s that is too long is named', async (name) => {
    for (const way of [{}, DETOUR]) {
      const { status, body } = await ask({ [name]: ' '.repeat(2_049), ...way });
      expect([status, body]).toEqual([
        400,
        {
          error: 'invalid_request',
          error_description: `${name} has 2049 characters, expected at most 2048`,
        },
      ]);
      expect((await ask({ acr_values: 'a'.repeat(2_048), ...way })).status).toBe(200);
    }
  });

  it('what was asked either way is approved and redeemed alike, once', async () => {
    const agent = new Agent(assent);
    const tokens = [];
    for (const way of [{}, DETOUR]) {
      const { body } = await ask({ authorization_details: DETAILS, ...way });
      await assent.control.approve('latest');
      const answer = await agent.poll(body.auth_req_id);
      expect((await agent.poll(body.auth_req_id)).json().error).toBe('invalid_grant');
      const { access_token: token, id_token: idToken, ...rest } = answer.json();
      tokens.push([answer.status, rest, claimsOf(token), claimsOf(idToken)]);
    }
    expect(comparable(tokens[0])).toEqual(comparable(tokens[1]));
  });
});

function comparable(tokens: unknown): unknown {
  const its = ['jti', 'iat', 'exp', 'auth_time', 'at_hash', 'urn:openid:params:jwt:claim:auth_req_id'];
  return JSON.parse(JSON.stringify(tokens), (name, value: unknown) =>
    its.includes(name) ? undefined : value,
  );
}

describe('once the tenant is otherwise', () => {
  it('limits count requests of both ways together', async () => {
    await start('auth0', { ciba: { requests_per_minute_per_user: 4 } });
    await ask(DETOUR);
    await ask();
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused).toEqual(await ask(DETOUR));
  });

  it('a client that is called back is asked for its token, plain as its request may be', async () => {
    const [aiya, ...others] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    const called = {
      ...aiya,
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: 'https://agent.example/called',
    };
    await start('standard', { clients: [called, ...others] });
    const answer = await askAndLook();
    expect(answer).toEqual(await askAndLook(DETOUR));
    expect(JSON.stringify(answer)).toContain('client_notification_token is required');
  });

  it('a client with another secret is known by that one alone', async () => {
    await start('auth0');
    expect((await ask()).status).toBe(200);
    const [aiya, ...others] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    await assent.close();
    await start('auth0', { clients: [{ ...aiya, client_secret: 'another-secret-not-real' }, ...others] });
    const refused = await ask();
    expect(refused.status).toBe(401);
    expect(refused).toEqual(await ask(DETOUR));
  });
});
