// Ping: the client is told that there is an answer, once, and fetches it. CIBA Core §10.2.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { CallbackReceiver } from './callback-receiver.ts';
import { bankThatCalls, CalledAgent, TOKEN } from './called-agent.ts';

let clock: ManualClock;
let receiver: CallbackReceiver;
let assent: RunningAssent;
let agent: CalledAgent;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  receiver = await CallbackReceiver.start();
  assent = await startAssent({ tls: false, clock, config: bankThatCalls(receiver.url()) });
  agent = new CalledAgent(assent, 'pinger');
});
afterEach(async () => {
  await assent.close();
  await receiver[Symbol.asyncDispose]();
});

describe('a ping client', () => {
  it.each(['approve', 'deny'] as const)('is called once after the person decided to %s', async (answer) => {
    const id = await agent.askFor();
    await assent.control[answer]('latest');
    await agent.attempts(1);
    expect(receiver.received).toEqual([
      {
        method: 'POST',
        path: '/ciba',
        headers: expect.objectContaining({
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
        }),
        body: { auth_req_id: id },
      },
    ]);
    const fetched = await agent.poll(id);
    expect(fetched.json()).toMatchObject(
      answer === 'approve' ? { access_token: expect.any(String) } : { error: 'access_denied' },
    );
  });

  it('is called when its request expires, and then told so', async () => {
    const id = await agent.askFor({ requested_expiry: '60' });
    clock.advance(60_000);
    await agent.attempts(1);
    expect(receiver.received[0]?.body).toEqual({ auth_req_id: id });
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'expired_token' });
  });

  it('has its answer while it still takes the call, however soon it polled before', async () => {
    const id = await agent.askFor();
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'authorization_pending' });
    const { promise: polled, resolve } = Promise.withResolvers<number>();
    receiver.replies.push(async (response) => {
      resolve((await agent.poll(id)).status);
      response.writeHead(204).end();
    });
    await assent.control.approve('latest');
    expect(await polled).toBe(200);
  });

  it('may poll beside it, at the pace that it was told', async () => {
    const answer = await agent.ask();
    const { auth_req_id: id, interval } = answer.json();
    expect(interval).toBe(5);
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'authorization_pending' });
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'slow_down' });
  });

  it('hears of each request with the token of that request', async () => {
    const [first, second] = [
      await agent.askFor({ client_notification_token: 'first' }),
      await agent.askFor({ client_notification_token: 'second' }),
    ];
    await assent.control.approve(second);
    await assent.control.deny(first);
    await agent.attempts(2);
    const heard = receiver.received.map(({ headers, body }) => [headers.authorization, body.auth_req_id]);
    expect(new Set(heard)).toEqual(
      new Set([
        ['Bearer second', second],
        ['Bearer first', first],
      ]),
    );
  });

  it('is not called before it knows the reference, even where a rule answers at once', async () => {
    await assent.control.rules.add({ answer: 'approve' });
    const id = await agent.askFor();
    const [callback] = await receiver.callbacks(1);
    expect(callback?.body).toEqual({ auth_req_id: id });
    expect((await agent.poll(id)).status).toBe(200);
  });
});

describe('a call', () => {
  it.each<[string, number, string | undefined]>([
    ['204', 204, undefined],
    ['200 with a body that says otherwise', 200, '{"error":"x"}'],
    ['200 with a page', 200, '<!doctype html><title>no</title>'],
  ])('is over with %s', async (_name, status, body) => {
    receiver.replies.push((response) => response.writeHead(status).end(body));
    const id = await agent.askFor();
    await assent.control.approve('latest');
    expect(await agent.attempts(1)).toMatchObject([{ says: 'ping', outcome: 'taken', attempt: 1 }]);
    clock.advance(600_000);
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'expired_token' });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirection with %i', async (status) => {
    await using elsewhere = await CallbackReceiver.start();
    receiver.replies.push((response) => response.writeHead(status, { Location: elsewhere.url() }).end());
    const id = await agent.askFor();
    await assent.control.approve('latest');
    expect(await agent.attempts(1)).toMatchObject([
      { outcome: 'refused', why: `the client answered ${status}, and no redirection is followed` },
    ]);
    expect((await agent.poll(id)).status).toBe(200);
    expect(elsewhere.received).toEqual([]);
  });

  it.each([401, 403, 404])('that is answered %i is not repeated, and the answer stays', async (status) => {
    receiver.replies.push(status);
    const id = await agent.askFor();
    await assent.control.approve('latest');
    expect(await agent.attempts(1)).toMatchObject([{ outcome: 'refused' }]);
    clock.advance(60_000);
    expect((await agent.poll(id)).status).toBe(200);
    expect(receiver.received).toHaveLength(1);
  });

  it('is tried again after errors, later each time, until it is taken', async () => {
    receiver.replies.push(
      500,
      (response) => response.destroy(),
      (response) => response.writeHead(503, { 'Retry-After': '30' }).end(),
    );
    const id = await agent.askFor();
    await assent.control.approve('latest');
    for (const [count, seconds] of [
      [1, 5],
      [2, 10],
      [3, 30],
    ] as const) {
      const attempt = (await agent.attempts(count)).at(-1);
      expect(Date.parse(attempt?.retry_at ?? '') - clock.now()).toBe(seconds * 1000);
      clock.advance(seconds * 1000);
    }
    const attempts = await agent.attempts(4);
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
      [4, 'taken'],
    ]);
    expect(new Set(receiver.received.map(({ body }) => body.auth_req_id))).toEqual(new Set([id]));
  });

  it('is not repeated for a client that has fetched its answer meanwhile', async () => {
    receiver.replies.push(500);
    const id = await agent.askFor();
    await assent.control.approve('latest');
    await agent.attempts(1);
    expect((await agent.poll(id)).status).toBe(200);
    clock.advance(5_000);
    // Another one, so that something is waited for that comes after it.
    await agent.askFor();
    await assent.control.approve('latest');
    expect((await agent.attempts(2)).map(({ name }) => name)).toEqual(['r1', 'r2']);
    expect(receiver.received).toHaveLength(2);
  });

  it('is given up after nine attempts', async () => {
    receiver.replies.push(...Array.from({ length: 9 }, () => 500));
    const id = await agent.askFor();
    await assent.control.approve('latest');
    for (let count = 1; count < 9; count += 1) {
      await agent.attempts(count);
      clock.advance(120_000);
    }
    const last = (await agent.attempts(9)).at(-1);
    expect(last).toMatchObject({ attempt: 9, outcome: 'failed' });
    expect(last).not.toHaveProperty('retry_at');
    clock.advance(3_600_000);
    expect((await agent.poll(id)).json()).toMatchObject({ error: 'expired_token' });
    expect(receiver.received).toHaveLength(9);
  });

  it('that hangs keeps neither the person nor another call waiting, and ends with its deadline', async () => {
    receiver.replies.push(() => undefined);
    const hanging = await agent.askFor();
    await assent.control.approve(hanging);
    await receiver.callbacks(1);
    const next = await agent.askFor();
    await assent.control.approve(next);
    expect(await agent.attempts(1)).toMatchObject([{ outcome: 'taken', name: 'r2' }]);
    clock.advance(10_000);
    const failed = (await agent.attempts(2)).at(-1);
    expect(failed).toMatchObject({ outcome: 'failed', name: 'r1' });
    expect(failed?.why).toMatch(/no answer within 10 s$/);
    expect((await agent.poll(hanging)).status).toBe(200);
  });
});

it('a client that polls is never called, and its notification token is ignored', async () => {
  const poller = new CalledAgent(assent, 'poller');
  const id = await poller.askFor({ client_notification_token: 'abc123' });
  await assent.control.approve('latest');
  expect((await poller.poll(id)).status).toBe(200);
  expect((await assent.control.trace(id)).map(({ type }) => type)).not.toContain('callback.sent');
  expect(receiver.received).toEqual([]);
});

describe('the notification token', () => {
  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['one with 1025 characters', 'a'.repeat(1025)],
    ['one with a space', 'a b'],
    ['one with a quotation mark', 'a"b'],
    ['one with a line break', 'a\r\nX-Evil: 1'],
    ['one with a letter beyond ASCII', 'ä'],
    ['one with = in its middle', 'a=b'],
  ])('is required and must be a bearer credential: %s is refused', async (_name, token) => {
    const answer = await agent.ask({ client_notification_token: token });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
    expect(answer.json().error_description).toContain('client_notification_token');
    expect(await assent.control.requests()).toEqual([]);
  });

  it('may have 1024 characters, and comes back as it is', async () => {
    const token = `${'aZ09-._~+/'.repeat(102)}ab==`;
    expect(token).toHaveLength(1024);
    await agent.askFor({ client_notification_token: token });
    await assent.control.approve('latest');
    const [callback] = await receiver.callbacks(1);
    expect(callback?.headers.authorization).toBe(`Bearer ${token}`);
  });
});
