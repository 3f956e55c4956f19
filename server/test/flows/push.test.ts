// From a request to an encrypted push, and what the trace says about it: push service, sender and relay, wired together.
import { expect, test } from 'vitest';
import {
  deviceSchema,
  pushMessageSchema,
  pushSetupSchema,
  relaySubscriptionSchema,
} from '../../src/contract/index.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { BrowserKeys } from '../web-push/browser-keys.ts';
import { ADA, GRACE, World } from '../world.ts';

/** A page that could not subscribe at its browser's push service, and therefore listens by itself. */
async function subscribeByRelay(world: World, browser: PairedBrowser) {
  const { vapid_public_key: vapidKey } = pushSetupSchema.parse((await browser.call('/approver/push')).json());
  const keys = new BrowserKeys();
  const made = await call(`${world.url}/push/subscribe`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/webpush-options+json' },
    body: JSON.stringify({ vapid: vapidKey }),
  });
  const relay = relaySubscriptionSchema.parse(made.json());
  const registered = await browser.call(`/approver/devices/${browser.device.id}/push`, {
    method: 'PUT',
    body: { kind: 'relay', subscription: keys.toSubscription(relay.endpoint) },
  });
  expect([registered.status, deviceSchema.parse(registered.json()).push]).toEqual([200, 'relay']);
  const stream = await EventReader.open(relay.subscription);
  const read = async () => {
    const { data } = await stream.nextOf('push');
    return pushMessageSchema.parse(JSON.parse(keys.open(Buffer.from(data.body, 'base64url')).text));
  };
  return { relay, stream, read };
}

test('a request reaches a device by push with ids and a headline, and its end replaces it', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const { stream, read } = await subscribeByRelay(world, ada);
  await using _stream = stream;
  const approval = await world.ask(ADA);

  expect(await read()).toEqual({
    v: 1,
    kind: 'request',
    approval_id: approval.id,
    name: 'r1',
    title: expect.stringContaining('aiya'),
    body: approval.consent.summary,
    code: 'TRIP-7F2',
    url: `/approve/requests/${approval.id}`,
    expires_at: approval.expires_at,
  });
  await ada.answer(approval, true);
  expect(await read()).toMatchObject({ kind: 'ended', approval_id: approval.id, state: 'approved' });
  expect(await world.story(approval.id)).toEqual([
    'request.received',
    'notification.delivered',
    'request.read',
    'decision.made',
    'request.settled',
  ]);
});

test('a device whose subscription is gone is marked as lost, and the trace says so', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const { relay, stream } = await subscribeByRelay(world, ada);
  await stream[Symbol.asyncDispose]();
  expect((await call(relay.subscription, { method: 'DELETE' })).status).toBe(204);
  await using story = await EventReader.open(`${world.url}/control/events`);
  await world.ask(ADA);
  expect((await story.nextOf('notification.failed')).data.why).toContain('unsubscribed');
  const { devices } = (await ada.call('/approver/devices')).json();
  expect(devices.map((device: { push: string }) => device.push)).toContain('lost');
});

test('nothing is pushed to an address that is no push service', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const keys = new BrowserKeys();
  for (const endpoint of [
    'https://169.254.169.254/latest/meta-data',
    'https://attacker.example/push',
    'http://fcm.googleapis.com/fcm/send/x',
    `${world.url}/control/requests/latest/decision`,
  ]) {
    const answer = await ada.call(`/approver/devices/${ada.device.id}/push`, {
      method: 'PUT',
      body: { kind: 'web-push', subscription: keys.toSubscription(endpoint) },
    });
    expect([endpoint, answer.status, answer.json().code]).toEqual([endpoint, 400, 'bad_request']);
  }
});

test('a device speaks for itself alone, and may fall silent', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const grace = await PairedBrowser.pair(world, GRACE);
  const { stream } = await subscribeByRelay(world, ada);
  await using _stream = stream;
  const path = `/approver/devices/${ada.device.id}/push`;
  expect((await grace.call(path, { method: 'DELETE' })).status).toBe(403);
  expect((await ada.call(path, { method: 'DELETE' })).status).toBe(204);
  const approval = await world.ask(ADA);
  expect(await world.story(approval.id)).toEqual(['request.received', 'notification.waiting']);
});

test('WPUSH-SEC-01: what a push carries opens and decides nothing by itself (RFC 8030 §8)', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const { stream, read } = await subscribeByRelay(world, ada);
  await using _stream = stream;
  const asked = await world.ask(ADA);
  const message = await read();
  const path = `/approver/requests/${message.approval_id}`;
  const body = { challenge_response: message.approval_id };
  for (const Authorization of ['', `Bearer ${message.approval_id}`, `Device ${message.approval_id}`]) {
    const headers = Authorization === '' ? {} : { Authorization };
    expect((await call(world.url + path, { headers })).status).toBe(401);
    expect((await call(`${world.url}${path}/transaction`, { method: 'POST', headers, body })).status).toBe(
      401,
    );
  }
  expect(await world.read(asked.id)).toEqual(asked);
});

test('WPUSH-SRC-01: with a push service out of reach the agent is answered as ever, and the person can answer too (RFC 8030 §5)', async () => {
  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const endpoint = 'https://updates.push.services.mozilla.com/wpush/v2/out-of-reach';
  const registered = await ada.call(`/approver/devices/${ada.device.id}/push`, {
    method: 'PUT',
    body: { kind: 'web-push', subscription: new BrowserKeys().toSubscription(endpoint) },
  });
  expect(registered.status).toBe(200);
  await using story = await EventReader.open(`${world.url}/control/events`);
  const asked = await world.ask(ADA);
  expect((await story.nextOf('notification.failed')).data).toMatchObject({
    approval: asked.id,
    why: expect.stringContaining('it is tried again'),
  });
  expect((await ada.call('/approver/inbox')).json().waiting).toEqual([asked]);
  expect((await ada.answer(asked, true)).json().result).toBe('decided');
});

test.each([
  ['both answers', { quick_actions: true }, ['approve', 'deny']],
  [
    'Deny alone where a passkey approves',
    { quick_actions: true, factors: { 'webauthn-platform': true } },
    ['deny'],
  ],
  ['no answer unless the tenant file says so', {}, undefined],
] as const)('a notification offers %s', async (_what, guardian, actions) => {
  await using world = await World.start({ guardian });
  const ada = await PairedBrowser.pair(world, ADA);
  const { stream, read } = await subscribeByRelay(world, ada);
  await using _stream = stream;
  const approval = await world.ask(ADA);
  const asking = await read();
  expect([asking.kind, asking.actions]).toEqual(['request', actions]);
  await world.control.deny(approval.id);
  const ended = await read();
  expect([ended.kind, ended.actions]).toEqual(['ended', undefined]);
});

test('a notification that cannot say all that is asked offers no answer', async () => {
  await using world = await World.start({ guardian: { quick_actions: true } });
  const ada = await PairedBrowser.pair(world, ADA);
  const { stream, read } = await subscribeByRelay(world, ada);
  await using _stream = stream;
  await world.ask(ADA, { scope: 'openid profile' });
  expect((await read()).actions).toBeUndefined();
});
