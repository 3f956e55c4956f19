// The browsers that approvers paired, and the devices that the tenant file lists. A device that paired has a key and may
// answer; one from the file only makes its person reachable.
import { isDeepStrictEqual } from 'node:util';
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import type { Device, PushSubscription, UserConfig } from '../contract/index.ts';
import type { Ids } from '../ids.ts';
import type { Collection, Store } from '../store.ts';

export interface EnrolledDevice {
  id: string;
  name: string;
  userId: string;
  status: 'pending' | 'confirmed';
  /** Public half of the key that signs answers; absent for devices from the tenant file. */
  publicKey?: JWK;
  enrolledAtMs: number;
  push?: DevicePush;
  /** What a Guardian app adds when it enrols. */
  guardian?: GuardianAccount;
  passkey?: DevicePasskey;
}

/** A device that speaks the protocol of the Guardian SDKs. */
export interface GuardianAccount {
  /** Chosen by the device; `iss` of its answers. */
  identifier: string;
  /** base64url SHA-256 of the token that changes and removes the enrolment. */
  tokenHash: string;
  /** As the device stated them: whose push service, and its token there. */
  pushCredentials: { service: PushServiceName; token: string };
}

/** APNS and GCM as the SDKs of Guardian say; WEBPUSH for browsers, where the token is a PushSubscription as JSON. */
export type PushServiceName = 'APNS' | 'GCM' | 'WEBPUSH';

/** Where a device is told of requests while its page is closed. */
export interface DevicePush {
  state: 'web-push' | 'relay' | 'lost';
  subscription: PushSubscription;
}

/** What the tenant file says about a device. */
type ListedDevice = Pick<EnrolledDevice, 'id' | 'name' | 'userId' | 'status'>;

/** The WebAuthn credential that verifies the person of a device. It goes with the device. */
export interface DevicePasskey {
  /** Credential id, in base64url. */
  id: string;
  /** COSE key (RFC 9052), in base64url. */
  publicKey: string;
  /** Signature counter, WebAuthn §6.1.1. Authenticators that keep none say 0. */
  counter: number;
  transports: readonly string[];
}

export interface DevicesOptions {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Those instances that may have open pages of a device. Default: none. */
  others?: {
    tell(topic: string, message: unknown): void;
    hear(topic: string, reader: (message: unknown) => void): () => void;
  };
}

const REMOVED = 'device-removed';

export class Devices {
  readonly #devices: Collection<EnrolledDevice>;
  /** As the tenant file had them when they were enrolled. */
  readonly #listed: Collection<ListedDevice>;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #others: DevicesOptions['others'];
  readonly #watchers = new Set<(deviceId: string) => void>();
  #seeding: Promise<unknown> = Promise.resolve();

  constructor(options: DevicesOptions) {
    this.#devices = options.store.collection<EnrolledDevice>('devices');
    this.#listed = options.store.collection<ListedDevice>('listed-devices');
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#others = options.others;
    options.others?.hear(REMOVED, (id) => this.#tellRemoved(String(id)));
  }

  /**
   * Enrols the devices that the tenant file lists, and takes those away that it lists no more. Where the file says what it
   * said at an earlier start, whatever became of a device since then stays: its name, or that it was removed. One after the
   * other, so that of several changes the last one stands.
   */
  seed(users: readonly UserConfig[]): Promise<void> {
    const seeding = this.#seeding.then(() => this.#seedAll(users));
    this.#seeding = seeding.catch(() => undefined);
    return seeding;
  }

  async #seedAll(users: readonly UserConfig[]): Promise<void> {
    const listed = users.flatMap((user) =>
      user.devices.map(({ id, name, status }): ListedDevice => ({ id, name, userId: user.user_id, status })),
    );
    const before = new Map((await this.#listed.list()).map(({ id, value }) => [id, value]));
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of before.keys()) {
      if (ids.has(id)) continue;
      await this.#devices.remove(id);
      await this.#listed.remove(id);
    }
    for (const device of listed) {
      if (!isDeepStrictEqual(before.get(device.id), device)) await this.#seedOne(device);
    }
  }

  /** Enrols a browser that has proven possession of its key. */
  async pair(pairing: { userId: string; name: string; publicKey: JWK }): Promise<EnrolledDevice> {
    const device: EnrolledDevice = {
      ...pairing,
      id: this.#ids.make('dev_', 16),
      status: 'confirmed',
      enrolledAtMs: this.#clock.now(),
    };
    await this.#devices.insert(device.id, device);
    return device;
  }

  /** Opens a pending enrolment, which ends by itself unless a device confirms it in time. */
  async announce(enrolment: { userId: string; expiresAtMs: number }): Promise<EnrolledDevice> {
    const device: EnrolledDevice = {
      id: this.#ids.make('dev_', 16),
      name: 'New device',
      userId: enrolment.userId,
      status: 'pending',
      enrolledAtMs: this.#clock.now(),
    };
    await this.#devices.insert(device.id, device, { expiresAt: enrolment.expiresAtMs });
    return device;
  }

  /** Turns a pending enrolment into a device that can answer. Undefined if there is none. */
  confirm(
    id: string,
    confirmation: Pick<EnrolledDevice, 'name' | 'guardian' | 'push'> & { publicKey: JWK },
  ): Promise<EnrolledDevice | undefined> {
    return this.#change(
      id,
      (device) =>
        device.status === 'pending'
          ? { ...device, ...confirmation, status: 'confirmed', enrolledAtMs: this.#clock.now() }
          : undefined,
      { expiresAt: Number.POSITIVE_INFINITY },
    );
  }

  /** Undefined if there is no such device. */
  rename(id: string, name: string): Promise<EnrolledDevice | undefined> {
    return this.#change(id, (device) => ({ ...device, name }));
  }

  /** What a Guardian app changed about itself; `push: undefined` forgets how it was reached. Undefined if there is no such device. */
  update(
    id: string,
    change: Partial<Pick<EnrolledDevice, 'name'>> & {
      guardian?: Partial<GuardianAccount>;
      push?: DevicePush | undefined;
    },
  ): Promise<EnrolledDevice | undefined> {
    return this.#change(id, (device) => {
      if (!device.guardian) return undefined;
      const guardian = { ...device.guardian, ...change.guardian };
      const { push, ...changed } = { ...device, ...change, guardian };
      return { ...changed, ...(push === undefined ? {} : { push }) };
    });
  }

  /** Undefined forgets how it was reached. */
  setPush(id: string, push: DevicePush | undefined): Promise<EnrolledDevice | undefined> {
    return this.#change(id, ({ push: _push, ...device }) => ({
      ...device,
      ...(push === undefined ? {} : { push }),
    }));
  }

  /** Its push service gave this subscription up. One that was registered meanwhile stays. */
  async markPushLost(id: string, lost: PushSubscription): Promise<void> {
    await this.#change(id, (device) =>
      device.push?.subscription.endpoint === lost.endpoint
        ? { ...device, push: { ...device.push, state: 'lost' } }
        : undefined,
    );
  }

  /** A device gets one passkey; undefined if it has one, or is gone. Another one needs another pairing. */
  addPasskey(id: string, passkey: DevicePasskey): Promise<EnrolledDevice | undefined> {
    return this.#change(id, (device) =>
      device.publicKey === undefined || device.passkey !== undefined ? undefined : { ...device, passkey },
    );
  }

  /** Notes how often the passkey has signed. False if it is not known to have signed less, WebAuthn §7.2 step 22. */
  async countPasskeyUse(id: string, passkeyId: string, counter: number): Promise<boolean> {
    const counted = await this.#change(id, ({ passkey, ...device }) => {
      const isNewer = passkey !== undefined && (counter > passkey.counter || counter + passkey.counter === 0);
      return isNewer && passkey.id === passkeyId
        ? { ...device, passkey: { ...passkey, counter } }
        : undefined;
    });
    return counted !== undefined;
  }

  async get(id: string): Promise<EnrolledDevice | undefined> {
    return (await this.#devices.get(id))?.value;
  }

  /** Oldest first. */
  async of(userId: string): Promise<EnrolledDevice[]> {
    return (await this.#devices.findBy('userId', userId)).map((found) => found.value);
  }

  /** Only a confirmed enrolment makes a person reachable by push. auth0: CIBA with push notifications. */
  async isReachable(userId: string): Promise<boolean> {
    return (await this.of(userId)).some((device) => device.status === 'confirmed');
  }

  /** Ends the enrolment: nothing is pushed there any more, and open pages of the device are told. False if there is none. */
  async remove(id: string): Promise<boolean> {
    const isRemoved = await this.#devices.remove(id);
    if (isRemoved) {
      this.#tellRemoved(id);
      this.#others?.tell(REMOVED, id);
    }
    return isRemoved;
  }

  #tellRemoved(id: string): void {
    for (const watcher of [...this.#watchers]) watcher(id);
  }

  /** Calls `watcher` with the id of each device that is removed. The returned function stops that. */
  watchRemovals(watcher: (deviceId: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async #seedOne(device: ListedDevice): Promise<void> {
    const before = await this.#listed.get(device.id);
    const found = await this.#devices.get(device.id);
    if (found) await this.#devices.replace(device.id, found.version, { ...found.value, ...device });
    else await this.#devices.insert(device.id, { ...device, enrolledAtMs: this.#clock.now() });
    if (before) await this.#listed.replace(device.id, before.version, device);
    else await this.#listed.insert(device.id, device);
  }

  /** Writes what `change` makes of the device; nothing where it makes nothing of it. A pending one ends when it would have. */
  async #change(
    id: string,
    change: (device: EnrolledDevice) => EnrolledDevice | undefined,
    options: { expiresAt?: number } = {},
  ): Promise<EnrolledDevice | undefined> {
    for (;;) {
      const found = await this.#devices.get(id);
      const changed = found && change(found.value);
      if (!changed) return undefined;
      if (await this.#devices.replace(id, found.version, changed, options)) return changed;
    }
  }
}

export function toDevice(device: EnrolledDevice, userName: string): Device {
  return {
    id: device.id,
    name: device.name,
    user_id: device.userId,
    user_name: userName,
    status: device.status,
    push: device.push?.state ?? 'none',
    can_answer: device.publicKey !== undefined,
    has_passkey: device.passkey !== undefined,
    enrolled_at: new Date(device.enrolledAtMs).toISOString(),
  };
}
