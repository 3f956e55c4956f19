// Faults as whoever injects them sees them: what is answered, what has happened all the same, and what the trace says.
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import type { FaultInput, TraceEvent } from '../../src/contract/index.ts';
import { createManualClock, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { request } from '../security/raw-call.ts';
import { ADA, CONFIG, World } from '../world.ts';

const AIYA = { client_id: 'aiya', client_secret: 'aiya-secret' };

/** Asks Ada and gives what polls need. */
async function ask(world: World) {
  const agent = new Agent(world, AIYA);
  const authReqId = await agent.askFor({ audience: undefined, scope: 'openid' });
  const { id } = await world.read(authReqId);
  return { id, poll: (signal?: AbortSignal) => agent.poll(authReqId, {}, signal) };
}

async function inject(world: World, fault: unknown) {
  return call(`${world.url}/control/faults`, { method: 'POST', body: fault });
}

test('a fault is listed, shown by the health of the server, and over once it is used up or removed', async () => {
  await using world = await World.start();
  const { control } = world;
  expect(await control.faults.list()).toEqual([]);
  const first = await control.faults.inject({
    on: 'token',
    does: { kind: 'answer', status: 429, retry_after: 3 },
    times: 1,
    client_id: 'aiya',
  });
  expect(first).toMatchObject({
    id: 'f1',
    text: 'token answers 429 (retry after 3 s), once more, for aiya',
    matched: 0,
    applied: 0,
  });
  const second = await control.faults.inject({ on: 'jwks', does: { kind: 'drop', when: 'before' } });
  expect((await control.health()).faults).toEqual([
    { id: 'f1', text: first.text },
    { id: 'f2', text: 'jwks is cut off' },
  ]);
  const { poll } = await ask(world);
  expect(await poll()).toMatchObject({ status: 429, headers: { 'assent-fault': 'f1' } });
  expect(await control.faults.list()).toEqual([second]);
  expect(await control.faults.remove('f2')).toEqual(second);
  await expect(control.faults.remove('f2')).rejects.toMatchObject({ code: 'not_found' });
  expect((await control.health()).faults).toEqual([]);
});

test('the story of a request names each fault that met it', async () => {
  await using world = await World.start();
  await world.control.faults.inject({ on: 'token', does: { kind: 'slow_down' }, times: 1, request: 'next' });
  const { id, poll } = await ask(world);
  expect(await poll()).toMatchObject({ status: 400, headers: { 'retry-after': '10' } });
  const events = await world.control.trace(id);
  expect(events.map((event) => event.type).slice(-2)).toEqual(['fault.applied', 'poll.answered']);
  expect(events.find((event) => event.type === 'fault.applied')).toMatchObject({
    fault: 'f1',
    text: 'token answers slow_down',
    count: 1,
  });
});

test('slow_down raises the interval as a real one does, so a poll that keeps the old one is too fast', async () => {
  await using world = await World.start();
  const { poll } = await ask(world);
  expect((await poll()).json().error).toBe('authorization_pending');
  await world.control.faults.inject({ on: 'token', does: { kind: 'slow_down' }, times: 1 });
  world.clock.advance(60_000);
  expect((await poll()).json()).toMatchObject({ error: 'slow_down', interval: 10 });
  world.clock.advance(6_000);
  expect((await poll()).json()).toMatchObject({ error: 'slow_down', interval: 15 });
  world.clock.advance(15_000);
  expect((await poll()).json().error).toBe('authorization_pending');
});

test('a poll that is refused with 429 or 503 has changed nothing, and says when to come again if it should', async () => {
  await using world = await World.start();
  const { id, poll } = await ask(world);
  await world.control.approve(id);
  const { faults } = world.control;
  await faults.inject({ on: 'token', does: { kind: 'answer', status: 429, retry_after: 2 }, times: 1 });
  await faults.inject({ on: 'token', does: { kind: 'answer', status: 503 }, times: 1 });
  const tooMany = await poll();
  expect(tooMany.status).toBe(429);
  expect(tooMany.headers).toMatchObject({ 'retry-after': '2', 'x-ratelimit-remaining': '0' });
  expect(tooMany.json()).toEqual({
    error: 'too_many_requests',
    error_description: 'Global limit has been reached',
  });
  const unavailable = await poll();
  expect(unavailable.status).toBe(503);
  expect(unavailable.headers['retry-after']).toBeUndefined();
  expect((await poll()).json()).toHaveProperty('access_token');
});

test.each([
  ['backchannel_authentication', 'POST', '/bc-authorize', 'error_description'],
  ['token', 'POST', '/oauth/token', 'error_description'],
  ['userinfo', 'GET', '/userinfo', 'error_description'],
  ['discovery', 'GET', '/.well-known/oauth-authorization-server', 'error_description'],
  ['jwks', 'GET', '/.well-known/jwks.json', 'error_description'],
  ['management', 'GET', '/api/v2/clients', 'errorCode'],
  ['guardian', 'GET', '/appliance-mfa/api/push-service', 'errorCode'],
  ['guardian', 'GET', '/rich-consents/cns_none', 'errorCode'],
  ['/ca*', 'GET', '/ca', 'error_description'],
])('%s is refused in the words of its API: %s %s', async (on, method, path, member) => {
  await using world = await World.start();
  await world.control.faults.inject({ on, does: { kind: 'answer', status: 429 }, times: 1 });
  const refused = await call(`${world.url}${path}`, { method });
  expect([refused.status, refused.headers['assent-fault']]).toEqual([429, 'f1']);
  expect(refused.json()).toHaveProperty(member);
  const answered = await call(`${world.url}${path}`, { method });
  expect([answered.status === 429, answered.headers['assent-fault']]).toEqual([false, undefined]);
});

test('a redemption whose answer is cut off has happened, and happens once', async () => {
  await using world = await World.start();
  const { id, poll } = await ask(world);
  await world.control.approve(id);
  await world.control.faults.inject({ on: 'token', does: { kind: 'drop', when: 'after' }, times: 1 });
  await expect(poll()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await world.read(id)).state).toBe('redeemed');
  expect((await poll()).json()).toMatchObject({ error: 'invalid_grant' });
  expect(await world.story(id)).toContain('token.issued');
});

test('one that is cut off before it is processed can be repeated', async () => {
  await using world = await World.start();
  const { id, poll } = await ask(world);
  await world.control.approve(id);
  await world.control.faults.inject({ on: '/oauth/token', does: { kind: 'drop', when: 'before' }, times: 1 });
  await expect(poll()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await world.read(id)).state).toBe('approved');
  expect((await poll()).json()).toHaveProperty('access_token');
});

test('an answer that ends amid its body announces more than it brings', async () => {
  await using world = await World.start();
  await world.control.faults.inject({ on: 'discovery', does: { kind: 'truncate' }, times: 1 });
  await expect(call(`${world.url}/.well-known/openid-configuration`)).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  expect((await call(`${world.url}/.well-known/openid-configuration`)).status).toBe(200);
});

test('a fault for one client leaves the others alone, however a client says who it is', async () => {
  await using world = await World.start();
  await world.control.faults.inject({
    on: 'token',
    does: { kind: 'answer', status: 503 },
    client_id: 'night-trader',
  });
  const { poll } = await ask(world);
  expect((await poll()).status).toBe(400);
  const post = (headers: Record<string, string>, parameters: Record<string, string>) =>
    call(`${world.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  const basic = Buffer.from('night-trader:any').toString('base64');
  const assertion = `e30.${Buffer.from('{"sub":"night-trader"}').toString('base64url')}.x`;
  expect((await post({}, { client_id: 'night-trader' })).status).toBe(503);
  expect((await post({ Authorization: `Basic ${basic}` }, {})).status).toBe(503);
  expect((await post({}, { client_assertion: assertion })).status).toBe(503);
  expect((await post({}, { client_assertion: 'e30.x.x' })).status).toBe(400);
});

test('beyond loopback, TLS breaks and plain http is still answered on the same port', async () => {
  await using assent = await startAssent({ host: '0.0.0.0' });
  const { control, url, ca = '' } = assent;
  const plain = `${url.replace('https:', 'http:')}/ca`;
  await control.faults.inject({ on: 'connection', does: { kind: 'break_tls', how: 'expired' }, times: 2 });
  const discovery = () => call(`${url}/.well-known/openid-configuration`, { ca });
  await expect(discovery()).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  expect((await control.health()).faults).toHaveLength(1);
  expect((await call(plain)).status).toBeLessThan(400);
  await expect(discovery()).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  expect((await discovery()).status).toBe(200);
});

test('under a certificate that is none of ours, CONNECT and a WebSocket are refused as always', async () => {
  await using assent = await startAssent();
  const { host, port } = new URL(assent.url);
  await assent.control.faults.inject({ on: 'connection', does: { kind: 'break_tls', how: 'untrusted' } });
  const statusOf = async (bytes: string): Promise<string | undefined> => {
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
    socket.write(bytes);
    const received = await text(socket);
    expect(socket.authorized).toBe(false);
    return /^HTTP\/1\.1 (\d+)/.exec(received)?.[1];
  };
  expect(await statusOf(request('elsewhere.example:443', [`Host: ${host}`], 'CONNECT'))).toBe('405');
  const offer = `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  expect(await statusOf(offer)).toBe('404');
});

test('where there is no TLS, none can break', async () => {
  await using world = await World.start();
  const answer = await inject(world, { on: 'connection', does: { kind: 'break_tls', how: 'refuse' } });
  expect([answer.status, answer.json().detail]).toEqual([
    400,
    'Received "break_tls", but this server speaks plain http.',
  ]);
});

test('a stream of events is cut off once it has begun', async () => {
  await using world = await World.start();
  const browser = await PairedBrowser.pair(world, ADA);
  await world.control.faults.inject({
    on: '/approver/events',
    does: { kind: 'drop', when: 'after' },
    times: 1,
  });
  await expect(browser.call('/approver/events')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a key that is rotated again and again still signs', async () => {
  await using world = await World.start();
  await world.control.faults.inject({ on: 'jwks', does: { kind: 'rotate_keys' } });
  const count = async () => (await call(`${world.url}/.well-known/jwks.json`)).json().keys.length;
  const counts: number[] = [];
  for (const _ of Array.from({ length: 8 })) counts.push(await count());
  expect(counts).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  await world.control.faults.clear();
  const { id, poll } = await ask(world);
  await world.control.approve(id);
  expect((await poll()).json()).toHaveProperty('access_token');
});

test.each(['before', 'after'] as const)('a slow answer comes when its time has come (%s)', async (when) => {
  await using world = await World.start();
  await world.control.faults.inject({ on: 'jwks', does: { kind: 'delay', ms: 60_000, when }, times: 1 });
  const answer = call(`${world.url}/.well-known/jwks.json`);
  await world.moveUntil(answer);
  expect((await answer).json().keys).toHaveLength(1);
  expect(world.clock.now()).toBeGreaterThanOrEqual(Date.parse('2030-01-01T12:01:00Z'));
});

test('whoever leaves while a poll is late, and not processed yet, has redeemed nothing', async () => {
  await using world = await World.start();
  await world.control.faults.inject({ on: 'token', does: { kind: 'delay', ms: 60_000 }, times: 1 });
  const { id, poll } = await ask(world);
  await world.control.approve(id);
  const leaving = new AbortController();
  const left = poll(leaving.signal);
  await eventOf(world, 'fault.applied');
  leaving.abort();
  await expect(left).rejects.toThrow();
  expect((await poll()).json()).toHaveProperty('access_token');
});

test('faults count matches by themselves: of those that are due, the oldest takes effect', async () => {
  await using world = await World.start();
  const { faults } = world.control;
  const answer = (status: number, after: number): FaultInput => ({
    on: '/userinfo',
    does: { kind: 'answer', status },
    times: 1,
    after,
  });
  await faults.inject(answer(500, 1));
  await faults.inject(answer(502, 1));
  await faults.inject(answer(503, 3));
  const statuses: number[] = [];
  for (const _ of [1, 2, 3, 4, 5]) statuses.push((await call(`${world.url}/userinfo`)).status);
  expect(statuses).toEqual([401, 500, 502, 503, 401]);
});

test('an answer can be made to land with the expiry: whichever is to be first wins', async () => {
  for (const first of ['decision', 'expiry'] as const) {
    await using world = await World.start();
    const asked = await world.ask(ADA, { expiresInSeconds: 60 });
    await world.control.faults.inject({ on: 'decision', does: { kind: 'race_expiry', first } });
    const deciding = world.control.approve(asked.id);
    await eventOf(world, 'fault.applied');
    world.clock.advance(60_000);
    const { result, approval } = await deciding;
    if (first === 'decision') {
      expect([result, approval.state, approval.decision?.at]).toEqual([
        'decided',
        'approved',
        '2030-01-01T12:00:59.999Z',
      ]);
    } else expect([result, approval.state]).toEqual(['expired', 'expired']);
    expect((await world.story(asked.id)).slice(2)).toEqual(
      first === 'decision'
        ? ['fault.applied', 'decision.made', 'request.settled']
        : ['fault.applied', 'request.expired', 'decision.refused'],
    );
  }
});

async function eventOf(world: World, type: TraceEvent['type']): Promise<TraceEvent> {
  const abort = new AbortController();
  for await (const event of world.control.events({ afterNumber: 0, signal: abort.signal })) {
    if (event.type !== type) continue;
    abort.abort();
    return event;
  }
  throw new Error(`no ${type} came`);
}

/** Thirty reads of the keys, each of which fails with some probability. */
async function statusesWith(seed: string): Promise<string> {
  await using assent = await startAssent({
    config: CONFIG,
    tls: false,
    clock: createManualClock(Date.parse('2030-01-01T12:00:00Z')),
  });
  await assent.control.faults.inject({
    on: 'jwks',
    does: { kind: 'answer', status: 503 },
    probability: 0.3,
    seed,
  });
  for (const _ of Array.from({ length: 30 })) await call(`${assent.url}/.well-known/jwks.json`);
  await assent.control.faults.clear();
  const events: TraceEvent[] = [];
  for await (const event of assent.control.events({ afterNumber: 0 })) {
    events.push(event);
    if (event.type === 'fault.ended') break;
  }
  return JSON.stringify(events);
}

test('the same seed gives the same trace, another seed another one', async () => {
  const [one, again, other] = [
    await statusesWith('monday'),
    await statusesWith('monday'),
    await statusesWith('tuesday'),
  ];
  expect(again).toBe(one);
  expect(other).not.toBe(one);
  expect(JSON.parse(one).at(-1)).toMatchObject({ type: 'fault.ended', why: 'removed', applied: 5 });
});

test.each<[string, unknown, string]>([
  ['no place', { does: { kind: 'slow_down' } }, 'on: Invalid input: expected string, received undefined'],
  [
    'an unknown place',
    { on: 'tokens', does: { kind: 'slow_down' } },
    'on: received "tokens", expected backchannel_authentication, token,',
  ],
  [
    'the control API',
    { on: '/control/*', does: { kind: 'drop', when: 'before' } },
    'on: received "/control/*", but nothing below /control and /push fails by path',
  ],
  [
    'what cannot go wrong there',
    { on: 'jwks', does: { kind: 'slow_down' } },
    'does.kind: received "slow_down" on jwks, expected answer, delay, drop, truncate, rotate_keys, stale_keys',
  ],
  [
    'a status that nobody answers there',
    { on: 'email', does: { kind: 'answer', status: 429 } },
    'does.status: received 429 on email, expected 421, 450, 451, 550, 552, 554',
  ],
  [
    'a request where there is none',
    { on: 'jwks', does: { kind: 'drop', when: 'before' }, request: 'latest' },
    'request: received one on jwks, expected it on token, push, email, decision, callback only',
  ],
  [
    'a seed for nothing',
    { on: 'token', does: { kind: 'slow_down' }, seed: 7 },
    'seed: received one without probability',
  ],
  [
    'no times',
    { on: 'token', does: { kind: 'slow_down' }, times: 0 },
    'times: Too small: expected number to be >=1',
  ],
])('%s gets a clear error', async (_what, fault, complaint) => {
  await using world = await World.start();
  const answer = await inject(world, fault);
  expect([answer.status, answer.json().detail]).toEqual([400, expect.stringContaining(complaint)]);
  expect(await world.control.faults.list()).toEqual([]);
});

test('a request that is not there cannot fail', async () => {
  await using world = await World.start();
  const answer = await inject(world, { on: 'token', does: { kind: 'slow_down' }, request: 'r9' });
  expect([answer.status, answer.json()]).toMatchObject([
    404,
    { detail: 'There is no request "r9" that could fail.' },
  ]);
});
