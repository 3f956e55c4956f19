// The client of the control API against a running server: what tests and the command line rely on.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/contract/index.ts';
import { type ControlClient, createControlClient } from '../../src/control-client.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

let assent: RunningAssent;
let agent: Agent;
let control: ControlClient;

beforeEach(async () => {
  assent = await startAssent({ config: unlimitedBank() });
  agent = new Agent(assent);
  control = assent.control;
});

afterEach(() => assent.close());

/** The first `count` events. */
async function take(events: AsyncIterable<TraceEvent>, count: number): Promise<TraceEvent[]> {
  const taken: TraceEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

describe('waiting for the next request', () => {
  test('ends when one is made, with that one', async () => {
    const waiting = control.nextApproval({ user_id: 'auth0|grace' });
    await agent.askFor();
    await agent.askFor({ login_hint: agent.hint('auth0|grace') });
    expect(await waiting).toMatchObject({ state: 'pending', approver: { user_id: 'auth0|grace' } });
  });

  test('skips those that were seen, by short name', async () => {
    await agent.askFor();
    const first = await control.nextApproval();
    const waiting = control.nextApproval({ after: first?.name ?? '' });
    await agent.askFor();
    const second = await waiting;
    expect([first?.name, second?.name]).toEqual(['r1', 'r2']);
  });

  test('gives undefined when none came in time', async () => {
    expect(await control.nextApproval({ timeout: 0 })).toBeUndefined();
  });

  test('ends when the server stops', async () => {
    const waiting = control.nextApproval().catch((error: unknown) => error);
    await control.health();
    await assent.close();
    const outcome = await waiting;
    if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'server_unreachable' });
  });
});

describe('deciding', () => {
  test('names the auth_req_id, and only the first decision counts', async () => {
    const authReqId = await agent.askFor();
    expect(await control.approve(authReqId)).toMatchObject({
      result: 'decided',
      approval: { state: 'approved', decision: { from: 'control API' } },
    });
    expect(await control.deny('latest', 'too late')).toMatchObject({
      result: 'already_decided',
      approval: { decision: { outcome: 'approved' } },
    });
  });

  test('can let a request expire, which its story tells', async () => {
    const authReqId = await agent.askFor();
    expect(await control.expire(authReqId)).toMatchObject({ state: 'expired' });
    expect((await control.trace('r1')).map((event) => event.type)).toContain('request.expired');
  });
});

describe('the story so far', () => {
  test('is read forwards from an event, or backwards, the newest ones before it', async () => {
    for (const _ of [1, 2]) await agent.askFor();
    const numbersOf = async (query: Parameters<ControlClient['story']>[0]) =>
      (await control.story(query)).events.map(({ number }) => number);
    expect(await numbersOf({})).toEqual([1, 2, 3, 4]);
    expect(await numbersOf({ after: 1, limit: 2 })).toEqual([2, 3]);
    expect(await numbersOf({ before: 5, limit: 2 })).toEqual([3, 4]);
    expect(await numbersOf({ after: 1, before: 4 })).toEqual([2, 3]);
    expect(await numbersOf({ before: 1 })).toEqual([]);
    expect(await numbersOf({ before: 4, limit: 0 })).toEqual([]);
  });
});

describe('following events', () => {
  test('starts with those that were missed and goes on with those that happen', async () => {
    await agent.askFor();
    const following = take(control.events({ afterNumber: 0 }), 3);
    await control.approve('latest');
    expect((await following).map((event) => event.number)).toEqual([1, 2, 3]);
  });

  test('resumes after the last event that was seen, without a gap or a repetition', async () => {
    const seen: number[] = [];
    await agent.askFor();
    for await (const event of control.events({ afterNumber: 0 })) {
      seen.push(event.number);
      if (seen.length === 2) break;
    }
    await agent.askFor();
    const rest = await take(control.events({ afterNumber: seen.at(-1) ?? 0 }), 2);
    expect([...seen, ...rest.map((event) => event.number)]).toEqual([1, 2, 3, 4]);
  });

  test('ends when it is aborted, and when the server stops', async () => {
    const stopping = new AbortController();
    await agent.askFor();
    const until = async (signal?: AbortSignal): Promise<string> => {
      for await (const event of control.events({ afterNumber: 0, ...(signal ? { signal } : {}) }))
        if (event.number === 2) await (signal ? stopping.abort() : assent.close());
      return 'ended';
    };
    expect(await until(stopping.signal)).toBe('ended');
    expect(await until()).toBe('ended');
  });
});

describe('what goes wrong', () => {
  test('is told by the server’s own words', async () => {
    await expect(control.request('r42')).rejects.toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'There is no request "r42".',
    });
    await expect(control.requests({ limit: 0 })).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('says what to type when nobody answers', async () => {
    await assent.close();
    await expect(control.health()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: `Nothing answers at ${assent.url} (ECONNREFUSED).`,
      hint: 'Start it:   assent',
    });
  });

  test('says what to type when the certificate is not trusted', async () => {
    await expect(createControlClient({ url: assent.url }).health()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringMatching(
        /^The certificate of https:\/\/localhost:\d+ is not trusted here \(.+\)\.$/,
      ),
      hint: expect.stringContaining('export NODE_EXTRA_CA_CERTS=.assent/ca.pem'),
    });
  });
});
