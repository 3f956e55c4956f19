// Three processes on one store: whichever of them is asked, it is the same tenant.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TraceEvent } from '../../src/contract/index.ts';
import { unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA } from '../world.ts';
import { ThreeInstances } from './three-instances.ts';

const ROUNDS = Number(process.env['ASSENT_ROUNDS'] ?? 15);

// Three processes take their time to start, and rounds may be many.
vi.setConfig({ testTimeout: 60_000 + ROUNDS * 2_000, hookTimeout: 60_000 });

let three: ThreeInstances;

beforeAll(async () => {
  three = await ThreeInstances.start(unlimitedBank());
});
afterAll(() => three[Symbol.asyncDispose]());
beforeEach(async () => {
  three.choose(undefined);
  await three.at(0).control.reset();
});

const configure = async (index: number, patch: object): Promise<void> => {
  const answer = await call(`${three.at(index).url}/control/tenant`, { method: 'PATCH', body: patch });
  if (answer.status !== 200) throw new Error(answer.text);
};
const typesOf = (events: readonly TraceEvent[]): string[] => events.map(({ type }) => type);
const countOf = (events: readonly TraceEvent[], type: TraceEvent['type']): number =>
  events.filter((event) => event.type === type).length;

/** What each of them tells from now on. An event is on its way while its call is answered. */
async function followAll() {
  const stories = await Promise.all([0, 1, 2].map((at) => three.follow(at)));
  return {
    byAll: async (type: TraceEvent['type']): Promise<void> => {
      await Promise.all(stories.map((story) => story.nextOf(type)));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(stories.map((story) => story[Symbol.asyncDispose]()));
    },
  };
}

describe('a request', () => {
  test('is opened at one instance, approved at another and redeemed at the third, and all tell the same story', async () => {
    await using told = await followAll();
    const authReqId = await three.agent(0).askFor();
    expect((await three.at(1).control.approve(authReqId)).result).toBe('decided');
    expect((await three.agent(2).poll(authReqId)).status).toBe(200);
    expect((await three.agent(0).poll(authReqId)).json().error).toBe('invalid_grant');
    await told.byAll('token.issued');
    const stories = await Promise.all([0, 1, 2].map((at) => three.at(at).control.trace(authReqId)));
    expect(typesOf(stories[0] ?? [])).toContain('token.issued');
    expect(stories[1]).toEqual(stories[0]);
    expect(stories[2]).toEqual(stories[0]);
  });

  test('that is polled too fast is told to slow down, whichever instance the polls come to', async () => {
    const authReqId = await three.agent(0).askFor();
    expect((await three.agent(1).poll(authReqId)).json().error).toBe('authorization_pending');
    expect((await three.agent(2).poll(authReqId)).json().error).toBe('slow_down');
  });

  test('wakes a poll that is held elsewhere, and whoever waits for the next one', async () => {
    await configure(1, { ciba: { held_poll: 20 } });
    const waiting = three.at(2).control.nextApproval();
    await using story = await three.follow(1);
    const authReqId = await three.agent(0).askFor();
    expect((await waiting)?.name).toBe('r1');
    const poll = three.agent(1).poll(authReqId);
    await story.nextOf('poll.held');
    await three.at(2).control.approve('latest');
    expect((await poll).status).toBe(200);
  });

  test('is seen and answered by a browser whose inbox is open at another instance', async () => {
    three.choose(2);
    const ada = await PairedBrowser.pair(three, ADA);
    await using inbox = await ada.events();
    await inbox.nextOf('ready');
    const authReqId = await three.agent(0).askFor();
    const { data: approval } = await inbox.nextOf('approval');
    expect(approval).toMatchObject({ name: 'r1', state: 'pending' });
    three.choose(1);
    expect((await ada.answer(approval, true)).status).toBe(200);
    expect((await inbox.nextOf('approval')).data.state).toBe('approved');
    expect((await three.agent(0).poll(authReqId)).status).toBe(200);
    const story = await three.at(1).control.trace(authReqId);
    expect(countOf(story, 'notification.delivered')).toBe(1);
    expect(countOf(story, 'notification.waiting')).toBe(0);
  });

  test('has a name and numbers of events of its own, wherever it is opened', async () => {
    const agents = [0, 1, 2].map((at) => three.agent(at));
    await Promise.all(Array.from({ length: 30 }, (_, at) => agents[at % 3]?.askFor()));
    const names = (await three.at(1).control.requests()).map(({ name }) => name);
    expect(new Set(names).size).toBe(30);
    const numbers = (await three.at(2).control.story({ limit: 1_000 })).events.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('that is approved, denied and approved at three instances at once has one answer', async () => {
    await using story = await three.follow(2);
    for (let round = 0; round < ROUNDS; round += 1) {
      const authReqId = await three.agent(round % 3).askFor();
      const results = await Promise.all([
        three.at(0).control.approve(authReqId),
        three.at(1).control.deny(authReqId),
        three.at(2).control.approve(authReqId),
      ]);
      const winners = results.filter(({ result }) => result === 'decided');
      expect(winners).toHaveLength(1);
      const { state } = await three.at((round + 1) % 3).control.request(authReqId);
      expect(state).toBe(winners[0]?.approval.state);
      // One for each round: a second one would be the first that the next round reads.
      expect((await story.nextOf('decision.made')).data.approval).toBe(winners[0]?.approval.id);
    }
  });

  test('that is redeemed at three instances at once gives tokens once', async () => {
    await using story = await three.follow(0);
    for (let round = 0; round < ROUNDS; round += 1) {
      const authReqId = await three.agent(round % 3).askFor();
      const { approval } = await three.at(1).control.approve(authReqId);
      const polls = await Promise.all([0, 1, 2, 0, 1, 2].map((at) => three.agent(at).poll(authReqId)));
      expect(polls.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await story.nextOf('token.issued')).data.approval).toBe(approval.id);
    }
  });
});

describe('an answered change', () => {
  test('of the configuration counts at every instance at once', async () => {
    for (let interval = 2; interval < 12; interval += 1) {
      await configure(interval % 3, { ciba: { interval } });
      const answers = await Promise.all([0, 1, 2].map((at) => three.agent(at).ask()));
      expect(answers.map((answer) => answer.json().interval)).toEqual([interval, interval, interval]);
    }
  });

  test('of the clock moves all of them, and what fell due has happened once', async () => {
    await using told = await three.follow(0);
    const authReqId = await three.agent(0).askFor({ requested_expiry: '60' });
    await three.at(1).control.clock.advance(61_000);
    await told.nextOf('clock.moved');
    const readings = await Promise.all([0, 1, 2].map((at) => three.at(at).control.clock.read()));
    expect(readings.map(({ offset_ms }) => offset_ms)).toEqual([61_000, 61_000, 61_000]);
    expect((await three.at(2).control.request(authReqId)).state).toBe('expired');
    const story = await three.at(0).control.trace(authReqId);
    expect(countOf(story, 'request.expired')).toBe(1);
  });

  test('of the faults is met at another instance, so often as it says and not once more', async () => {
    await three.at(0).control.faults.inject({
      on: 'token',
      does: { kind: 'answer', status: 503 },
      times: 2,
    });
    const authReqId = await three.agent(0).askFor();
    const polls = await Promise.all([0, 1, 2, 0, 1, 2].map((at) => three.agent(at).poll(authReqId)));
    expect(polls.filter(({ status }) => status === 503)).toHaveLength(2);
    expect(await three.at(1).control.faults.list()).toEqual([]);
  });

  test('of the signing key is shown by all of them', async () => {
    await three.at(0).control.faults.inject({
      on: 'token',
      does: { kind: 'rotate_keys', old: 'keep' },
      times: 1,
    });
    const keysAt = async (at: number): Promise<string> =>
      (await call(`${three.at(at).url}/.well-known/jwks.json`)).text;
    const before = await keysAt(2);
    await three.agent(1).poll(await three.agent(1).askFor());
    const after = await Promise.all([0, 1, 2].map(keysAt));
    expect(after[0]).not.toBe(before);
    expect(new Set(after).size).toBe(1);
  });
});

describe('what stands between', () => {
  test('is held at one instance, shown by another and let go by the third', async () => {
    await using story = await three.follow(2);
    await three.at(0).control.steps.set({ break_points: ['decision_received'] });
    const authReqId = await three.agent(1).askFor();
    const deciding = three.at(0).control.approve(authReqId);
    await story.nextOf('step.held');
    const { held } = await three.at(2).control.steps.read();
    expect(held.map(({ arrow }) => arrow)).toEqual(['decision_received']);
    expect((await three.at(1).control.steps.next()).id).toBe(held[0]?.id);
    expect((await deciding).result).toBe('decided');
    expect((await three.at(1).control.steps.read()).held).toEqual([]);
  });

  test('of a scripted person is answered once, and its rule is counted once', async () => {
    await three.at(0).control.rules.add({ answer: 'approve', after_polls: 2, times: 1 });
    const authReqId = await three.agent(1).askFor();
    await three.agent(2).poll(authReqId);
    await three.at(1).control.clock.advance(10_000);
    await three.agent(0).poll(authReqId);
    expect((await three.at(1).control.request(authReqId)).state).toBe('approved');
    expect((await three.at(2).control.rules.list()).map(({ fired }) => fired)).toEqual([1]);
    await three.agent(2).askFor();
    expect((await three.at(0).control.request('latest')).state).toBe('pending');
  });
});

describe('a new beginning', () => {
  test('at one instance is one for all of them, from the moment of its answer', async () => {
    for (const at of [0, 1, 2]) {
      const authReqId = await three.agent((at + 1) % 3).askFor();
      await three.at(at).control.reset();
      const lists = await Promise.all([0, 1, 2].map((other) => three.at(other).control.requests()));
      expect(lists).toEqual([[], [], []]);
      expect((await three.agent((at + 2) % 3).poll(authReqId)).json().error).toBe('invalid_grant');
    }
  });

  test('at several instances at once leaves nothing of what was, and brings nothing back', async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all([0, 1, 2].map((at) => three.agent(at).askFor()));
      const answers = await Promise.all(
        [0, 1, 2].map((at) => call(`${three.at(at).url}/control/reset`, { method: 'POST', body: {} })),
      );
      for (const { status } of answers) expect([200, 204, 503]).toContain(status);
      const lists = await Promise.all([0, 1, 2].map((at) => three.at(at).control.requests()));
      expect(lists).toEqual([[], [], []]);
    }
  });

  test('with a snapshot brings back what was, at every instance', async () => {
    const authReqId = await three.agent(0).askFor();
    const snapshot = await three.at(1).control.snapshot();
    await three.at(1).control.deny(authReqId);
    await three.at(2).control.restore(snapshot);
    const states = await Promise.all([0, 1, 2].map((at) => three.at(at).control.request(authReqId)));
    expect(states.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    await using told = await followAll();
    await three.at(0).control.approve(authReqId);
    expect((await three.agent(1).poll(authReqId)).status).toBe(200);
    await told.byAll('token.issued');
    const stories = await Promise.all([0, 1, 2].map((at) => three.at(at).control.trace(authReqId)));
    expect(stories[1]).toEqual(stories[0]);
    expect(stories[2]).toEqual(stories[0]);
  });
});

test('how many there are is said by each of them', async () => {
  // Each comes into the world after the reset when it is asked, at the latest.
  await Promise.all([0, 1, 2].map((at) => three.at(at).control.health()));
  const healths = await Promise.all([0, 1, 2].map((at) => three.at(at).control.health()));
  expect(healths.map(({ instances }) => instances)).toEqual([3, 3, 3]);
});
