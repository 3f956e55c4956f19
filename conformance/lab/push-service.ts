// A push service that the labs of a file trust and send to, and devices that are told through it.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TenantConfigInput } from 'assent/contract';
import { expect } from 'vitest';
import { ApproverDevice } from '../client/approver-device.ts';
import { makeAuthority } from '../client/certificates.ts';
import { PushObserver, type PushSubscriber } from '../client/push-observer.ts';
import type { Lab } from './lab.ts';

export async function startPushService(): Promise<PushObserver> {
  const authority = await makeAuthority('CN=Authority of a push service');
  // What the server trusts for the host of a push service is what its process trusts.
  setDefaultCACertificates([...getCACertificates('default'), authority.ca]);
  return PushObserver.start(await authority.issueForLocalhost());
}

/** A tenant that sends to these hosts. */
export function withPushServices(
  ...hosts: readonly string[]
): (config: TenantConfigInput) => TenantConfigInput {
  return (config) => ({ ...config, guardian: { ...config.guardian, push_services: [...hosts] } });
}

export interface ToldDevice extends AsyncDisposable {
  readonly subscriber: PushSubscriber;
  readonly device: ApproverDevice;
}

/** A device of a person that is told through the push service, and is gone when the test ends. */
export async function enrolTold(lab: Lab, userId: string, subscriber: PushSubscriber): Promise<ToldDevice> {
  const server = { url: lab.url, ca: lab.ca, now: () => lab.now() };
  const name = `Phone ${new URL(subscriber.endpoint).pathname.split('/').at(-1)}`;
  const device = await ApproverDevice.enrol(server, userId, name);
  expect((await device.subscribe(subscriber.toJSON())).status).toBe(200);
  return {
    subscriber,
    device,
    async [Symbol.asyncDispose]() {
      await device.call('DELETE', `/approver/devices/${device.id}`);
      await device[Symbol.asyncDispose]();
    },
  };
}

/** Of what `work` does nothing is told, neither in an inbox nor by a push; of what is asked after it, one push. */
export async function nobodyIsTold(
  lab: Lab,
  { observer, userId }: { observer: PushObserver; userId: string },
  work: () => Promise<unknown>,
): Promise<void> {
  await using phone = await enrolTold(lab, userId, observer.subscribe());
  const before = await phone.device.inbox();
  await lab.nobodyIsAsked(work);
  expect(await phone.device.inbox()).toEqual(before);
  await lab.client('agent').askFor({ login_hint: lab.hint(userId) });
  expect(await observer.arrival(phone.subscriber)).toHaveLength(1);
}
