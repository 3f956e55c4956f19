// What was promised to anybody: every answer that arrived is written down here, and held against what the servers say later.
// An answer that was cut off promises nothing; what was asked for may have happened or not, but never twice.
import type { ApprovalView } from 'assent/contract';

export type Outcome = 'approved' | 'denied';

/** One request of a client, from its acknowledgement on. */
export interface Promised {
  readonly authReqId: string;
  readonly delivery: 'poll' | 'ping' | 'push';
  readonly bindingMessage: string;
  /** As they were asked for; undefined where none were. */
  readonly details: unknown;
  /** What deciders have sent, acknowledged or not. */
  readonly attempted: Set<Outcome>;
  /** The one that was acknowledged. */
  decision?: Outcome;
  /** Whether its client has begun to ask for tokens. */
  isAskedFor: boolean;
  /** How often they were asked for, without an answer to tell what became of it. */
  redemptionsCutOff: number;
  /** Access tokens that arrived, by either way. */
  readonly tokens: string[];
  /** Whether its client has seen the end of it. */
  isOver: boolean;
}

export class Ledger {
  readonly #requests = new Set<Promised>();
  readonly #violations: string[] = [];
  readonly #events = new Map<number, string>();
  readonly #watchers = new Set<() => void>();
  /** How many answers arrived in all. */
  acknowledged = 0;
  flows = 0;
  redeemed = 0;
  cutOff = 0;

  get violations(): readonly string[] {
    return this.#violations;
  }

  get requests(): readonly Promised[] {
    return [...this.#requests];
  }

  /** Something was promised and not kept. */
  object(text: string): void {
    this.#violations.push(text);
    this.#wake();
  }

  /** Counts an answer, so that somebody can be killed after so many of them. */
  count(): void {
    this.acknowledged += 1;
    this.#wake();
  }

  /** Calls back at every answer, until told to stop. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  promise(parts: Pick<Promised, 'authReqId' | 'delivery' | 'bindingMessage' | 'details'>): Promised {
    const promised: Promised = {
      ...parts,
      attempted: new Set(),
      isAskedFor: false,
      redemptionsCutOff: 0,
      tokens: [],
      isOver: false,
    };
    this.#requests.add(promised);
    return promised;
  }

  /** A decider was told that its answer counts, or which one does. */
  decided(promised: Promised, outcome: Outcome, isOwn: boolean): void {
    if (promised.decision !== undefined && promised.decision !== outcome) {
      this.object(
        `${promised.authReqId}: was ${promised.decision} for one decider and ${outcome} for another`,
      );
    }
    if (!promised.attempted.has(outcome)) this.object(`${promised.authReqId}: nobody has ${outcome} it`);
    if (isOwn || promised.decision === undefined) promised.decision = outcome;
  }

  /** Tokens arrived. */
  received(promised: Promised, accessToken: string): void {
    const { tokens, delivery, authReqId, decision } = promised;
    // A push may come again, with the same tokens.
    if (delivery === 'push' && tokens.includes(accessToken)) return;
    tokens.push(accessToken);
    this.redeemed += 1;
    if (tokens.length > 1) this.object(`${authReqId}: was redeemed ${tokens.length} times`);
    if (decision === 'denied') this.object(`${authReqId}: was denied, and gave tokens`);
  }

  /** What a server says of a request, held against what was known before it was asked. */
  compare(promised: Promised, known: Readonly<Known>, view: ApprovalView): void {
    const { authReqId } = promised;
    const says = `${authReqId}: is ${view.state}`;
    if (view.binding_message !== promised.bindingMessage)
      this.object(`${authReqId}: "${promised.bindingMessage}" has become "${view.binding_message}"`);
    if (JSON.stringify(view.authorization_details) !== JSON.stringify(promised.details))
      this.object(`${authReqId}: its authorization details have changed`);
    const outcome = view.decision?.outcome;
    if (known.decision !== undefined && outcome !== known.decision)
      this.object(`${says}, and was ${known.decision}`);
    if (outcome !== undefined && !promised.attempted.has(outcome))
      this.object(`${says}, and nobody has ${outcome} it`);
    if (known.tokens > 0 && view.state !== 'redeemed') this.object(`${says}, and gave tokens`);
    if (view.state === 'expired') this.object(`${says}, long before its time`);
    if (view.state === 'redeemed' && promised.delivery !== 'push' && !promised.isAskedFor)
      this.object(`${says}, and nobody has asked for its tokens`);
  }

  /** An event of the trace, as often as one likes: a number stands for one event. */
  told(number: number, event: string): void {
    const known = this.#events.get(number);
    if (known !== undefined && known !== event)
      this.object(`event ${number} is another one now: ${known} was ${event}`);
    this.#events.set(number, event);
  }

  get lastEvent(): number {
    return Math.max(0, ...[...this.#events.keys()].slice(-1));
  }

  get eventsSeen(): number {
    return this.#events.size;
  }

  forget(promised: Promised): void {
    this.#requests.delete(promised);
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** What had been promised at an instant. */
export interface Known {
  decision: Outcome | undefined;
  tokens: number;
}

export function knownOf({ decision, tokens }: Promised): Known {
  return { decision, tokens: tokens.length };
}
