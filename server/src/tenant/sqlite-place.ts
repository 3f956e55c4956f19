// Whether the data file, and the log beside it, are still the ones that were opened. SQLite goes on writing into a file that somebody
// has removed or put another one in place of, and everything that it acknowledges from then on is gone with the process.
import { statSync } from 'node:fs';
import type { SqliteOutage } from './sqlite-outage.ts';

export class SqlitePlace {
  readonly #outage: SqliteOutage;
  /** By file, once it was seen; the log is made with the first write. */
  readonly #seen = new Map<string, { name: string; identity: string | undefined }>();

  constructor(file: string, outage: SqliteOutage) {
    this.#outage = outage;
    // Whoever is refused learns no path of this computer.
    for (const [each, name] of [
      [file, 'it'],
      [`${file}-wal`, 'the log beside it'],
    ] as const) {
      this.#seen.set(each, { name, identity: identityOf(each) });
    }
  }

  /** After each write, which may have been the first: it makes the log. */
  remember(): void {
    for (const [file, seen] of this.#seen) seen.identity ??= identityOf(file);
  }

  /** Before each write. A file that is put back is written again. @throws Problem `store_unavailable` */
  requireSame(): void {
    for (const [file, seen] of this.#seen) {
      const identity = identityOf(file);
      if (seen.identity === undefined || identity === seen.identity) continue;
      const what = identity === undefined ? 'removed' : 'replaced';
      throw this.#outage.failed(`${seen.name} was ${what} while it was in use`);
    }
  }
}

/** Undefined where there is none. */
function identityOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
