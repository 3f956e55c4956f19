// Writes of documents, as many in one transaction as came in while the disk was busy with the last one: what waits for the disk is
// a group, not each of them. One after another within it, so of two writers over one version the first wins; none is acknowledged
// before all are on the disk, and where that fails, none has happened.
import type { SqliteJournals } from './sqlite-journals.ts';
import type { SqliteOutage } from './sqlite-outage.ts';

interface Waiting {
  /** Whether it was done. */
  write: () => boolean;
  resolve(done: boolean): void;
  reject(cause: unknown): void;
}

export class SqliteWrites {
  readonly #journals: SqliteJournals;
  readonly #outage: SqliteOutage;
  #waiting: Waiting[] = [];
  #immediate: NodeJS.Immediate | undefined;

  constructor(journals: SqliteJournals, outage: SqliteOutage) {
    this.#journals = journals;
    this.#outage = outage;
  }

  /** Resolves when it is on the disk. @throws Problem `store_unavailable` */
  add(write: () => boolean): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ write, resolve, reject });
    // Behind everything that has come in by now, and would have to wait for the disk as well.
    this.#immediate ??= setImmediate(() => this.flush());
    return promise;
  }

  /** What waits is written now. */
  flush(): void {
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    try {
      const done = this.#outage.guard(() =>
        this.#journals.writeWith(() => group.map(({ write }) => write())),
      );
      for (const [at, { resolve }] of group.entries()) resolve(done[at] ?? false);
    } catch (cause) {
      for (const { reject } of group) reject(cause);
    }
  }
}
