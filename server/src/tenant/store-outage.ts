// A store that cannot be used for the moment: a full disk, a server that is away. Whoever asks meanwhile is told to come back, and
// whoever runs the server is told once, when it begins and when it is over, not with every request.
import { Problem } from '../problem.ts';
import { warn } from '../warnings.ts';

/** True of every outage: a call may write several things, and an answer that stays away tells nothing. */
const MAYBE_CHANGED =
  'Ask again in a moment, and look first: it may have been done, or begun. The log of the server says what to mend.';

export class StoreOutage {
  readonly #what: string;
  #isOut = false;

  /** @param what as whoever runs the server knows it: "The data file assent.db" */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * The problem that callers are told.
   *
   * @param reason "the disk is full"
   * @param hint what to do about it, where asking again is not enough
   */
  failed(reason: string, cause: unknown, hint: string = MAYBE_CHANGED): Problem {
    if (!this.#isOut) {
      warn(
        'STORE_UNAVAILABLE',
        `${this.#what} cannot be used: ${reason}. Until it can, what needs it is answered 503.`,
      );
    }
    this.#isOut = true;
    return new Problem('store_unavailable', `What this server keeps cannot be used right now: ${reason}.`, {
      status: 503,
      hint,
      cause,
    });
  }

  get isOut(): boolean {
    return this.#isOut;
  }

  worked(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    warn('STORE_AVAILABLE', `${this.#what} can be used again.`);
  }
}
