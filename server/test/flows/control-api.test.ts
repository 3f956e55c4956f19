// What a test or the command line does: wait for a request, read it, decide it, follow the story.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { healthSchema, requestsSchema, traceSchema } from '../../src/contract/index.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { ADA, GRACE, World } from '../world.ts';

const post = (url: string, body: unknown = {}) => call(url, { method: 'POST', body });

test('health names the server that is ready', async () => {
  await using world = await World.start();
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const ready = await call(`${world.url}/control/health`);
  expect(ready.status).toBe(200);
  expect(healthSchema.parse(ready.json())).toEqual({
    status: 'ready',
    version,
    issuer: `${world.url}/`,
    tenant: 'bank',
    started_at: '2030-01-01T12:00:00.000Z',
    clock: { now: '2030-01-01T12:00:00.000Z', offset_ms: 0 },
    quick_answers: { on: false, interval: 5, held_poll: 0 },
    rules: { count: 0, seed: 'assent' },
    faults: [],
    steps: { break_points: [], slow_ms: 0, outlast: false, held: 0 },
    instances: 1,
  });
});

test('requests are listed portion by portion, until there are no more', async () => {
  await using world = await World.start({
    ciba: { requests_per_minute_per_tenant: 0, pending_requests_per_tenant: 0 },
  });
  for (let count = 0; count < 120; count += 1) await world.ask(count % 3 === 0 ? ADA : GRACE);
  const walk = async (query: string): Promise<string[]> => {
    const names: string[] = [];
    for (let before = ''; ; before = `&before=${names.at(-1)}`) {
      const { requests } = requestsSchema.parse(
        (await call(`${world.url}/control/requests?limit=25${query}${before}`)).json(),
      );
      names.push(...requests.map(({ name }) => name));
      if (requests.length < 25) return names;
    }
  };
  const all = Array.from({ length: 120 }, (_, at) => `r${120 - at}`);
  expect(await walk('')).toEqual(all);
  expect(await walk(`&user_id=${encodeURIComponent(ADA)}`)).toEqual(
    all.filter((_, at) => (119 - at) % 3 === 0),
  );
  await post(`${world.url}/control/requests/r60/decision`, { decision: 'deny' });
  expect(await walk('&state=denied')).toEqual(['r60']);
  expect(await walk('&state=pending')).toEqual(all.filter((name) => name !== 'r60'));
});

test('requests are listed newest first, by state, person, client and number', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  await world.ask(GRACE);
  await world.ask(ADA, { clientId: 'night-trader' });
  await post(`${world.url}/control/requests/r1/decision`, { decision: 'approve' });
  const names = async (query: string): Promise<string[]> =>
    requestsSchema
      .parse((await call(`${world.url}/control/requests${query}`)).json())
      .requests.map((request) => request.name);

  expect(await names('')).toEqual(['r3', 'r2', 'r1']);
  expect(await names('?state=pending')).toEqual(['r3', 'r2']);
  expect(await names(`?user_id=${encodeURIComponent(ADA)}`)).toEqual(['r3', 'r1']);
  expect(await names('?client_id=night-trader')).toEqual(['r3']);
  expect(await names('?limit=2')).toEqual(['r3', 'r2']);
  expect(await names('?before=r3')).toEqual(['r2', 'r1']);
  expect(await names('?before=r3&limit=1&state=pending')).toEqual(['r2']);
  expect(await names('?before=r1')).toEqual([]);
  const unknown = await call(`${world.url}/control/requests?before=r4`);
  expect([unknown.status, unknown.json().detail]).toEqual([404, 'There is no request "r4".']);
  for (const query of ['?state=open', '?limit=0', '?sate=pending', '?limit=1&limit=2']) {
    const answer = await call(`${world.url}/control/requests${query}`);
    expect([query, answer.status, answer.json().code]).toEqual([query, 400, 'bad_request']);
  }
});

test('a request is found by id, short name, auth_req_id and as the latest', async () => {
  await using world = await World.start();
  // `ask` itself finds the request by its auth_req_id.
  const asked = await world.ask(ADA);
  for (const ref of [asked.id, 'r1', 'latest']) {
    expect((await call(`${world.url}/control/requests/${ref}`)).json()).toEqual(asked);
  }
  const unknown = await call(`${world.url}/control/requests/r2`);
  expect([unknown.status, unknown.json().detail]).toEqual([404, 'There is no request "r2".']);
});

test('an unknown auth_req_id is a secret all the same and is not repeated', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/control/requests/zDVEmnqWs1hvbJ8YDtZpQdTA5VjvVv2q`);
  expect([answer.status, answer.json().detail]).toEqual([404, 'There is no request.']);
});

test('who waits for the next request is answered when it comes', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  const arrives = world.arrivalOf('/control/requests/next');
  const wait = call(`${world.url}/control/requests/next?after=r1&user_id=${encodeURIComponent(ADA)}`);
  await arrives;
  await world.ask(GRACE);
  const asked = await world.ask(ADA);
  const answer = await wait;
  expect([answer.status, answer.json()]).toEqual([200, asked]);
});

test('who waits for what is there already is answered with the oldest that still waits', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  const second = await world.ask(ADA);
  await world.ask(ADA);
  await post(`${world.url}/control/requests/r1/decision`, { decision: 'deny' });
  expect((await call(`${world.url}/control/requests/next`)).json()).toEqual(second);
  const unknown = await call(`${world.url}/control/requests/next?after=r99`);
  expect(unknown.status).toBe(404);
});

test('nobody waits longer than agreed, nor for a server that stops', async () => {
  await using world = await World.start();
  const empty = await call(`${world.url}/control/requests/next?timeout=0`);
  expect([empty.status, empty.text]).toEqual([204, '']);

  let arrives = world.arrivalOf('/control/requests/next');
  const startedAt = world.clock.now();
  const impatient = call(`${world.url}/control/requests/next?timeout=10`);
  await arrives;
  await world.moveUntil(impatient);
  expect(world.clock.now()).toBeGreaterThanOrEqual(startedAt + 10_000);
  expect((await impatient).status).toBe(204);

  arrives = world.arrivalOf('/control/requests/next');
  const patient = call(`${world.url}/control/requests/next?timeout=60`);
  await arrives;
  await Promise.all([world.stop(), patient]);
  expect((await patient).status).toBe(204);
});

test('who waited and left is forgotten, and the next one is served', async () => {
  await using world = await World.start();
  const departure = new AbortController();
  const arrives = world.arrivalOf('/control/requests/next');
  const left = call(`${world.url}/control/requests/next`, { signal: departure.signal });
  await arrives;
  departure.abort();
  await expect(left).rejects.toThrow();
  const asked = await world.ask(ADA);
  expect((await call(`${world.url}/control/requests/next`)).json()).toEqual(asked);
});

test('a decision counts once, whoever makes it, and says from where', async () => {
  await using world = await World.start();
  const asked = await world.ask(ADA);
  const decide = (body: unknown) => post(`${world.url}/control/requests/${asked.id}/decision`, body);
  const first = await decide({ decision: 'deny', reason: 'too much', from: 'command line' });
  const approval = {
    ...asked,
    state: 'denied',
    decision: {
      outcome: 'denied',
      by: ADA,
      from: 'command line',
      reason: 'too much',
      at: '2030-01-01T12:00:00.000Z',
    },
  };
  expect([first.status, first.json()]).toEqual([200, { result: 'decided', approval }]);
  const second = await decide({ decision: 'approve' });
  expect([second.status, second.json()]).toEqual([409, { result: 'already_decided', approval }]);

  const story = traceSchema.parse((await call(`${world.url}/control/requests/latest/trace`)).json()).events;
  expect(story.map((event) => event.type)).toEqual([
    'request.received',
    'notification.waiting',
    'decision.made',
    'request.settled',
    'decision.refused',
  ]);
});

test('an approval has no reason, and an unknown outcome is no decision', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  const url = `${world.url}/control/requests/r1/decision`;
  for (const body of [{}, { decision: 'approved' }, { decision: 'approve', by: 'me' }, [], null]) {
    const answer = await post(url, body);
    expect([JSON.stringify(body), answer.status]).toEqual([JSON.stringify(body), 400]);
  }
  const approved = (await post(url, { decision: 'approve', reason: 'go on' })).json();
  expect(approved.approval.decision).not.toHaveProperty('reason');
  expect(approved.approval.decision).toMatchObject({ outcome: 'approved', from: 'control API' });
});

test('a request expires on command, and what is decided stays decided', async () => {
  await using world = await World.start();
  const asked = await world.ask(ADA);
  const expired = await post(`${world.url}/control/requests/r1/expire`);
  const expectation = { ...asked, state: 'expired', expires_at: '2030-01-01T12:00:00.000Z' };
  expect([expired.status, expired.json()]).toEqual([200, expectation]);
  const late = await post(`${world.url}/control/requests/r1/decision`, { decision: 'approve' });
  expect([late.status, late.json()]).toEqual([409, { result: 'expired', approval: expectation }]);

  await world.ask(ADA);
  await post(`${world.url}/control/requests/r2/decision`, { decision: 'approve' });
  expect((await post(`${world.url}/control/requests/r2/expire`)).json().state).toBe('approved');
});

test('events are followed live, numbered and typed', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  await using reader = await EventReader.open(`${world.url}/control/events`);
  await post(`${world.url}/control/requests/r1/expire`);
  expect(await reader.next()).toEqual({
    id: '3',
    event: 'request.expired',
    data: expect.objectContaining({ type: 'request.expired', number: 3, name: 'r1' }),
  });
});

test('a follower that comes back misses nothing and hears nothing twice', async () => {
  await using world = await World.start();
  await world.ask(ADA);
  const followedFrom = async (lastEventId: string, count: number): Promise<string[]> => {
    await using reader = await EventReader.open(`${world.url}/control/events`, {
      'Last-Event-ID': lastEventId,
    });
    const seen: string[] = [];
    while (seen.length < count) seen.push((await reader.next())?.id ?? 'end');
    return seen;
  };
  expect(await followedFrom('0', 2)).toEqual(['1', '2']);
  for (let asked = 0; asked < 3; asked += 1) await world.ask(ADA);
  expect(await followedFrom('2', 6)).toEqual(['3', '4', '5', '6', '7', '8']);
  // A number that this server has not reached comes from before its restart.
  expect(await followedFrom('4711', 8)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  const wrong = await call(`${world.url}/control/events`, { headers: { 'Last-Event-ID': 'abc' } });
  expect([wrong.status, wrong.json().code]).toEqual([400, 'bad_request']);
});
