// Our sender and our push service together: from a request to the browser, and back to silence.
import { expect, test } from 'vitest';
import { pushMessageSchema } from '../../src/contract/index.ts';
import {
  FCM_HOSTS,
  FCM_TOKEN_PREFIX,
  PushEndpoints,
  PushOutbox,
  type PushReport,
  PushSender,
} from '../../src/notify/index.ts';
import { createQuestions } from './approvals.ts';
import { BrowserKeys } from './browser-keys.ts';
import { ChromiumPush } from './chromium-push.ts';
import { certificates, PushWorld } from './push-world.ts';

/** The sending half, with the server reached in one of the two ways in which it may listen. */
function createOutbox(world: PushWorld, connectTo: string) {
  const reports: PushReport[] = [];
  const outbox = new PushOutbox({
    clock: world.clock,
    sender: new PushSender({
      endpoints: new PushEndpoints({
        own: { origin: world.origin, connectTo, ca: certificates.ca },
        imitated: { hosts: FCM_HOSTS, tokenPrefix: FCM_TOKEN_PREFIX },
      }),
      vapidKeys: world.vapidKeys,
      contact: 'mailto:ops@example.com',
    }),
    urlOf: ({ id }) => `/approve/requests/${id}`,
    quickActions: () => [],
    report: (report) => reports.push(report),
    reportReceived: () => undefined,
    onUnexpected: (error) => world.unexpected.push(error),
  });
  return { outbox, reports };
}

test('a page that was away sees the request, or only how it ended', async () => {
  await using world = await PushWorld.start();
  for (const connectTo of [world.origin, world.plainOrigin]) {
    const page = await world.subscribePage();
    const device = { deviceId: 'dev_1', deviceName: 'Page', subscription: page.subscription };
    const { outbox } = createOutbox(world, connectTo);
    const questions = createQuestions(world.clock);
    const approval = await questions.ask();
    outbox.announce(approval, [device]);
    await using stream = await world.listen(page);
    const asked = await world.read(page, stream);
    expect(pushMessageSchema.parse(JSON.parse(asked.text))).toMatchObject({
      kind: 'request',
      approval_id: approval.id,
    });
    outbox.conclude(await questions.deny(approval), [device]);
    expect(JSON.parse((await world.read(page, stream)).text)).toMatchObject({
      kind: 'ended',
      state: 'denied',
    });
    // The question was never acknowledged, but its end has taken its place.
    await using later = await world.listen(page);
    expect(JSON.parse((await world.read(page, later)).text)).toMatchObject({ kind: 'ended' });
    outbox.close();
    questions.close();
  }
});

test("a push for Google's host reaches Chromium through the imitation", async () => {
  await using world = await PushWorld.start();
  const chromium = await ChromiumPush.checkIn({
    plainOrigin: world.plainOrigin,
    switches: world.push.chromiumSwitches,
    ca: certificates.ca,
  });
  const keys = new BrowserKeys();
  const endpoint = await chromium.subscribe('cM0pT1nmL2s', world.vapidKeys.publicKey);
  expect(new URL(endpoint).host).toBe('jmt17.google.com');
  const { outbox } = createOutbox(world, world.origin);
  const questions = createQuestions(world.clock);
  outbox.announce(await questions.ask(), [
    { deviceId: 'dev_1', deviceName: 'Chromium', subscription: keys.toSubscription(endpoint) },
  ]);
  await using connection = await chromium.connect();
  const push = await connection.nextPush();
  expect(JSON.parse(keys.open(push.body).text)).toMatchObject({ kind: 'request', code: 'TRIP-7F2' });
  outbox.close();
  questions.close();
});

test('a planned fault makes the sender do what it would do on a real bad day', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const device = { deviceId: 'dev_1', deviceName: 'Page', subscription: page.subscription };
  const { outbox, reports } = createOutbox(world, world.origin);
  const questions = createQuestions(world.clock);
  const { faults } = world.push;
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 413 });
  await using stream = await world.listen(page);
  outbox.announce(await questions.ask(), [device]);
  expect(JSON.parse((await world.read(page, stream)).text)).toMatchObject({
    kind: 'request',
    body: '',
    code: '',
  });
  expect(reports.map(({ outcome }) => outcome.outcome)).toContain('too_large');
  outbox.close();
  questions.close();
});
