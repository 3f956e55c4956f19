// A store that cannot be used for the moment: a full disk, a server that is away. Whoever asks meanwhile is told to come back, and
// whoever runs the server is told once, when it begins and when it is over, not with every request. Nor with every store: a reset
// opens it anew, so what is out belongs to the process, and is handed to each store that it opens.
import { Problem } from '../problem.ts';
import { warn } from '../warnings.ts';

/** True of every outage: a call may write several things, and an answer that stays away tells nothing. */
const MAYBE_CHANGED =
  'Ask again in a moment, and look first: it may have been done, or begun. The log of the server says what to mend.';

export class StoreOutage {
  #whatIsOut: string | undefined;

  /**
   * The problem that callers are told.
   *
   * @param what as whoever runs the server knows it: "The data file assent.db"
   * @param reason "the disk is full"
   * @param hint what to do about it, where asking again is not enough
   */
  failed(what: string, reason: string, cause: unknown, hint: string = MAYBE_CHANGED): Problem {
    if (!this.isOut) {
      warn(
        'STORE_UNAVAILABLE',
        `${what} cannot be used: ${reason}. Until it can, what needs it is answered 503.`,
      );
    }
    this.#whatIsOut = what;
    return new Problem('store_unavailable', `What this server keeps cannot be used right now: ${reason}.`, {
      status: 503,
      hint,
      cause,
    });
  }

  get isOut(): boolean {
    return this.#whatIsOut !== undefined;
  }

  worked(): void {
    if (this.#whatIsOut === undefined) return;
    warn('STORE_AVAILABLE', `${this.#whatIsOut} can be used again.`);
    this.#whatIsOut = undefined;
  }
}

/** Of one store, however often it is opened. */
export class StoreOutages {
  readonly everything = new StoreOutage();
  /** Where it can be read all the while. */
  readonly writes = new StoreOutage();
}
