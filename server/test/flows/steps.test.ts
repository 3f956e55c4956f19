// Step mode: what is held and where, who lets it go, and what is so when nobody does. Time stands still until a test moves it, so
// whatever goes on goes on because of what happened.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StepArrow, TraceEvent } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { type CountedClock, createCountedClock } from '../web-push/counted-clock.ts';
import { ADA } from '../world.ts';

let clock: CountedClock;
let assent: RunningAssent;
let agent: Agent;

beforeEach(async () => {
  clock = createCountedClock(Date.now());
  assent = await startAssent({ tls: false, clock, config: unlimitedBank() });
  agent = new Agent(assent);
});
afterEach(() => assent.close());

const breakAt = (...arrows: StepArrow[]) => assent.control.steps.set({ break_points: arrows });
const outcome = ({ status, json }: Answer): string => (status === 200 ? 'tokens' : json().error);

/** Resolves with the events so far once there are so many of this type. */
async function until(type: TraceEvent['type'], count = 1): Promise<TraceEvent[]> {
  const seen: TraceEvent[] = [];
  let left = count;
  for await (const event of assent.control.events({ afterNumber: 0 })) {
    seen.push(event);
    if (event.type === type) left -= 1;
    if (left === 0) break;
  }
  return seen;
}

/** The steps of the story: what was held, and why it went on. */
async function steps(): Promise<string[]> {
  const { events } = await assent.control.story();
  return events.flatMap((event) =>
    event.type === 'step.held'
      ? [`${event.arrow} held`]
      : event.type === 'step.released'
        ? [`${event.arrow} ${event.why}`]
        : [],
  );
}

async function released(): Promise<Extract<TraceEvent, { type: 'step.released' }> | undefined> {
  return (await until('step.released')).find((event) => event.type === 'step.released');
}

describe('an exchange is held and let go', () => {
  test('a request before it is admitted, and its auth_req_id before it goes back', async () => {
    await breakAt('request_received', 'request_answered');
    const asking = agent.ask();
    await until('step.held');
    expect(await assent.control.requests()).toEqual([]);
    expect((await assent.control.steps.read()).held).toMatchObject([
      {
        id: 'h1',
        arrow: 'request_received',
        client_id: 'aiya',
        binding_message: 'RENT-4K9',
        because: 'break_point',
        held_ms: 0,
        goes_on_in_ms: 28_000,
      },
    ]);
    expect(await assent.control.steps.next()).toMatchObject({ id: 'h1' });
    await until('step.held', 2);
    // It is open already, and its person may answer.
    expect(await assent.control.request('latest')).toMatchObject({ name: 'r1', state: 'pending' });
    expect(await assent.control.steps.read()).toMatchObject({
      held: [{ id: 'h2', arrow: 'request_answered', name: 'r1' }],
    });
    await assent.control.steps.next('h2');
    expect((await asking).json()).toHaveProperty('auth_req_id');
    expect(await steps()).toEqual([
      'request_received held',
      'request_received next',
      'request_answered held',
      'request_answered next',
    ]);
  });

  test('a refusal is held as an answer like any other', async () => {
    await breakAt('request_answered');
    const asking = agent.ask({ binding_message: '' });
    await until('step.held');
    await assent.control.steps.next();
    expect((await asking).status).toBe(400);
  });

  test('a notification before anybody is told, while the page of its person is open', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, ADA);
    await using events = await ada.events();
    expect((await events.next())?.event).toBe('ready');
    await breakAt('push_sent');
    await agent.askFor();
    await until('step.held');
    const [held] = (await assent.control.steps.read()).held;
    expect(held).toMatchObject({ arrow: 'push_sent', name: 'r1' });
    // Nobody waits for it, so it does not go on by itself.
    expect(held).not.toHaveProperty('waits');
    expect(held).not.toHaveProperty('goes_on_in_ms');
    expect((await assent.control.trace('r1')).map(({ type }) => type)).not.toContain(
      'notification.delivered',
    );
    await assent.control.steps.next();
    expect(await events.next()).toMatchObject({ event: 'approval', data: { name: 'r1' } });
    await until('notification.delivered');
  });

  test('an answer of a person before it counts, while the agent goes on polling', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, ADA);
    const id = await agent.askFor();
    await breakAt('decision_received');
    const deciding = ada.answer(await assent.control.request('r1'), true);
    await until('step.held');
    expect(outcome(await agent.poll(id))).toBe('authorization_pending');
    expect(await assent.control.request('r1')).toMatchObject({ state: 'pending' });
    // The answer was verified when it came: that its signature has lapsed meanwhile does not matter.
    clock.advance(27_000);
    await assent.control.steps.next();
    expect((await deciding).json()).toMatchObject({ result: 'decided', approval: { state: 'approved' } });
    expect(outcome(await agent.poll(id))).toBe('tokens');
  });

  test('a poll when it arrives, and the tokens before they are redeemed', async () => {
    const id = await agent.askFor();
    await assent.control.approve('r1');
    await breakAt('poll_received', 'token_response');
    const polling = agent.poll(id);
    await until('step.held');
    await assent.control.steps.next();
    await until('step.held', 2);
    expect(await assent.control.request('r1')).toMatchObject({ state: 'approved' });
    await assent.control.steps.next();
    expect(outcome(await polling)).toBe('tokens');
    expect(await assent.control.request('r1')).toMatchObject({ state: 'redeemed' });
  });

  test('the last answer of a denied request is held as well', async () => {
    const id = await agent.askFor();
    await assent.control.deny('r1');
    await breakAt('token_response');
    const polling = agent.poll(id);
    await until('step.held');
    await assent.control.steps.next();
    expect(outcome(await polling)).toBe('access_denied');
  });

  test('a poll that waited for its decision is then held with its answer', async () => {
    await assent.close();
    assent = await startAssent({ tls: false, clock, config: unlimitedBank({ ciba: { held_poll: 20 } }) });
    agent = new Agent(assent);
    const id = await agent.askFor();
    await breakAt('token_response');
    const polling = agent.poll(id);
    await until('poll.held');
    await assent.control.approve('r1');
    await until('step.held');
    await assent.control.steps.next();
    expect(outcome(await polling)).toBe('tokens');
  });

  test('also a poll that waited since before there was a break point, for as long as its caller waits', async () => {
    await assent.close();
    assent = await startAssent({ tls: false, clock, config: unlimitedBank({ ciba: { held_poll: 20 } }) });
    agent = new Agent(assent);
    const polling = agent.poll(await agent.askFor());
    await until('poll.held');
    await breakAt('token_response');
    clock.advance(10_000);
    await assent.control.approve('r1');
    await until('step.held');
    expect((await assent.control.steps.read()).held).toMatchObject([
      { arrow: 'token_response', waits: { is_known: false }, goes_on_in_ms: 18_000 },
    ]);
    clock.advance(18_000);
    expect(outcome(await polling)).toBe('tokens');
  });

  test.each([
    ['GET', '/userinfo'],
    ['POST', '/lessons/accounts/transfers'],
  ])('a call of an API that this server plays: %s %s', async (method, path) => {
    const id = await agent.askFor();
    await assent.control.approve('r1');
    const { access_token: token } = (await agent.poll(id)).json();
    await breakAt('api_call');
    const calling = call(assent.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(method === 'POST' ? { body: {} } : {}),
    });
    await until('step.held');
    await assent.control.steps.next();
    expect((await calling).status).not.toBe(503);
    expect(await steps()).toEqual(['api_call held', 'api_call next']);
  });
});

describe('meanwhile', () => {
  test('everything else goes on, and each is let go by its name', async () => {
    await breakAt('request_received');
    const asking = ['RENT-1', 'RENT-2', 'RENT-3'].map((binding_message) => agent.ask({ binding_message }));
    await until('step.held', 3);
    expect((await call(`${assent.url}/.well-known/openid-configuration`)).status).toBe(200);
    const { held } = await assent.control.steps.read();
    const second = held.find(({ binding_message: code }) => code === 'RENT-2');
    await assent.control.steps.next(second?.id);
    await asking[1];
    expect(await assent.control.requests()).toMatchObject([{ binding_message: 'RENT-2' }]);
    expect((await assent.control.health()).steps).toMatchObject({ held: 2 });
    await assent.control.steps.continue();
    await Promise.all(asking);
    expect(await assent.control.steps.read()).toMatchObject({ break_points: ['request_received'], held: [] });
  });

  test('continue keeps the break points, unless it clears them', async () => {
    await breakAt('request_received');
    const first = agent.ask();
    await until('step.held');
    await assent.control.steps.continue();
    await first;
    const second = agent.ask();
    await until('step.held', 2);
    expect(await assent.control.steps.continue({ clear: true })).toEqual({
      break_points: [],
      slow_ms: 0,
      outlast: false,
      held: [],
    });
    await second;
    expect((await agent.ask()).status).toBe(200);
  });

  test('what has no break point any more goes on', async () => {
    await breakAt('request_received', 'poll_received');
    const asking = agent.ask();
    await until('step.held');
    await breakAt('poll_received');
    expect((await asking).status).toBe(200);
    expect(await steps()).toEqual(['request_received held', 'request_received continue']);
  });

  test('a second answer is held too, and the first that is let go counts', async () => {
    await agent.askFor();
    await breakAt('decision_received');
    const approving = assent.control.approve('r1');
    await until('step.held');
    const denying = assent.control.deny('r1');
    await until('step.held', 2);
    await assent.control.steps.next('h2');
    expect(await denying).toMatchObject({ result: 'decided', approval: { state: 'denied' } });
    await assent.control.steps.next('h1');
    expect(await approving).toMatchObject({ result: 'already_decided', approval: { state: 'denied' } });
  });

  test('an answer that is held until its request is over came too late, and its sender is told', async () => {
    const id = await agent.askFor({ requested_expiry: '10' });
    await breakAt('decision_received');
    const approving = assent.control.approve('r1');
    await until('step.held');
    clock.advance(11_000);
    await until('request.expired');
    await assent.control.steps.next();
    expect(await approving).toMatchObject({ result: 'expired' });
    expect(outcome(await agent.poll(id))).toBe('access_denied');
  });

  test('a notification of a request that ends is not sent any more', async () => {
    await breakAt('push_sent');
    await agent.askFor();
    await until('step.held');
    await assent.control.deny('r1');
    expect(await released()).toMatchObject({ arrow: 'push_sent', why: 'request_ended' });
    expect(await steps()).toEqual(['push_sent held', 'push_sent request_ended']);
    expect((await assent.control.trace('r1')).filter(({ type }) => type.startsWith('notification'))).toEqual(
      [],
    );
  });

  test('a rule that answers is held, and neither its agent nor the clock waits for it', async () => {
    await assent.control.rules.add({ answer: 'approve', after_seconds: 5 });
    await breakAt('decision_received');
    const id = await agent.askFor();
    await assent.control.clock.advance(5_000);
    await until('step.held');
    expect(outcome(await agent.poll(id))).toBe('authorization_pending');
    await assent.control.steps.next();
    await until('request.settled');
    expect(outcome(await agent.poll(id))).toBe('tokens');
  });
});

describe('nobody lets it go', () => {
  test('it goes on by itself shortly before its caller would give up, and is announced before', async () => {
    await breakAt('request_received');
    const asking = agent.ask();
    await until('step.held');
    clock.advance(23_000);
    await until('step.warned');
    clock.advance(5_000);
    expect((await asking).status).toBe(200);
    expect(await released()).toMatchObject({ why: 'limit', held_ms: 28_000 });
  });

  test('two holds of one exchange share the patience of its caller', async () => {
    await breakAt('request_received', 'request_answered');
    const asking = agent.ask();
    await until('step.held');
    clock.advance(20_000);
    await assent.control.steps.next();
    await until('step.held', 2);
    expect((await assent.control.steps.read()).held).toMatchObject([{ goes_on_in_ms: 8_000 }]);
    clock.advance(8_000);
    expect((await asking).status).toBe(200);
  });

  const callers: ReadonlyArray<[string, Record<string, string>, object]> = [
    ['an SDK of Auth0', { 'Auth0-Client': sdk('node-auth0', '4.37.1') }, { goes_on_in_ms: 9_000 }],
    [
      'one with a short time-out',
      { 'Auth0-Client': sdk('nextjs-auth0', '4.30.0') },
      { goes_on_in_ms: 4_500 },
    ],
    ['a client library', { 'User-Agent': 'openid-client/v6.8.9' }, { goes_on_in_ms: 28_000 }],
    ['fetch of Node', { 'User-Agent': 'node' }, { goes_on_in_ms: 298_000 }],
    [
      'a browser',
      {
        'User-Agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
      },
      { waits: { program: 'Chrome', is_known: true }, goes_on_in_ms: 298_000 },
    ],
    [
      'a program nobody knows',
      { 'User-Agent': 'agent/1' },
      { waits: { is_known: false }, goes_on_in_ms: 28_000 },
    ],
  ];
  test.each(callers)(
    'the time-out of %s is known by what it calls itself',
    async (_name, headers, expected) => {
      await breakAt('poll_received');
      const grant_type = 'urn:openid:params:grant-type:ciba';
      const polling = agent.post('/oauth/token', { grant_type, auth_req_id: 'none' }, headers);
      await until('step.held');
      const { held } = await assent.control.steps.read();
      expect(held).toMatchObject([expected]);
      await assent.control.steps.next();
      await polling;
    },
  );

  test('a program that waits for ever is held for ever', async () => {
    await breakAt('poll_received');
    const grant_type = 'urn:openid:params:grant-type:ciba';
    const headers = { 'User-Agent': 'curl/8.5.0' };
    const polling = agent.post('/oauth/token', { grant_type, auth_req_id: 'none' }, headers);
    await until('step.held');
    clock.advance(3_600_000);
    expect((await assent.control.steps.read()).held).toMatchObject([{ held_ms: 3_600_000 }]);
    await assent.control.steps.next();
    await polling;
  });
});

describe('its caller gives up, because it is held for longer', () => {
  const outlast = (...arrows: StepArrow[]) =>
    assent.control.steps.set({ break_points: arrows, outlast: true });

  /** Begins a call, and leaves long after it was held. Gives what is told of that. */
  async function leave(begin: (signal: AbortSignal) => Promise<Answer>) {
    const abort = new AbortController();
    const calling = begin(abort.signal).catch(() => 'left');
    await until('step.held');
    clock.advance(100_000);
    abort.abort();
    expect(await calling).toBe('left');
    const told = await released();
    expect(told).toMatchObject({ why: 'caller_left', held_ms: 100_000 });
    await assent.control.steps.set({});
    return told;
  }

  test('a request that was not admitted is none', async () => {
    await outlast('request_received');
    const told = await leave((signal) => agent.post('/bc-authorize', {}, {}, signal));
    expect(told?.text).toContain('there is no such request');
    expect(await assent.control.requests()).toEqual([]);
  });

  test('a request whose id never arrived is open, and nobody polls for it', async () => {
    await outlast('request_answered');
    const asked = { scope: 'openid', binding_message: 'RENT', login_hint: agent.hint(ADA) };
    const told = await leave((signal) => agent.post('/bc-authorize', asked, {}, signal));
    expect(told).toMatchObject({ name: 'r1', text: expect.stringContaining('nobody knows its auth_req_id') });
    expect(await assent.control.approve('r1')).toMatchObject({ result: 'decided' });
  });

  test('an approval that nobody received is not used up, and the next poll gets it', async () => {
    const id = await agent.askFor();
    await assent.control.approve('r1');
    await outlast('token_response');
    const told = await leave((signal) => agent.poll(id, {}, signal));
    expect(told?.text).toContain('nothing was redeemed');
    expect((await until('poll.answered')).at(-1)).toMatchObject({ held: { end: 'caller_left' } });
    expect(await assent.control.request('r1')).toMatchObject({ state: 'approved' });
    expect(outcome(await agent.poll(id))).toBe('tokens');
    expect(outcome(await agent.poll(id))).toBe('invalid_grant');
  });

  test('a poll that nobody reads is not answered, and is none for the pace', async () => {
    const id = await agent.askFor();
    await outlast('poll_received');
    await leave((signal) => agent.poll(id, {}, signal));
    expect((await assent.control.trace('r1')).map(({ type }) => type)).not.toContain('poll.answered');
    expect(outcome(await agent.poll(id))).toBe('authorization_pending');
  });

  test('an answer that was not acknowledged does not count, and can be given again', async () => {
    await agent.askFor();
    await outlast('decision_received');
    const url = `${assent.url}/control/requests/r1/decision`;
    const body = { decision: 'approve' };
    const told = await leave((signal) => call(url, { method: 'POST', body, signal }));
    expect(told?.text).toContain('nothing was decided');
    expect(await assent.control.deny('r1')).toMatchObject({ result: 'decided' });
  });
});

describe('slow mode', () => {
  test('every arrow waits for a while, and then goes on', async () => {
    await assent.control.steps.set({ slow_ms: 2_000 });
    const asking = agent.askFor();
    await until('step.held');
    clock.advance(2_000);
    // Its answer, and what tells the person.
    await until('step.held', 3);
    clock.advance(2_000);
    const id = await asking;
    const polling = agent.poll(id);
    await until('step.held', 4);
    clock.advance(2_000);
    expect(outcome(await polling)).toBe('authorization_pending');
    expect(await steps()).toEqual(
      expect.arrayContaining(['request_received slow', 'push_sent slow', 'poll_received slow']),
    );
  });

  test('no pause is longer than its caller waits', async () => {
    await assent.control.steps.set({ slow_ms: 60_000 });
    const asking = agent.ask();
    await until('step.held');
    clock.advance(28_000);
    expect((await asking).status).toBe(200);
    expect(await released()).toMatchObject({ why: 'limit' });
  });
});

describe('a server that begins anew, or stops', () => {
  test('lets everything go by a reset, which also turns step mode off', async () => {
    await agent.askFor();
    await breakAt('request_received', 'decision_received');
    const asking = agent.ask();
    const deciding = call(`${assent.url}/control/requests/r1/decision`, {
      method: 'POST',
      body: { decision: 'approve' },
    });
    await until('step.held', 2);
    await assent.control.reset();
    const refused = await asking;
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(refused.json().error).toBe('temporarily_unavailable');
    expect((await deciding).status).toBe(503);
    expect(await assent.control.steps.read()).toEqual({
      break_points: [],
      slow_ms: 0,
      outlast: false,
      held: [],
    });
    expect((await agent.ask()).status).toBe(200);
  });

  test('tells whoever asked what has happened already', async () => {
    await breakAt('request_answered');
    const asking = agent.ask();
    await until('step.held');
    const closing = assent.close();
    expect((await asking).json()).toHaveProperty('auth_req_id');
    await closing;
  });

  test('redeems nothing for a poll that it lets go', async () => {
    const id = await agent.askFor();
    await assent.control.approve('r1');
    const before = await assent.snapshot();
    await breakAt('token_response');
    const polling = agent.poll(id);
    await until('step.held');
    await assent.restore(before);
    const answer = await polling;
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(outcome(await agent.poll(id))).toBe('tokens');
  });

  test('has its break points in a snapshot, and not what was held', async () => {
    await breakAt('request_received');
    const asking = agent.ask();
    await until('step.held');
    const snapshot = await assent.snapshot();
    await assent.control.steps.continue({ clear: true });
    await asking;
    await assent.restore(snapshot);
    expect(await assent.control.steps.read()).toMatchObject({ break_points: ['request_received'], held: [] });
  });

  test('leaves no alarm behind', async () => {
    await breakAt('request_received');
    const asking = agent.ask();
    await until('step.held');
    await assent.close();
    await asking;
    expect(clock.alarms).toBe(0);
    assent = await startAssent({ tls: false, clock, config: unlimitedBank() });
  });
});

describe('bad input', () => {
  const put = (body: unknown) => call(`${assent.url}/control/steps`, { method: 'PUT', body });

  test.each([
    [{ break_points: ['everything'] }, 'break_points.0'],
    [{ slow_ms: -1 }, 'slow_ms'],
    [{ slow_ms: 1e9 }, 'slow_ms'],
    [{ fast: true }, 'fast'],
  ])('%j is refused by name', async (body, where) => {
    const answer = await put(body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(where)]);
  });

  test('there is no next where nothing is held, and it is said what to do', async () => {
    await expect(assent.control.steps.next()).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await breakAt('poll_received');
    await expect(assent.control.steps.next('h9')).rejects.toThrow('Nothing called "h9" is held.');
  });
});

function sdk(name: string, version: string): string {
  return Buffer.from(JSON.stringify({ name, version })).toString('base64');
}
