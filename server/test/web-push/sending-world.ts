// A server that sends to somebody else's push service. Time stands still until a test moves it.
import { createSystemClock } from '../../src/clock.ts';
import { type PushMessage, pushMessageSchema } from '../../src/contract/index.ts';
import {
  loadVapidKeys,
  type PushDevice,
  PushEndpoints,
  PushOutbox,
  type PushReport,
  PushSender,
} from '../../src/notify/index.ts';
import { createMemoryStore } from '../../src/tenant/index.ts';
import { createQuestions } from './approvals.ts';
import { BrowserKeys } from './browser-keys.ts';
import { createCountedClock } from './counted-clock.ts';
import { type RecordedPush, RecordingPushService } from './recording-push-service.ts';

const START_MS = Date.parse('2030-01-01T12:00:00Z');

interface EnrolledDevice extends PushDevice {
  keys: BrowserKeys;
}

export interface SendingOptions {
  deadlineMs?: number;
  beforeSending?: () => Promise<void>;
}

export async function startSending({ deadlineMs, beforeSending }: SendingOptions = {}) {
  const clock = createCountedClock(START_MS);
  const service = await RecordingPushService.start();
  const vapidKeys = await loadVapidKeys(undefined, createMemoryStore(createSystemClock()));
  const questions = createQuestions(clock);
  const sender = new PushSender({
    endpoints: new PushEndpoints({
      own: { origin: 'https://assent.test', connectTo: 'https://localhost:1' },
      extraHosts: () => [service.host],
    }),
    vapidKeys,
    contact: 'mailto:ops@example.com',
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const reports: PushReport[] = [];
  const unexpected: unknown[] = [];
  let wake = (): void => {};
  const outbox = new PushOutbox({
    clock,
    sender,
    urlOf: (approval) => `/approve/requests/${approval.id}`,
    quickActions: () => [],
    ...(beforeSending === undefined ? {} : { beforeSending }),
    report: (report) => {
      reports.push(report);
      wake();
    },
    reportReceived: () => undefined,
    onUnexpected: (error) => unexpected.push(error),
  });
  return {
    clock,
    service,
    vapidKeys,
    questions,
    sender,
    outbox,
    reports,
    /** Outcomes in words, of all attempts so far, once there are `count` of them. */
    async outcomes(count: number): Promise<string[]> {
      while (reports.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return reports.map(({ device, kind, outcome }) => `${device.deviceName}: ${kind} ${outcome.outcome}`);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      outbox.close();
      questions.close();
      await service[Symbol.asyncDispose]();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'Sending failed.');
    },
  };
}

export function enrol(origin: string, name: string): EnrolledDevice {
  const keys = new BrowserKeys();
  return {
    keys,
    deviceId: `dev_${name}`,
    deviceName: name,
    subscription: keys.toSubscription(`${origin}/wpush/v2/${name}?part=of%20it`),
  };
}

/** What came for one device. */
export function sentTo(service: RecordingPushService, { deviceName }: PushDevice): RecordedPush[] {
  return service.received.filter(({ url }) => url.includes(`/${deviceName}?`));
}

export function open(device: EnrolledDevice, push: RecordedPush | undefined): PushMessage {
  if (!push) throw new Error('Nothing came.');
  return pushMessageSchema.parse(JSON.parse(device.keys.open(push.body).text));
}
