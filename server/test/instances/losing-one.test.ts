// An instance that is killed, and instances that are restarted in turn: what they had taken on is done once, by somebody else.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pushMessageSchema, pushSetupSchema, relaySubscriptionSchema } from '../../src/contract/index.ts';
import { Agent } from '../agent.ts';
import { EventReader } from '../event-reader.ts';
import { type Answer, call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { CallbackReceiver } from '../standard/callback-receiver.ts';
import { bankThatCalls, TOKEN } from '../standard/called-agent.ts';
import { BrowserKeys } from '../web-push/browser-keys.ts';
import { ADA } from '../world.ts';
import { ThreeInstances } from './three-instances.ts';

// Three processes take their time to start.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let receiver: CallbackReceiver;
let three: ThreeInstances;

beforeAll(async () => {
  receiver = await CallbackReceiver.start();
  three = await ThreeInstances.start(bankThatCalls(receiver.url()));
});
afterAll(async () => {
  await three[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

async function kill(index: number): Promise<void> {
  await three.at(index).process.stop('SIGKILL');
}

test('a request whose instance is killed ends in its time, once', async () => {
  await using story = await three.follow(1);
  const authReqId = await three.agent(0).askFor({ requested_expiry: '6' });
  await kill(0);
  await story.nextOf('request.expired');
  await three.startOne(0);
  const types = (await three.at(0).control.trace(authReqId)).map(({ type }) => type);
  expect(types.filter((type) => type === 'request.expired')).toHaveLength(1);
  expect((await three.agent(0).poll(authReqId)).json().error).toBe('access_denied');
});

test('a client is called back by another instance, in the same words, where the one that called it is killed', async () => {
  // The first call is never answered.
  receiver.replies.push(() => undefined);
  const pinger = new Agent(three.at(0), { client_id: 'pinger', client_secret: 'pinger-secret-not-real' });
  const authReqId = await pinger.askFor({ client_notification_token: TOKEN });
  await using story = await three.follow(2);
  await three.at(1).control.approve(authReqId);
  await receiver.callbacks(1);
  await kill(1);
  const { data: sent } = await story.nextOf('callback.sent');
  expect(sent).toMatchObject({ name: expect.stringMatching(/^r\d+$/) });
  const [first, second] = await receiver.callbacks(2);
  expect(second?.body).toEqual(first?.body);
  await three.startOne(1);
  expect((await pinger.poll(authReqId)).status).toBe(200);
  expect(receiver.received).toHaveLength(2);
});

test('a push reaches the browser that listens at another instance, and is told once', async () => {
  three.choose(2);
  const ada = await PairedBrowser.pair(three, ADA);
  const { vapid_public_key: vapid } = pushSetupSchema.parse((await ada.call('/approver/push')).json());
  const made = await call(`${three.url}/push/subscribe`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/webpush-options+json' },
    body: JSON.stringify({ vapid }),
  });
  const relay = relaySubscriptionSchema.parse(made.json());
  const keys = new BrowserKeys();
  await ada.call(`/approver/devices/${ada.device.id}/push`, {
    method: 'PUT',
    body: { kind: 'relay', subscription: keys.toSubscription(relay.endpoint) },
  });
  await using stream = await EventReader.open(relay.subscription);
  await using story = await three.follow(0);
  const authReqId = await three.agent(0).askFor();
  const { data } = await stream.nextOf('push');
  const text = keys.open(Buffer.from(data.body, 'base64url')).text;
  expect(pushMessageSchema.parse(JSON.parse(text)).kind).toBe('request');
  three.choose(1);
  expect(
    (await call(data.message.replace(/^https?:\/\/[^/]+/, three.url), { method: 'DELETE' })).status,
  ).toBe(204);
  await story.nextOf('notification.received');
  const types = (await three.at(1).control.trace(authReqId)).map(({ type }) => type);
  expect(types.filter((type) => type === 'notification.delivered')).toHaveLength(1);
  expect(types.filter((type) => type === 'notification.received')).toHaveLength(1);
});

test('instances that are restarted in turn under load lose nothing', async () => {
  three.choose(undefined);
  const agent = new Agent(three);
  let isOver = false;
  const redeemed: string[] = [];
  const broken: string[] = [];
  /** As a client does: a connection that ends before the answer, or 503, is a reason to ask again. */
  const ask = async (send: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      try {
        const answer = await send();
        if (answer.status !== 503) return answer;
      } catch (cause) {
        broken.push(String(cause));
      }
    }
  };
  const flows = async (): Promise<void> => {
    while (!isOver) {
      const { auth_req_id: authReqId } = (await ask(() => agent.ask())).json();
      expect((await ask(() => agent.poll(authReqId))).json().error).toBe('authorization_pending');
      const decided = await ask(() =>
        call(`${three.url}/control/requests/${authReqId}/decision`, {
          method: 'POST',
          body: { decision: 'approve', from: 'control API' },
        }),
      );
      expect([200, 409]).toContain(decided.status);
      const tokens = await ask(() => agent.poll(authReqId));
      expect([tokens.status, tokens.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
      redeemed.push(authReqId);
    }
  };
  const clients = [flows(), flows(), flows()];
  const load = Promise.all(clients);
  for (const index of [0, 1, 2]) {
    const before = redeemed.length;
    const { code } = await three.at(index).process.stop('SIGTERM');
    expect(code).toBe(0);
    await three.startOne(index);
    // However quick that was: some come to their end before the next one stops.
    await expect.poll(() => redeemed.length).toBeGreaterThan(before + 3);
  }
  isOver = true;
  await load;
  for (const authReqId of redeemed.slice(0, 200)) {
    expect((await three.at(1).control.request(authReqId)).state).toBe('redeemed');
  }
  // Whom the system has let in when the door closes, and Node has not, is reset, and nothing of it was done. Each client meets that
  // once at most for each door.
  expect(broken.length).toBeLessThanOrEqual(3 * clients.length);
});

test('a store that has lost everything is begun anew by all, and numbers of events go on', async () => {
  three.choose(undefined);
  const lost = await three.agent(0).askFor();
  await three.at(1).control.approve(lost);
  const numbersAt = async (index: number): Promise<number[]> => {
    const answer = await call(`${three.at(index).url}/control/trace`);
    return answer.json().events.map(({ number }: { number: number }) => number);
  };
  const last = Math.max(...(await numbersAt(2)));
  three.redis.run('FLUSHALL');
  expect((await three.agent(0).poll(lost)).json().error).toBe('invalid_grant');
  const authReqId = await three.agent(0).askFor();
  expect((await three.at(1).control.approve(authReqId)).result).toBe('decided');
  expect((await three.agent(2).poll(authReqId)).status).toBe(200);
  expect((await three.agent(0).poll(authReqId)).json().error).toBe('invalid_grant');
  const numbers = await numbersAt(2);
  expect(numbers.length).toBeGreaterThan(0);
  expect(Math.min(...numbers)).toBeGreaterThan(last);
});
