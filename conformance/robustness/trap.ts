// Ends a server, as `kill -9` does, at one of its writes, whichever store that goes to.
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerFleet } from './server-fleet.ts';

export interface TrapPlan {
  /** Which write it is, from 1. */
  step: number;
  /** Nothing of the write is kept, or it is done and nobody was told. */
  when: 'before' | 'after';
  /** Writes count from the first one in which this text appears. */
  mark: string;
}

export interface Trap {
  arm(plan: TrapPlan): Promise<void>;
  disarm(): Promise<void>;
}

const HOOK = fileURLToPath(new URL('kill-at-write.mjs', import.meta.url));

/** Options of Node under which a server can be ended at one of its writes to a data file. */
export const SQLITE_TRAP = `--import=${HOOK}`;

/** For the one server that has a data file, which reads at each statement what is planned. */
export class SqliteTrap implements Trap {
  readonly #file: string;

  constructor(fleet: ServerFleet) {
    this.#file = join(fleet.folder, 'kill-plan.json');
  }

  /** All of it is there at once. */
  async arm(plan: TrapPlan): Promise<void> {
    await writeFile(`${this.#file}.next`, JSON.stringify(plan));
    await rename(`${this.#file}.next`, this.#file);
  }

  async disarm(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}
