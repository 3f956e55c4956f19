// Telling approvers, wired: the open inbox, push and e-mail, each by its own rules, none of them ever in the agent's way.
// What came of an attempt goes to the trace; a device that its push service gave up is marked as lost.
import type { Approval } from './approvals/index.ts';
import type { PushRegistration, QuickAction } from './contract/index.ts';
import type { InnerFaults } from './faults/index.ts';
import { type Transactions, writePayload } from './guardian/index.ts';
import {
  EmailChannel,
  type EmbeddedPush,
  FCM_HOSTS,
  FCM_TOKEN_PREFIX,
  type Invitation,
  loadVapidKeys,
  Mailbox,
  MailFailure,
  Outbox,
  type PushDevice,
  PushEndpoints,
  PushOutbox,
  type PushReport,
  PushSender,
  startEmbeddedPush,
  writeInvitation,
} from './notify/index.ts';
import { Problem } from './problem.ts';
import { AFTER_OUTAGE_MS, isOutage } from './store.ts';
import type { EnrolledDevice, Tenant } from './tenant/index.ts';
import { warnOfFailure } from './warnings.ts';

export interface DeliveryOptions {
  tenant: Tenant;
  transactions: Transactions;
  /** Where this server listens, without a slash at the end. */
  url: string;
  ca: string | undefined;
  /** Where the key for push is kept; undefined keeps it in memory. */
  keyFolder: string | undefined;
  /** For the imitation of Chromium's push service, which opens a port of its own. Undefined on plain http. */
  tls: { certificate: { cert: string; key: string }; host: string } | undefined;
  faults: Pick<InnerFaults, 'ofPush' | 'carryMail'>;
  /** Whether nobody may be told of a request yet. */
  isHeldBack(approvalId: string): boolean;
}

export interface Delivery {
  readonly outbox: Outbox;
  readonly mailbox: Mailbox;
  readonly push: {
    /** base64url; pages subscribe with it. */
    readonly publicKey: string;
    /** @throws Problem `bad_request` for an endpoint that nothing may be sent to */
    register(deviceId: string, registration: PushRegistration): Promise<void>;
    unregister(deviceId: string): Promise<void>;
  };
  readonly embeddedPush: EmbeddedPush;
  /** Sends the link of an enrolment by e-mail. Says why that failed, where it did. */
  invite(invitation: Invitation): Promise<string | undefined>;
  /** Returns at once. */
  announce(approval: Approval): void;
  close(): Promise<void>;
}

/** One that said where it can be reached, and has not been given up. */
type ReachableDevice = EnrolledDevice & Required<Pick<EnrolledDevice, 'push'>>;

export async function createDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { tenant, transactions, url, ca, tls, faults } = options;
  const { clock, ids, store, issuer, log } = tenant;
  const record = (event: Parameters<typeof log.append>[0]): void => void log.append(event);
  const origin = new URL(issuer).origin;

  const vapidKeys = await loadVapidKeys(options.keyFolder, store);
  const wired: { outbox?: PushOutbox } = {};
  const embeddedPush = await startEmbeddedPush({
    store,
    clock,
    connectionClock: clock.base,
    ids,
    neighbours: tenant.instances,
    origin,
    fcm: tls,
    onReceived: (sendToken, topic) => wired.outbox?.markReceived(sendToken, topic),
    onUnexpected: warnOfUntold,
  });
  const endpoints = new PushEndpoints({
    own: { origin, connectTo: url, ca },
    imitated: { hosts: FCM_HOSTS, tokenPrefix: FCM_TOKEN_PREFIX },
    extraHosts: () => tenant.config.guardian.push_services,
  });
  const pushOutbox = new PushOutbox({
    clock,
    sender: new PushSender({ endpoints, vapidKeys, contact: `mailto:push@${new URL(issuer).hostname}` }),
    urlOf: (approval) => `/approve/requests/${approval.id}`,
    quickActions: () => quickActionsOf(tenant),
    async beforeSending(approval, { subscription: { endpoint } }) {
      // What goes through somebody else's push service fails by itself, or not at all.
      const fault = endpoints.isOwn(endpoint) ? await faults.ofPush(approval) : undefined;
      if (fault) embeddedPush.faults.plan(endpoint, fault);
    },
    report: (report) => reportPush(tenant, report),
    reportReceived: ({ approval: { id, name }, device }) =>
      record({
        type: 'notification.received',
        approval: id,
        name,
        channel: 'push',
        device: device.deviceName,
      }),
    onUnexpected: warnOfUntold,
  });
  wired.outbox = pushOutbox;
  const outbox = new Outbox(record, tenant.instances);
  const mailbox = new Mailbox(tenant);
  const email = new EmailChannel({
    get config() {
      return tenant.config.email;
    },
    issuer,
    get owner() {
      return tenant.displayName;
    },
    clock,
    store,
    mailbox,
    addressOf: (userId) => tenant.directory.user(userId)?.email,
    record,
    carry: (approval, passOn) => faults.carryMail(approval, passOn),
  });

  const reachableDevicesOf = async (userId: string): Promise<ReachableDevice[]> =>
    (await tenant.devices.of(userId)).flatMap((device) =>
      device.push === undefined || device.push.state === 'lost' ? [] : [{ ...device, push: device.push }],
    );
  const toPushDevice = ({ id, name, push }: ReachableDevice): PushDevice => ({
    deviceId: id,
    deviceName: name,
    subscription: push.subscription,
  });
  /** A Guardian app is asked in its own words, with a token for this transaction. */
  const withQuestion = async (device: ReachableDevice, approval: Approval): Promise<PushDevice> => {
    const service = device.guardian?.pushCredentials.service;
    if (service === undefined) return toPushDevice(device);
    const transaction = await transactions.open(approval, device.id);
    const parts = { ...transaction, host: new URL(issuer).host };
    return { ...toPushDevice(device), question: writePayload(service, approval, parts) };
  };
  /** By request: ends what waits for the store, where it does. */
  const announcing = new Map<string, () => void>();
  const stopAnnouncing = (approvalId: string): void => {
    announcing.get(approvalId)?.();
    announcing.delete(approvalId);
  };
  const tellDevices = async (approval: Approval): Promise<void> => {
    const devices = await reachableDevicesOf(approval.userId);
    const questions = await Promise.all(devices.map((device) => withQuestion(device, approval)));
    // It may have ended meanwhile.
    if (!announcing.delete(approval.id)) return;
    outbox.announce(approval, { reachesOtherwise: devices.length > 0 });
    pushOutbox.announce(approval, questions);
  };
  /** Who is to be told stands in the store: while that is away, it is waited for. */
  const announceToDevices = (approval: Approval): void => {
    announcing.set(approval.id, () => undefined);
    tellDevices(approval).catch((cause: unknown) => {
      if (!announcing.delete(approval.id)) return;
      if (!isOutage(cause)) return warnOfUntold(cause);
      const again = (): void => announceToDevices(approval);
      announcing.set(approval.id, clock.base.setAlarm(clock.base.now() + AFTER_OUTAGE_MS, again));
    });
  };
  const conclude = async (approval: Approval): Promise<void> =>
    pushOutbox.conclude(
      approval,
      // Nothing tells a Guardian app that it is no longer needed; its answer is refused.
      (await reachableDevicesOf(approval.userId))
        .filter((device) => device.guardian === undefined)
        .map(toPushDevice),
    );

  // The first change that is no longer `pending` ends the question; redeeming comes later and changes nothing for devices.
  const stopWatching = tenant.approvals.watch((approval, changedAt) => {
    if (approval.state === 'pending') {
      // The instance that took it pushes and writes; inboxes that are open here are told here.
      if (changedAt === 'elsewhere' && !options.isHeldBack(approval.id)) outbox.announceElsewhere(approval);
      return;
    }
    stopAnnouncing(approval.id);
    outbox.forget(approval.id);
    email.forget(approval.id);
    if (changedAt === 'elsewhere') return pushOutbox.withdraw(approval.id);
    if (approval.state !== 'redeemed' && approval.channel === 'guardian-push') {
      conclude(approval).catch(warnOfUntold);
    }
  });

  const stopWatchingRemovals = tenant.devices.watchRemovals((deviceId) => pushOutbox.forget(deviceId));

  return {
    outbox,
    mailbox,
    embeddedPush,
    push: {
      publicKey: vapidKeys.publicKey,
      async register(deviceId, { kind, subscription }) {
        const route = endpoints.route(subscription.endpoint);
        if (!route.allowed) {
          throw new Problem('bad_request', `Nothing can be pushed there. ${route.why}`, {
            hint: 'Only the push services of browsers, and the one that Assent brings along, are let through.',
          });
        }
        const before = (await tenant.devices.get(deviceId))?.push;
        const device = await tenant.devices.setPush(deviceId, { state: kind, subscription });
        if (device === undefined || before?.state === kind) return;
        const { name, userId } = device;
        const user_name = tenant.directory.user(userId)?.name ?? userId;
        record({ type: 'device.reachable', user_id: userId, user_name, device: name, by: kind });
      },
      async unregister(deviceId) {
        await tenant.devices.setPush(deviceId, undefined);
      },
    },
    async invite(invitation) {
      try {
        await email.send(
          writeInvitation({ config: tenant.config.email, owner: tenant.displayName }, invitation),
        );
        return undefined;
      } catch (error) {
        if (error instanceof MailFailure) return error.message;
        throw error;
      }
    },
    announce(approval) {
      if (approval.channel === 'email') email.announce(approval);
      else announceToDevices(approval);
    },
    async close() {
      stopWatching();
      stopWatchingRemovals();
      for (const id of [...announcing.keys()]) stopAnnouncing(id);
      outbox.close();
      pushOutbox.close();
      await email.close();
      await embeddedPush.close();
    },
  };
}

/** A passkey needs a page; a notification can still deny. */
function quickActionsOf({ config, passkeys }: Tenant): QuickAction[] {
  if (!config.guardian.quick_actions) return [];
  return passkeys.areRequired ? ['deny'] : ['approve', 'deny'];
}

/** What became of one push, for the trace. That a question was taken back is no part of its story. */
function reportPush(tenant: Tenant, { approval, device, kind, outcome, sent }: PushReport): void {
  if (outcome.outcome === 'gone') {
    tenant.devices.markPushLost(device.deviceId, device.subscription).catch(warnOfUntold);
  }
  if (kind === 'ended') return;
  const about = { approval: approval.id, name: approval.name, channel: 'push' };
  if (outcome.outcome === 'accepted') {
    tenant.log.append({
      type: 'notification.delivered',
      ...about,
      device: device.deviceName,
      push: {
        host: new URL(device.subscription.endpoint).host,
        status: outcome.status,
        ...(sent === undefined ? {} : { topic: sent.topic, ttl: sent.ttlSeconds }),
      },
    });
    return;
  }
  tenant.log.append({
    type: 'notification.failed',
    ...about,
    to: device.deviceName,
    why: whyNot(outcome),
    ...(outcome.outcome === 'retry_later' && outcome.afterSeconds !== undefined
      ? { retry_at: new Date(tenant.clock.now() + outcome.afterSeconds * 1000).toISOString() }
      : {}),
  });
}

function whyNot(outcome: Exclude<PushReport['outcome'], { outcome: 'accepted' }>): string {
  switch (outcome.outcome) {
    case 'retry_later':
      return `${outcome.why}; it is tried again`;
    case 'gone':
      return 'the browser has unsubscribed; the device is lost until it subscribes again';
    case 'too_large':
      return 'the push service found it too large; ids alone are tried';
    case 'expired':
      return 'the request had ended before it could be sent';
    case 'rejected':
      return outcome.why;
  }
}

function warnOfUntold(cause: unknown): void {
  warnOfFailure('telling an approver failed', cause);
}
