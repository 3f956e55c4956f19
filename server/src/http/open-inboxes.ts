// The inboxes that are open right now: one stream of server-sent events per page of a paired browser. What a page missed
// while it was away is found through the trace, whose numbers are the ids of the events.
import type Koa from 'koa';
import { type Approval, toApprovalView } from '../approvals/index.ts';
import type { ActiveFault, approverEventNames, TraceEvent } from '../contract/index.ts';
import { isAddressedTo, type Mailbox, type Outbox } from '../notify/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { CallingDevice } from './device-proof.ts';
import { type EventStream, openEventStream, readLastEventId } from './event-stream.ts';
import { toMailboxEntry } from './mailbox-routes.ts';

type ApproverEventName = (typeof approverEventNames)[number];

/** Events after which a request looks different to its approver. */
const CHANGES = ['request.received', 'decision.made', 'request.expired', 'token.issued'] as const;

/** What fails on purpose: an approver is told, whatever it is. */
export interface FaultNews {
  active(): ActiveFault[];
  watch(watcher: () => void): () => void;
}

/** What may not be told yet, because somebody goes through the flow step by step. */
export interface HeldNews {
  isHeldBack(approvalId: string): boolean;
  watchLeaving(watcher: (approval: Approval) => void): () => void;
}

export interface OpenInboxesParts {
  tenant: Tenant;
  faults: FaultNews;
  steps: HeldNews;
  outbox: Outbox;
  mailbox: Mailbox;
  shutdown: AbortSignal;
}

export class OpenInboxes {
  readonly #parts: OpenInboxesParts;
  readonly #streamsByDevice = new Map<string, Set<EventStream>>();

  constructor(parts: OpenInboxesParts) {
    this.#parts = parts;
    // For as long as the tenant: both end together.
    parts.tenant.devices.watchRemovals((deviceId) => this.#unpair(deviceId));
  }

  /** Answers `ctx` with the events of this person, for as long as the page stays. */
  async open(ctx: Koa.Context, { device }: CallingDevice): Promise<void> {
    const { tenant, outbox, mailbox, faults, steps, shutdown } = this.#parts;
    const lastSeen = readLastEventId(ctx);
    const stream = openEventStream(ctx, { clock: tenant.clock.base, shutdown });
    if (!stream) return;
    // Until then the page has seen less than any number would say: where it breaks off, it comes back with its last one.
    let isCaughtUp = false;
    const send = (event: ApproverEventName, data: unknown): void =>
      stream.send({ event, data, ...(isCaughtUp ? { id: tenant.log.lastNumber } : {}) });
    const sendApproval = (approval: Approval): void =>
      send('approval', toApprovalView(approval, tenant.clock.now()));

    send('ready', { now: tenant.time.now });
    const stopClock = tenant.time.watch(() => send('clock', { now: tenant.time.now }));
    const sentMeanwhile = new Set<string>();
    const stopWatching = tenant.approvals.watch((approval) => {
      if (approval.userId !== device.userId) return;
      if (approval.state === 'pending' && steps.isHeldBack(approval.id)) return;
      sentMeanwhile.add(approval.id);
      sendApproval(approval);
    });
    const stopSteps = steps.watchLeaving((approval) => {
      if (approval.userId === device.userId) sendApproval(approval);
    });
    const stopMail = mailbox.watch((message) => {
      const address = tenant.directory.user(device.userId)?.email;
      if (address !== undefined && isAddressedTo(message, address)) send('mail', toMailboxEntry(message));
    });
    const stopFaults = faults.watch(() => send('faults', { faults: faults.active() }));
    const watcher = { userId: device.userId, deviceId: device.id, deviceName: device.name };
    // Watching begins before the list is read, and the same watcher is told the list afterwards: nothing falls between.
    const closeInbox = outbox.open(watcher, []);
    this.#remember(device.id, stream);
    stream.once('close', () => {
      stopWatching();
      stopSteps();
      stopMail();
      stopClock();
      stopFaults();
      closeInbox();
      this.#forget(device.id, stream);
    });

    const waiting = (await tenant.approvals.list({ userId: device.userId, state: 'pending' })).reverse();
    const missed =
      lastSeen === undefined ? waiting : await this.#changedSince(lastSeen, device.userId, waiting);
    // Un-paired while this was going on: then nobody has told this stream yet.
    if (!(await tenant.devices.get(device.id))) this.#unpair(device.id);
    if (stream.isOver) return;
    outbox.open(watcher, waiting);
    // They may be more than are kept for a page that is behind.
    const catchUp = async (): Promise<void> => {
      for (const approval of missed) {
        if (stream.isOver) return;
        if (!sentMeanwhile.has(approval.id)) sendApproval(approval);
        await stream.drained();
      }
      isCaughtUp = true;
      stream.sendId(tenant.log.lastNumber);
    };
    // Koa reads from the stream only once this route has returned, so catching up goes on by itself.
    catchUp().catch((error: unknown) =>
      stream.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Tells the pages of a device that was removed, and closes them. */
  #unpair(deviceId: string): void {
    for (const stream of this.#streamsByDevice.get(deviceId) ?? []) {
      stream.send({ event: 'unpaired' satisfies ApproverEventName, data: {} });
      stream.end();
    }
  }

  /** What happened to this person's requests after an event; what waits, where that event is no longer known. */
  async #changedSince(number: number, userId: string, waiting: Approval[]): Promise<Approval[]> {
    const { approvals, log } = this.#parts.tenant;
    if (!log.isCompleteAfter(number)) return waiting;
    const ids = new Set(log.after(number).flatMap((event) => (isChange(event) ? event.approval : [])));
    const changed = await Promise.all([...ids].map((id) => approvals.get(id)));
    return changed
      .filter((approval) => approval !== undefined)
      .filter((approval) => approval.userId === userId);
  }

  #remember(deviceId: string, stream: EventStream): void {
    const streams = this.#streamsByDevice.get(deviceId) ?? new Set();
    this.#streamsByDevice.set(deviceId, streams.add(stream));
  }

  #forget(deviceId: string, stream: EventStream): void {
    const streams = this.#streamsByDevice.get(deviceId);
    streams?.delete(stream);
    if (streams?.size === 0) this.#streamsByDevice.delete(deviceId);
  }
}

/** Polls and notifications leave what the approver sees as it is. */
function isChange(event: TraceEvent): event is Extract<TraceEvent, { type: (typeof CHANGES)[number] }> {
  return CHANGES.some((type) => type === event.type);
}
