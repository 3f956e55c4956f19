// A poll that waits for the decision, CIBA Core §10.1 (long polling), with a time that stands still: what is answered is
// answered because of what happened, not because time has passed.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, claimsOf, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { type CountedClock, createCountedClock } from '../web-push/counted-clock.ts';

const PENDING = [400, 'authorization_pending'];
const HELD_SECONDS = 20;

let clock: CountedClock;
let assent: RunningAssent;
let agent: Agent;

beforeEach(async () => {
  clock = createCountedClock(Date.now());
  const config = unlimitedBank({ ciba: { held_poll: HELD_SECONDS } });
  assent = await startAssent({ tls: false, clock, config });
  agent = new Agent(assent);
});
afterEach(() => assent.close());

const briefly = ({ status, json }: Answer): [number, string] => [status, json().error];

/** Resolves when so many polls have begun to wait since the start. */
async function pollsHeld(count: number): Promise<void> {
  let left = count;
  for await (const { type } of assent.control.events({ afterNumber: 0 })) {
    if (type === 'poll.held') left -= 1;
    if (left === 0) return;
  }
}

/** Events of the newest request, without those that every request has. */
async function storyOfPolls(): Promise<TraceEvent[]> {
  const events = await assent.control.trace('latest');
  return events.filter(({ type }) => type.startsWith('poll.') || type.startsWith('token.'));
}

it('gets the tokens in the moment of the approval', async () => {
  const id = await agent.askFor();
  const poll = agent.poll(id);
  await pollsHeld(1);
  await assent.control.approve('latest');
  const answer = await poll;
  expect(answer.status).toBe(200);
  expect(claimsOf(answer.json().access_token)['sub']).toBe('auth0|ada');
  expect((await storyOfPolls()).map(({ type }) => type)).toEqual(['poll.held', 'token.issued']);
});

it.each<[string, () => Promise<unknown>]>([
  ['a denial', () => assent.control.deny('latest')],
  ['the end of the request by hand', () => assent.control.expire('latest')],
])('learns of %s in the same moment', async (_name, end) => {
  const id = await agent.askFor();
  const poll = agent.poll(id);
  await pollsHeld(1);
  await end();
  expect(briefly(await poll)).toEqual([400, 'access_denied']);
});

it('learns that the time of the request is over before its own is', async () => {
  const id = await agent.askFor({ requested_expiry: '10' });
  const poll = agent.poll(id);
  await pollsHeld(1);
  clock.advance(10_000);
  expect(briefly(await poll)).toEqual([400, 'access_denied']);
});

it('is answered after its time, and the next poll may follow at once and waits again', async () => {
  const id = await agent.askFor();
  const first = agent.poll(id);
  await pollsHeld(1);
  clock.advance(HELD_SECONDS * 1000);
  expect(briefly(await first)).toEqual(PENDING);
  const second = agent.poll(id);
  await pollsHeld(2);
  await assent.control.approve('latest');
  expect((await second).status).toBe(200);
  expect(await storyOfPolls()).toMatchObject([
    { type: 'poll.held' },
    { type: 'poll.answered', answer: 'authorization_pending', held: { seconds: 20, end: 'time_over' } },
    { type: 'poll.held' },
    { type: 'token.issued' },
  ]);
});

it('ends with its request when the tenant’s clock is put forward, and goes by the computer’s otherwise', async () => {
  const id = await agent.askFor({ requested_expiry: '100' });
  const poll = agent.poll(id);
  await pollsHeld(1);
  await assent.control.clock.advance(99_000);
  expect((await storyOfPolls()).map(({ type }) => type)).toEqual(['poll.held']);
  await assent.control.clock.advance(1_000);
  expect(briefly(await poll)).toEqual([400, 'access_denied']);
});

it('counts for a rule when it begins to wait, and gets that rule’s answer itself', async () => {
  await assent.control.rules.add({ answer: 'approve', after_polls: 2 });
  const id = await agent.askFor();
  const first = agent.poll(id);
  await pollsHeld(1);
  clock.advance(HELD_SECONDS * 1000);
  expect(briefly(await first)).toEqual(PENDING);
  expect((await agent.poll(id)).status).toBe(200);
});

it('that is decided already is answered at once', async () => {
  const id = await agent.askFor();
  await assent.control.approve('latest');
  expect((await agent.poll(id)).status).toBe(200);
  expect((await storyOfPolls()).map(({ type }) => type)).toEqual(['token.issued']);
});

it('that comes too early beside a waiting one is told to slow down instead of waiting', async () => {
  const id = await agent.askFor();
  const waiting = agent.poll(id);
  await pollsHeld(1);
  const early = await agent.poll(id);
  expect([briefly(early), early.headers['retry-after']]).toEqual([[400, 'slow_down'], '10']);
  await assent.control.approve('latest');
  expect((await waiting).status).toBe(200);
});

it('of several that wait for one request, one gets the tokens and the others learn that they are spent', async () => {
  const id = await agent.askFor();
  const polls: Promise<Answer>[] = [];
  for (const number of [1, 2, 3, 4]) {
    polls.push(agent.poll(id));
    await pollsHeld(number);
    clock.advance(5_000 - 1);
  }
  await assent.control.approve('latest');
  const answers = (await Promise.all(polls)).map(briefly).sort();
  expect(answers).toEqual([
    [200, undefined],
    [400, 'invalid_grant'],
    [400, 'invalid_grant'],
    [400, 'invalid_grant'],
  ]);
});

it('whose caller leaves redeems nothing, and the next poll gets the tokens', async () => {
  const id = await agent.askFor();
  const departure = new AbortController();
  const gone = agent.poll(id, {}, departure.signal).catch((error: unknown) => error);
  await pollsHeld(1);
  departure.abort();
  expect(await gone).toMatchObject({ name: 'AbortError' });
  for await (const event of assent.control.events({ afterNumber: 0 })) {
    if (event.type !== 'poll.answered') continue;
    expect(event.held).toEqual({ seconds: 0, end: 'caller_left' });
    break;
  }
  await assent.control.approve('latest');
  expect((await assent.control.request('latest')).state).toBe('approved');
  expect((await agent.poll(id)).status).toBe(200);
});

it('of somebody else’s request is refused at once, as it would be without waiting', async () => {
  const id = await agent.askFor();
  const thief = new Agent(assent, {
    client_id: 'night-trader',
    client_secret: bankTenant.clients?.find((one) => one.client_id === 'night-trader')?.client_secret,
  });
  expect(briefly(await thief.poll(id))).toEqual([400, 'invalid_grant']);
  expect(briefly(await agent.poll(id, { client_secret: 'wrong' }))).toEqual([401, 'access_denied']);
  expect((await storyOfPolls()).map(({ type }) => type)).not.toContain('poll.held');
});

it('is told to come back when the server stops', async () => {
  const id = await agent.askFor();
  const poll = agent.poll(id);
  await pollsHeld(1);
  await assent.close();
  const answer = await poll;
  expect([answer.status, answer.json(), answer.headers['retry-after']]).toEqual([
    503,
    { error: 'temporarily_unavailable', error_description: 'The server stops, or begins anew' },
    '1',
  ]);
  expect(clock.alarms).toBe(0);
});

it('is told to come back when the tenant is reset, and quick answers are as they were', async () => {
  const poll = agent.poll(await agent.askFor());
  await pollsHeld(1);
  await assent.reset();
  expect(briefly(await poll)).toEqual([503, 'temporarily_unavailable']);
  expect((await assent.control.health()).quick_answers.held_poll).toBe(HELD_SECONDS);
});

it('shares its alarm with all that wait: a hundred of them need one, and each gets its own answer', async () => {
  const ids = await Promise.all(Array.from({ length: 100 }, () => agent.askFor()));
  const before = clock.alarms;
  const polls = ids.map((id) => agent.poll(id));
  await pollsHeld(ids.length);
  // The stream of events that was read here may still have its own.
  expect(clock.alarms - before).toBeLessThanOrEqual(2);
  const all = await assent.control.requests({ limit: 100 });
  for (const { id } of all) await assent.control.approve(id);
  const answers = await Promise.all(polls);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

it('loses nothing when the decision falls in the moment in which its time is over', async () => {
  for (let round = 0; round < 20; round += 1) {
    const id = await agent.askFor();
    const poll = agent.poll(id);
    await pollsHeld(round + 1);
    const decision = assent.control.approve('latest');
    if (round % 2 === 0) await assent.control.health();
    clock.advance(HELD_SECONDS * 1000);
    await decision;
    const first = await poll;
    const answer = first.status === 200 ? first : await agent.poll(id);
    expect(answer.status).toBe(200);
  }
});

it('exists only where the tenant says so', async () => {
  await using other = await startAssent({ tls: false, config: unlimitedBank() });
  const agentThere = new Agent(other);
  expect(briefly(await agentThere.poll(await agentThere.askFor()))).toEqual(PENDING);
});
