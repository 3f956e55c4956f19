// What one paired device knows: its person's requests, kept current by the event stream, and whether the server is heard.
// The screens read snapshots; only this file changes them. One decision at a time leaves it for each request.
import type {
  ActiveFault,
  ApprovalView,
  DecisionResult,
  Device,
  EnrolmentTicket,
  MailboxEntry,
  MailboxMessage,
  OwnMailbox,
  PasskeyAssertion,
} from 'assent/contract';
import { approvalViewSchema, faultNewsSchema, instantSchema, mailboxEntrySchema } from '../wire/contract.ts';
import { atLeast } from '../wire/schema.ts';
import { type ApproverClient, createApproverClient, parse, Refusal } from './approver-client.ts';
import type { Answer } from './device-answer.ts';
import type { Pairing } from './device-key.ts';
import { type EventStream, openEventStream, type ServerEvent } from './event-stream.ts';
import { createInboxKeeper } from './inbox-keeper.ts';
import { KnownApprovals } from './known-approvals.ts';
import { readLastInbox } from './last-inbox.ts';
import { askPasskey, cancelPasskey, makePasskey, type PasskeyFailure } from './passkey.ts';
import type { ServerClock } from './server-clock.ts';

export interface SessionSnapshot {
  /** `forgotten`: the server does not know the device. `removed`: somebody un-paired it. Both end the session. */
  phase: 'loading' | 'ready' | 'forgotten' | 'removed';
  device: Device | undefined;
  /** All known requests of this person, oldest first. */
  approvals: readonly ApprovalView[];
  /** When the connection was lost, in server time; undefined while the server is heard. */
  lostAtMs: number | undefined;
  /** Approving needs the passkey of this device. */
  passkeyRequired: boolean;
  /** Notifications may offer to answer at once. */
  quickActions: boolean;
  /** What fails on purpose. */
  faults: readonly ActiveFault[];
  /** Ids decided by this very page, as opposed to another tab or device. */
  decidedHere: ReadonlySet<string>;
}

/** How an attempt to decide ended. `unreachable`: nobody knows whether the answer arrived; asking again is safe. */
export type DecideOutcome =
  | DecisionResult['result']
  | 'unreachable'
  | { refusal: Refusal }
  /** The passkey did not verify the person, so nothing was sent. */
  | { unverified: PasskeyFailure };

/** How an attempt to register a passkey ended. */
export type PasskeyOutcome =
  | 'registered'
  | 'unreachable'
  | { refusal: Refusal }
  | { failure: PasskeyFailure };

export interface ApproverSession {
  readonly pairing: Pairing;
  readonly clock: ServerClock;
  subscribe(listener: () => void): () => void;
  snapshot(): SessionSnapshot;
  /** Calls `listener` for each request that arrives while this page is open. */
  onArrival(listener: (approval: ApprovalView) => void): () => void;
  /** Calls `listener` for each e-mail that the built-in mailbox gets for this person while this page is open. */
  onMail(listener: (mail: MailboxEntry) => void): () => void;
  decide(answer: Answer): Promise<DecideOutcome>;
  requestDemo(): Promise<{ name: string } | { refusal: Refusal } | 'unreachable'>;
  /** From a click: browsers ask only then. */
  registerPasskey(): Promise<PasskeyOutcome>;
  reconnect(): void;
  /** All devices of this person, oldest first. */
  devices(): Promise<readonly Device[]>;
  /** A ticket for another device of the same person: the one that can still be used, otherwise a new one. */
  ticket(): Promise<EnrolmentTicket>;
  rename(deviceId: string, name: string): Promise<Device>;
  mailbox(): Promise<OwnMailbox>;
  mail(id: string): Promise<MailboxMessage>;
  /** Un-pairs this device, or another one of the same person. Rejects when the server does not do it. */
  unpair(deviceId?: string): Promise<void>;
  close(): void;
}

interface Verified {
  passkey?: PasskeyAssertion;
  ended?: DecisionResult;
}

export function openApproverSession(pairing: Pairing, clock: ServerClock): ApproverSession {
  const client: ApproverClient = createApproverClient(pairing, clock);
  const listeners = new Set<() => void>();
  const arrivalListeners = new Set<(approval: ApprovalView) => void>();
  const mailListeners = new Set<(mail: MailboxEntry) => void>();
  const approvals = new KnownApprovals();
  const underWay = new Map<string, Promise<DecideOutcome>>();
  /** Of those, the ones that have left this page; the others still wait for a passkey. */
  const sent = new Set<string>();
  let issued: EnrolmentTicket | undefined;
  let current: SessionSnapshot = {
    phase: 'loading',
    device: undefined,
    approvals: [],
    lostAtMs: undefined,
    passkeyRequired: false,
    quickActions: false,
    faults: [],
    decidedHere: new Set(),
  };

  function publish(change: Partial<SessionSnapshot>): void {
    current = { ...current, ...change };
    for (const listener of listeners) listener();
  }

  function take(views: readonly ApprovalView[]): void {
    approvals.take(views);
    publish({ approvals: approvals.list() });
  }

  /** After every (re)connection: whatever was missed is in here. */
  async function refresh(): Promise<void> {
    try {
      const inbox = await client.inbox();
      const listed = [...inbox.waiting, ...inbox.decided];
      approvals.keepListed(listed, inbox.now);
      take(listed);
      publish({
        phase: 'ready',
        device: inbox.device,
        lostAtMs: undefined,
        passkeyRequired: inbox.passkey_required,
        quickActions: inbox.quick_actions,
        faults: inbox.faults,
      });
      keeper.keepSoon();
    } catch (reason) {
      noteFailure(reason);
    }
  }

  const keeper = createInboxKeeper(pairing.deviceId, () => {
    const { device, approvals } = current;
    return device && { device, approvals: [...approvals], heardAtMs: clock.nowMs() };
  });

  /** The server is silent from the start: what this device read last can be read again. */
  async function recall(): Promise<void> {
    const last = await readLastInbox(pairing.deviceId).catch(() => undefined);
    if (last === undefined || current.phase !== 'loading') return;
    take(last.approvals);
    publish({ phase: 'ready', device: last.device, lostAtMs: last.heardAtMs });
  }

  function noteFailure(reason: unknown): 'retry' | 'stop' {
    if (reason instanceof Refusal && reason.code === 'device_unknown') {
      end('forgotten');
      return 'stop';
    }
    publish({ lostAtMs: current.lostAtMs ?? clock.nowMs() });
    if (current.phase === 'loading') void recall();
    return 'retry';
  }

  function onEvent(event: ServerEvent): void {
    // The names of `approverEventNames`; one of a later server is none of this page's business.
    switch (event.name) {
      case 'ready':
        clock.learn(readNow(event));
        return;
      case 'clock':
        clock.learn(readNow(event));
        // Whatever shows a time shows it anew. What ended stays to be read, though the server may have forgotten it by now.
        publish({});
        return;
      case 'approval': {
        const approval = parse(JSON.parse(event.text), approvalViewSchema);
        // The answer to this page's own decision says more: whose it was.
        if (sent.has(approval.id)) return;
        // Decided elsewhere, or over: whoever looks for their security key may stop.
        if (current.passkeyRequired && underWay.has(approval.id) && approval.state !== 'pending')
          cancelPasskey();
        const isNew = !approvals.has(approval.id) && approval.state === 'pending';
        take([approval]);
        keeper.keepSoon();
        if (isNew) for (const listener of arrivalListeners) listener(approval);
        return;
      }
      case 'mail': {
        const mail = parse(JSON.parse(event.text), mailboxEntrySchema);
        for (const listener of mailListeners) listener(mail);
        return;
      }
      case 'faults':
        publish(parse(JSON.parse(event.text), faultNewsSchema));
        return;
      case 'unpaired':
        end('removed');
    }
  }

  function readNow({ text }: ServerEvent): string {
    return parse(JSON.parse(text), atLeast({ now: instantSchema })).now;
  }

  const stream: EventStream = openEventStream({
    connect: (lastEventId, signal) => client.openEvents(lastEventId, signal),
    onEvent,
    onConnected: () => void refresh(),
    onFailed: noteFailure,
  });

  function end(phase: 'forgotten' | 'removed'): void {
    close();
    publish({ phase });
  }

  function close(): void {
    keeper.close();
    stream.close();
  }

  /** Asks the server again, whether the stream waits for its next attempt or never noticed that something failed. */
  function reconnect(): void {
    stream.retryNow();
    void refresh();
  }

  async function send(answer: Answer): Promise<DecideOutcome> {
    try {
      const verified = await verify(answer);
      if ('failure' in verified) {
        void refresh();
        return { unverified: verified.failure };
      }
      sent.add(answer.approval.id);
      const { result, approval } = verified.ended ?? (await client.decide(answer, verified.passkey));
      if (result === 'decided') {
        publish({ decidedHere: new Set([...current.decidedHere, approval.id]) });
      }
      take([approval]);
      keeper.keepSoon();
      return result;
    } catch (reason) {
      if (reason instanceof Refusal) {
        if (reason.code === 'device_unknown') end('forgotten');
        else void refresh();
        return { refusal: reason };
      }
      noteFailure(reason);
      reconnect();
      return 'unreachable';
    } finally {
      sent.delete(answer.approval.id);
    }
  }

  /** Has the passkey sign the answer where it must; `ended` where the request was decided before. */
  async function verify(answer: Answer): Promise<Verified | { failure: PasskeyFailure }> {
    if (!answer.accepted || !current.passkeyRequired) return {};
    const asked = await client.challenge(answer);
    if ('result' in asked) return { ended: asked };
    const answered = await askPasskey(asked);
    return 'failure' in answered ? answered : { passkey: answered.assertion };
  }

  return {
    pairing,
    clock,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => current,
    onArrival(listener) {
      arrivalListeners.add(listener);
      return () => arrivalListeners.delete(listener);
    },
    onMail(listener) {
      mailListeners.add(listener);
      return () => mailListeners.delete(listener);
    },
    decide(answer) {
      const { id } = answer.approval;
      const running = underWay.get(id);
      if (running !== undefined) return running;
      const sending = send(answer).finally(() => underWay.delete(id));
      underWay.set(id, sending);
      return sending;
    },
    async requestDemo() {
      try {
        return await client.requestDemo();
      } catch (reason) {
        if (reason instanceof Refusal) return { refusal: reason };
        noteFailure(reason);
        reconnect();
        return 'unreachable';
      }
    },
    async registerPasskey() {
      try {
        const made = await makePasskey(await client.beginPasskey());
        if ('failure' in made) return made;
        publish({ device: await client.registerPasskey(made.registration) });
        return 'registered';
      } catch (reason) {
        // Another tab may have registered one meanwhile.
        void refresh();
        if (reason instanceof Refusal) return { refusal: reason };
        noteFailure(reason);
        return 'unreachable';
      }
    },
    reconnect,
    async devices() {
      const asked = issued;
      const devices = await client.devices();
      const enrolment = devices.find(({ id }) => id === asked?.device_id);
      // Used, cancelled or ended.
      if (issued === asked && enrolment?.status !== 'pending') issued = undefined;
      return devices;
    },
    async ticket() {
      if (issued === undefined || Date.parse(issued.expires_at) <= clock.nowMs()) {
        issued = await client.issueTicket();
      }
      return issued;
    },
    async rename(deviceId, name) {
      const device = await client.rename(deviceId, name);
      if (deviceId === pairing.deviceId) publish({ device });
      return device;
    },
    mailbox: () => client.mailbox(),
    mail: (id) => client.mail(id),
    async unpair(deviceId = pairing.deviceId) {
      await client.unpair(deviceId);
      if (deviceId === pairing.deviceId) end('removed');
    },
    close,
  };
}
