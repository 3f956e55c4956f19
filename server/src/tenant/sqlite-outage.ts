// What SQLite fails with, where that passes by itself or by somebody's hand; anything else is a mistake of ours.
import type { Problem } from '../problem.ts';
import type { StoreOutage } from './store-outage.ts';

const DAMAGED = 'it is damaged';
const GO_BACK =
  'Stop the server and go back to a copy of the file, or begin anew with another one: assent --data other.db';

/** Result codes, without their varieties. https://www.sqlite.org/rescode.html */
const REASONS: Readonly<Record<number, string>> = {
  5: 'another program has locked it',
  8: 'it may only be read',
  10: 'the disk fails',
  11: DAMAGED,
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: DAMAGED,
};

export class SqliteOutage {
  readonly #what: string;
  readonly #outage: StoreOutage;

  constructor(file: string, outage: StoreOutage) {
    this.#what = `The data file ${file}`;
    this.#outage = outage;
  }

  /** The problem that callers are told, for a reason that SQLite does not see. */
  failed(reason: string): Problem {
    return this.#outage.failed(this.#what, reason, undefined);
  }

  /** Runs what needs the file. @throws Problem `store_unavailable` */
  guard<R>(work: () => R): R {
    let result: R;
    try {
      result = work();
    } catch (cause) {
      const reason = reasonOf(cause);
      throw reason === undefined
        ? cause
        : this.#outage.failed(this.#what, reason, cause, reason === DAMAGED ? GO_BACK : undefined);
    }
    return result;
  }

  /** Something was written. */
  worked(): void {
    this.#outage.worked();
  }
}

function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error && 'errcode' in cause)) return undefined;
  // The lower byte is the result code, the rest its variety.
  return REASONS[Number(cause.errcode) & 0xff];
}
