// What is held inside, where no route shows it: an answer of a person before it counts, a notification before it leaves, the
// last answer to a poll before anything is redeemed. Each is asked through a port by the part in whose middle it lies.
import type { Approval } from '../approvals/index.ts';
import { Problem } from '../problem.ts';
import { warnOfFailure } from '../warnings.ts';
import type { Stepping } from './stepping.ts';

export class InnerSteps {
  readonly #stepping: Stepping;
  readonly #watchers = new Set<(approval: Approval) => void>();

  constructor(stepping: Stepping) {
    this.#stepping = stepping;
  }

  /** A request may be told of that another instance held back. */
  tellLeaving(approval: Approval): void {
    for (const tell of [...this.#watchers]) tell(approval);
  }

  /**
   * Resolves when the answer may count.
   *
   * @param onHeld is called where it waits and nobody waits for it
   * @throws Problem `not_ready` where it must not: its sender has left, or the server stops
   */
  async beforeDecision(
    approval: Approval,
    { rule, onHeld }: { rule?: string | undefined; onHeld?: (() => void) | undefined },
  ): Promise<void> {
    const isUnawaited = rule !== undefined;
    const holding = this.#stepping.hold({ arrow: 'decision_received', approval, isUnawaited });
    if (!holding) return;
    onHeld?.();
    const { waiting } = this.#stepping.currentCaller;
    const why = await holding;
    // A rule owes its answer; nobody would give it again.
    if (isUnawaited) return;
    if (why === 'shutdown') throw withdrawn('The server stops, or begins anew.');
    if (why === 'caller_left' || waiting?.hasLeft) throw withdrawn('Its sender has left.');
  }

  /** Passes it on now, or when it may leave; never, where that is not needed any more. Returns at once. */
  beforePush(approval: Approval, passOn: () => void): void {
    const holding = this.#stepping.hold({ arrow: 'push_sent', approval, isUnawaited: true });
    if (!holding) {
      passOn();
      return;
    }
    holding
      .then((why) => {
        // When the server stops, whoever takes the request up tells of it again.
        if (why === 'shutdown' || why === 'request_ended') return;
        this.tellLeaving(approval);
        passOn();
      })
      .catch((cause: unknown) => warnOfFailure(`the notification of ${approval.name} is lost`, cause));
  }

  /** Whether the client may be called back; undefined at once where nothing holds that. Not when the server stops. */
  beforeCallback(approval: Approval): Promise<boolean> | undefined {
    return this.#stepping
      .hold({ arrow: 'callback_sent', approval, isUnawaited: true })
      ?.then((why) => why !== 'shutdown');
  }

  /** Whether nobody may be told of this request yet. */
  isHeldBack(approvalId: string): boolean {
    return this.#stepping.isHeldBack(approvalId);
  }

  /** Calls `watcher` when somebody may be told of a request that was held back. The returned function stops that. */
  watchLeaving(watcher: (approval: Approval) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Whether the last answer to a poll of this request may go back; undefined at once where nothing holds it. */
  beforeLastAnswer(approval: Approval): Promise<'goes_back' | 'caller_left' | 'stopping'> | undefined {
    return this.#stepping
      .hold({ arrow: 'token_response', approval })
      ?.then((why) => (why === 'shutdown' ? 'stopping' : why === 'caller_left' ? why : 'goes_back'));
  }

  close(): void {
    this.#watchers.clear();
  }
}

function withdrawn(finding: string): Problem {
  return new Problem('not_ready', `The answer was held before it counted. ${finding} Nothing was decided.`, {
    status: 503,
    hint: 'Answer again.',
  });
}
