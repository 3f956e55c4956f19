// Whether this device is told of requests while its page is closed, and on which way. Screens read snapshots; nothing is
// ever asked of the person except by turnOn(), which a click calls.
//
//   turnOn ─► permission ─► subscribe() ─► web push
//                              └─ fails, or takes too long ─► relay ─► web push, if subscribe() completes after all
import type { Device, PushRegistration } from 'assent/contract';
import { createApproverClient } from '../api/approver-client.ts';
import type { Pairing } from '../api/device-key.ts';
import { inTime, pause } from '../api/patience.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { changeReach, forgetReach, type Reach, readReaches, registerReach } from './reach.ts';
import { leaveRelay, readRelay, subscribeToRelay } from './relay-subscription.ts';
import { findObstacle, type Obstacle, watchPermission } from './support.ts';
import { leaveWebPush, reserveWebPush, subscribeToWebPush } from './web-push-subscription.ts';
import type { WorkerInstallation } from './worker-registration.ts';

export type NotificationState =
  | { phase: 'unavailable'; why: Obstacle }
  /** `dismissed`: the person closed the question without an answer. `failed`: the server could not be reached. */
  | { phase: 'off'; remark?: 'dismissed' | 'failed' }
  /** The browser asks the person. */
  | { phase: 'asking' }
  | { phase: 'connecting' }
  /** The person said no, now or earlier; only the browser's own settings can undo it. */
  | { phase: 'blocked' }
  | { phase: 'on'; kind: Reach['kind'] };

export interface Notifications {
  subscribe(listener: () => void): () => void;
  snapshot(): NotificationState;
  /** From a click: browsers ask only then. */
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
  /** Registers what is turned on anew, as the server sees the device now. Called at every start. */
  resume(device: Device): Promise<void>;
  close(): void;
}

export interface NotificationsOptions {
  pairing: Pairing;
  clock: ServerClock;
  worker: Promise<WorkerInstallation>;
}

interface Connecting {
  /** The person has just asked for it, as opposed to what was turned on before. */
  isNew: boolean;
  /** The subscription that is gone, as the server was told. */
  lostEndpoint?: string | undefined;
  patienceMs: number;
}

/** A browser that does not reach its push service never says so. */
const WEB_PUSH_PATIENCE_MS = 5_000;

/** How long after a refusal the push service is asked again; then twice as long, and so on. */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 600_000;

/** Tells the other tabs of this browser that something has changed. */
const CHANNEL = 'assent.reach';

interface TakingOver {
  /** Asks the push service once more; undefined where it refuses. */
  ask(): Promise<PushRegistration | undefined>;
  isStillOn(): Promise<boolean>;
}

export function openNotifications({ pairing, clock, worker }: NotificationsOptions): Notifications {
  const client = createApproverClient(pairing, clock);
  const listeners = new Set<() => void>();
  const tabs = new BroadcastChannel(CHANNEL);
  let current: NotificationState = { phase: 'off' };
  let relay: { endpoint: string; stop(): void } | undefined;
  /** Counts what the person asked for; whatever completes for an earlier wish is too late. */
  let wish = 0;
  let looking = Promise.resolve();

  function publish(state: NotificationState): void {
    current = state;
    for (const listener of listeners) listener();
  }

  /** Reads how things stand, one look after the other, and listens to the relay or stops listening. */
  function look(): Promise<void> {
    const earlier = looking.catch(() => undefined);
    looking = earlier.then(async () => {
      const obstacle = await findObstacle(worker);
      if (obstacle !== undefined) return publish({ phase: 'unavailable', why: obstacle });
      const reaches = await readReaches();
      publish(stateOf(reaches.find(({ deviceId }) => deviceId === pairing.deviceId)));
      await followRelay(reaches.some(({ kind }) => kind === 'relay'));
    });
    return looking;
  }

  async function followRelay(isWanted: boolean): Promise<void> {
    const installation = await worker;
    const subscription = isWanted && Notification.permission === 'granted' ? await readRelay() : undefined;
    if (relay?.endpoint === subscription?.endpoint) return;
    relay?.stop();
    relay = undefined;
    if (subscription === undefined || 'missing' in installation) return;
    // Few browsers need it. Where it cannot be loaded, the next look asks again.
    const { listenToRelay } = await import('./relay-stream.ts');
    if (closing.signal.aborted) return;
    const { stop } = listenToRelay({
      relay: subscription,
      registration: installation.registration,
      onGone: () => void replaceRelay(),
    });
    relay = { endpoint: subscription.endpoint, stop };
  }

  /** The server does not know the relay subscription any more: it was started anew, or removed it. */
  async function replaceRelay(): Promise<void> {
    await leaveRelay();
    await reconnect({ patienceMs: 0 });
  }

  function changed(): Promise<void> {
    if (!closing.signal.aborted) tabs.postMessage('changed');
    return look();
  }

  /** @param isWanted asked when it is this change's turn; the person may have changed their mind by then */
  async function reachBy(
    subscribe: () => Promise<PushRegistration>,
    isWanted: () => Promise<boolean>,
  ): Promise<void> {
    await changeReach(async () => {
      if (!(await isWanted())) return;
      await registerReach(pairing, clock, await subscribe());
      await releaseUnused(worker);
    });
    await changed();
  }

  async function connect({ isNew, lostEndpoint, patienceMs }: Connecting): Promise<void> {
    const installation = await worker;
    if ('missing' in installation) return look();
    wish += 1;
    const ownWish = wish;
    const isCurrent = (): boolean => ownWish === wish && !closing.signal.aborted;
    const isStillOn = async (): Promise<boolean> => isCurrent() && (await readOwnReach()) !== undefined;
    const isWanted = isNew ? async () => isCurrent() : isStillOn;

    const { vapid_public_key: vapidPublicKey } = await client.pushSetup();
    const ask = (): Promise<PushRegistration | undefined> =>
      subscribeToWebPush(installation.registration, { vapidPublicKey, lostEndpoint }).catch(() => undefined);
    const release = await reserveWebPush();
    const subscribing = ask();
    const quick = await inTime(subscribing, patienceMs);
    const reached = reachBy(async () => quick ?? subscribeToRelay(vapidPublicKey, lostEndpoint), isWanted);
    // Not waited for: it may never complete. A subscription that came to nothing is ended.
    reached
      .then(() => (quick === undefined ? takeOver(subscribing, { ask, isStillOn }) : undefined))
      .catch(() => undefined)
      .then(release)
      .then(() => changeReach(() => releaseUnused(worker)))
      .catch(() => undefined);
    return reached;
  }

  /**
   * A push service that is slow, or busy just now, takes over from the relay once it answers, while this page is open. So
   * does one that answered while the server was away.
   */
  async function takeOver(
    subscribing: Promise<PushRegistration | undefined>,
    { ask, isStillOn }: TakingOver,
  ): Promise<void> {
    let answer = await subscribing;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (answer !== undefined && (await hasReachedBy(answer, isStillOn))) return;
      await pause(pauseMs, closing.signal);
      if (!(await isStillOn())) return;
      answer = await ask();
    }
  }

  /** Whether the server was told, or need not be told any more. */
  async function hasReachedBy(
    subscription: PushRegistration,
    isWanted: () => Promise<boolean>,
  ): Promise<boolean> {
    return reachBy(async () => subscription, isWanted).then(
      () => true,
      () => false,
    );
  }

  /** In the background: what does not succeed now is tried again later. */
  async function reconnect(options: Pick<Connecting, 'lostEndpoint' | 'patienceMs'>): Promise<void> {
    await connect({ isNew: false, ...options }).catch(() => undefined);
  }

  async function readOwnReach(): Promise<Reach | undefined> {
    return (await readReaches()).find(({ deviceId }) => deviceId === pairing.deviceId);
  }

  const closing = new AbortController();
  tabs.onmessage = () => void look();
  watchPermission(() => void look(), closing.signal);
  void look();

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => current,
    async turnOn() {
      publish({ phase: 'asking' });
      const permission = await Notification.requestPermission();
      if (permission === 'default') return publish({ phase: 'off', remark: 'dismissed' });
      if (permission === 'denied') return publish({ phase: 'blocked' });
      publish({ phase: 'connecting' });
      try {
        await connect({ isNew: true, patienceMs: WEB_PUSH_PATIENCE_MS });
      } catch {
        publish({ phase: 'off', remark: 'failed' });
      }
    },
    async turnOff() {
      wish += 1;
      await changeReach(async () => {
        await forgetReach(pairing.deviceId);
        await releaseUnused(worker);
        // A server that cannot be reached finds out by itself: the subscription is gone.
        await client.removePush().catch(() => undefined);
      });
      await changed();
    },
    async resume(device) {
      const own = await readOwnReach();
      if (own === undefined || stateOf(own).phase !== 'on') return;
      // A relay works at once; a push service that was not reached last time may not be reached now either.
      const patienceMs = own.kind === 'relay' ? 0 : WEB_PUSH_PATIENCE_MS;
      await reconnect({ lostEndpoint: device.push === 'lost' ? own.endpoint : undefined, patienceMs });
    },
    close() {
      closing.abort();
      tabs.close();
      relay?.stop();
    },
  };
}

/** Ends the subscriptions that no device of this browser uses any more. */
export async function releaseUnused(worker: Promise<WorkerInstallation>): Promise<void> {
  const kinds = new Set((await readReaches()).map(({ kind }) => kind));
  if (!kinds.has('relay')) await leaveRelay();
  const installation = await worker;
  if (kinds.has('web-push') || 'missing' in installation) return;
  await leaveWebPush(installation.registration);
}

function stateOf(own: Reach | undefined): NotificationState {
  if (Notification.permission === 'denied') return { phase: 'blocked' };
  if (own === undefined || Notification.permission === 'default') return { phase: 'off' };
  return { phase: 'on', kind: own.kind };
}
