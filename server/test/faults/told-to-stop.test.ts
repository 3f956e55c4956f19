// SIGTERM while everybody waits for something: each is told, or let go, and the process ends by itself.
import { expect, test } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { startRedis } from '../redis-server.ts';
import { ServerUnderFault } from './server-under-fault.ts';

const POLLS = 20;

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: held polls are told to come again, streams end with a time to come back, and the command ends well',
  async (signal) => {
    await using server = await ServerUnderFault.start({
      config: unlimitedBank({ ciba: { held_poll: 25 } }),
      words: ['--data', 'assent.db'],
    });
    const agent = new Agent(server);
    await using stream = await EventReader.open(`${server.url}/control/events`);
    const ids = await Promise.all(Array.from({ length: POLLS }, () => agent.askFor()));
    const polls = ids.map((id) => agent.poll(id));
    for (let held = 0; held < POLLS; held += 1) await stream.nextOf('poll.held');

    const { code } = await server.command.stop(signal);
    expect(code).toBe(0);
    for (const poll of await Promise.all(polls)) {
      expect([poll.status, poll.headers['retry-after'], poll.json().error]).toEqual([
        503,
        '1',
        'temporarily_unavailable',
      ]);
    }
    while ((await stream.next()) !== undefined) {
      // What was told on the way out.
    }
    expect(stream.received.trimEnd()).toMatch(/retry: \d+$/);

    await server.again();
    const { requests } = (await call(`${server.url}/control/requests?state=pending`)).json();
    expect(requests).toHaveLength(POLLS);
  },
);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a second %s ends at once what the first one cannot: a server whose store does not answer',
  { timeout: 60_000 },
  async (signal) => {
    await using redis = await startRedis();
    await using server = await ServerUnderFault.start({ words: ['--store', redis.url] });
    redis.pause();
    // Left alone it would wait for the store, and end well. What a terminal and npm send together counts as one.
    const sending = setInterval(() => void server.command.stop(signal), 50);
    const { code } = await server.command.ends();
    clearInterval(sending);
    redis.resume();
    expect(code).toBe(1);
  },
);
