// What goes into `approvals` and comes out of it: what it needs, what it is asked, and what it answers.
import type { Clock } from '../clock.ts';
import type { Exchange, NewTraceEvent, ReadToken } from '../contract/index.ts';
import type { Ids } from '../ids.ts';
import type { Store } from '../store.ts';
import type { Approval, ApprovalDecision, ApprovalId, DecisionRefusal } from './approval.ts';
import type { RaceWinner } from './expiry-race.ts';

/** What the rest of the server does on behalf of a request. */
export interface ApprovalPorts {
  /** Tell the approver. Must return at once; delivery goes on by itself. */
  announce(approval: Approval): void;
  /** Let the authorization server know the decision. Resolves once a poll would see it. */
  settle(approval: Approval): Promise<void>;
  /** Whether there is anything to be done for that. What needs nothing is settled with the decision itself. Left out: always. */
  needsSettling?: (approval: Approval) => boolean;
  record(event: NewTraceEvent): void;
  /**
   * Asked before an answer is judged. Resolves when it may count.
   *
   * @throws whatever its sender is told, where it must not; then nothing has happened
   */
  beforeDecision?: (approval: Approval, answer: Pick<DecideRequest, 'rule' | 'onHeld'>) => Promise<void>;
  /** Whether an answer is to wait for the instant at which its request expires. */
  winnerOf?: (approval: Approval) => Promise<RaceWinner>;
}

export interface OpenRequest
  extends Omit<
    Approval,
    'id' | 'name' | 'state' | 'consentHash' | 'consentId' | 'requestedAtMs' | 'expiresAtMs'
  > {
  expiresInSeconds: number;
  /** Between polls; undefined for a client that does not poll. */
  intervalSeconds: number | undefined;
  /** The HTTP exchange that asked, redacted, for the trace. */
  exchange?: Exchange;
}

export interface DecideRequest extends Omit<ApprovalDecision, 'atMs'> {
  id: ApprovalId;
  /** Hash of what was shown; left out by surfaces that show nothing. */
  consentHash?: string;
  /** What was signed, and the HTTP exchange that brought it; both redacted, for the trace. */
  told?: { answer?: ReadToken | undefined; exchange?: Exchange | undefined };
  /** Called where the answer is made to wait, so that nobody else need wait for it. */
  onHeld?: () => void;
}

export type DecideResult =
  | { result: 'decided'; approval: Approval }
  | { result: DecisionRefusal; approval: Approval }
  | { result: 'not_found' };

/** The instances that serve the same tenant, as far as requests are concerned. */
export interface OtherInstances {
  /** Of this instance; undefined where there are no others. */
  readonly id: string | undefined;
  /** Tells the others that a request appeared or changed. Returns at once. */
  tell(id: ApprovalId): void;
  hear(reader: (id: ApprovalId) => void): void;
  /** Whether nobody sees any more to what had to be done about a request. */
  isLost(instance: string | undefined): Promise<boolean>;
}

export interface ApprovalFilter {
  /** Those alone that wait. There are few of them, and the store finds them without reading the others. */
  state?: 'pending';
  userId?: string;
  clientId?: string;
}

export interface WaitRequest extends ApprovalFilter {
  /** Only requests that were opened after this one. */
  afterNumber?: number;
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface ApprovalsOptions {
  store: Store;
  clock: Clock;
  /** By which callers wait, where `clock` may be put forward. Default: the same. */
  waitClock?: Clock;
  ids: Ids;
  /** Default: none. */
  others?: OtherInstances;
  ports: ApprovalPorts;
  /** How long a finished request is remembered. In milliseconds. */
  retentionMs(): number;
  /** How long after its end an approved request may still be redeemed. In milliseconds. */
  redemptionGraceMs(): number;
}
