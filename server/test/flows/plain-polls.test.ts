// A poll is answered without the provider where it is plain, and by it where it is not. Each poll here is made both ways, and must be
// told the same: status, headers in their order, body, what its tokens say, and what the trace says of it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE, type TraceEvent } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, type Changes, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { administratorOf } from '../management/administrator.ts';
import { postForm } from '../readable-answer.ts';

/** A parameter that means nothing: whoever sends it goes the long way. */
const DETOUR = { detour: 'yes' };
const OF_POLLS = ['poll.answered', 'token.refused', 'token.issued'];

let clock: ManualClock;
let assent: RunningAssent;
let plain: Agent;
let events: TraceEvent[];

const start = async (profile: 'auth0' | 'standard'): Promise<void> => {
  clock = createManualClock(Date.UTC(2026, 0, 1));
  events = [];
  assent = await startAssent({
    tls: false,
    clock,
    onEvent: (event) => events.push(event),
    config: unlimitedBank({ tenant: { name: 'bank', profile } }),
  });
  plain = new Agent(assent);
};
afterEach(() => assent.close());

/** Everything that the caller is told, and the trace. */
async function poll(authReqId: string, more: Changes = {}, headers: Readonly<Record<string, string>> = {}) {
  const form = {
    client_id: 'aiya',
    client_secret: 'aiya-secret-not-real',
    grant_type: CIBA_GRANT_TYPE,
    auth_req_id: authReqId,
  };
  const answer = await postForm(`${assent.url}/oauth/token`, { ...form, ...more }, headers);
  const last = events.findLast(({ type }) => OF_POLLS.includes(type));
  return { ...answer, told: told(last) };
}

/** An event without what tells two requests, or the two ways, apart. */
function told(event: TraceEvent | undefined): unknown {
  return JSON.parse(JSON.stringify(event ?? null), (name, value: unknown) => {
    if (['number', 'approval', 'name', 'auth_req_id', 'detour', 'iat', 'exp', 'jti'].includes(name))
      return undefined;
    return typeof value === 'string' && value.endsWith('.[signature removed]') ? 'a token' : value;
  });
}

/** What becomes of two requests that are alike and approved, of which one is fetched either way. */
async function fetchBothWays(ask: Changes, meanwhile: () => Promise<unknown> = async () => undefined) {
  const ids = [await plain.askFor(ask), await plain.askFor(ask)] as const;
  for (const { name } of await assent.control.requests({ state: 'pending' }))
    await assent.control.approve(name);
  await meanwhile();
  return { ids, answers: [await poll(ids[0]), await poll(ids[1], DETOUR)] as const };
}

describe.each(['auth0', 'standard'] as const)('in the profile %s', (profile) => {
  beforeEach(() => start(profile));

  it('a plain poll is told what the provider tells: in time, too early, and in time again', async () => {
    const [short, long] = [await plain.askFor(), await plain.askFor()];
    for (const [step, waitMs] of [0, 1_000, 4_000, 60_000].entries()) {
      clock.advance(waitMs);
      const answers = [await poll(short), await poll(long, DETOUR)];
      expect(answers[0], `poll ${step + 1}`).toEqual(answers[1]);
      expect(answers[0]?.body).toContain(step === 0 || step === 3 ? 'authorization_pending' : 'slow_down');
    }
  });

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['another client', { client_id: 'night-trader', client_secret: 'night-trader-secret-not-real' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['an unknown request', { auth_req_id: 'nothing' }],
    ['no request', { auth_req_id: undefined }],
  ])('%s is refused both ways alike', async (_what, change) => {
    const id = await plain.askFor();
    expect(await poll(id, change)).toEqual(await poll(id, { ...change, ...DETOUR }));
  });

  it('a page of another origin gets the headers that let it read the answer', async () => {
    const [short, long] = [await plain.askFor(), await plain.askFor()];
    const origin = { origin: 'https://agent.example' };
    const answer = await poll(short, {}, origin);
    expect(answer).toEqual(await poll(long, DETOUR, origin));
    expect(answer.headers).toContain('https://agent.example');
  });

  it('an answered or expired request is told both ways alike', async () => {
    const [short, long, late, later] = [
      await plain.askFor(),
      await plain.askFor(),
      await plain.askFor({ requested_expiry: '60' }),
      await plain.askFor({ requested_expiry: '60' }),
    ];
    for (const ref of ['r1', 'r2']) await assent.control.deny(ref, 'no');
    expect(await poll(short)).toEqual(await poll(long, DETOUR));
    clock.advance(60_000);
    expect(await poll(late)).toEqual(await poll(later, DETOUR));
  });

  it.each<[string, Changes]>([
    ['for an API', {}],
    ['with details', { authorization_details: JSON.stringify([TRANSFER]) }],
    ['for /userinfo alone', { audience: undefined, scope: 'openid profile email' }],
    ['with less than all scopes of the API', { scope: 'openid profile create:small_transfer' }],
    ['with a refresh token', { scope: 'openid offline_access create:transfer' }],
  ])('tokens %s are the same both ways, and are fetched once', async (_what, ask) => {
    const { ids, answers } = await fetchBothWays(ask);
    expect(answers[0].status).toBe(200);
    expect(answers[0]).toEqual(answers[1]);
    expect(await poll(ids[0])).toEqual(await poll(ids[1], DETOUR));
    expect(await poll(ids[1])).toEqual(await poll(ids[0], DETOUR));
  });

  it('tokens are the same both ways in a tenant that was changed since its start', async () => {
    clock.advance(60_000);
    const administrator = await administratorOf(assent);
    // The provider knows types for life: with another one it is made anew.
    const { status } = await administrator.post('/resource-servers', {
      ...{ identifier: 'urn:changed', name: 'Changed' },
      authorization_details: [{ type: 'another_type', name: 'Another type' }],
    });
    expect(status).toBe(201);
    const { answers } = await fetchBothWays({ scope: 'openid profile' });
    expect(answers[0].status).toBe(200);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('an approval that comes to nothing is refused both ways alike', async () => {
    const administrator = await administratorOf(assent);
    const ada = '/users/auth0%7Cada';
    const meanwhile = {
      'its time is over': async () => clock.advance(400_000),
      'she is blocked': () => administrator.patch(ada, { blocked: true }),
      'the API is gone': () => administrator.delete(`/resource-servers/${encodeURIComponent(TRANSFERS)}`),
    };
    for (const [what, change] of Object.entries(meanwhile)) {
      await administrator.patch(ada, { blocked: false });
      const { answers } = await fetchBothWays({}, change);
      expect(answers[0], what).toEqual(answers[1]);
      expect(answers[0].status, what).not.toBe(200);
    }
  });
});

it('who fetches the tokens of an approval several times at once gets them once, whichever way', async () => {
  await start('auth0');
  const id = await plain.askFor();
  await assent.control.approve('latest');
  const answers = await Promise.all([1, 2, 3, 4].map((number) => poll(id, number % 2 === 0 ? DETOUR : {})));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
});

it('a client that must show a key with each poll is told so, request pending or not', async () => {
  await start('standard');
  await assent.close();
  const [aiya, ...others] = bankTenant.clients ?? [];
  if (!aiya) throw new Error('the bank has no client');
  assent = await startAssent({
    tls: false,
    clock,
    onEvent: (event) => events.push(event),
    config: unlimitedBank({
      tenant: { name: 'bank', profile: 'standard' },
      clients: [{ ...aiya, dpop_bound_access_tokens: true }, ...others],
    }),
  });
  const id = await new Agent(assent).askFor();
  const answer = await poll(id);
  expect(answer).toEqual(await poll(id, DETOUR));
  expect(answer.body).not.toContain('authorization_pending');
});
