// What a command tells line by line, as JSON, and what it complains about when it ends before it told what was waited for.
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

type Line = Record<string, unknown>;

export class JsonLines {
  /** Rejects when the command ends. */
  readonly over: Promise<never>;
  readonly #lines: Line[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(command: ChildProcessByStdio<null, Readable, Readable>) {
    let complaints = '';
    command.stderr.on('data', (text) => {
      complaints += text;
    });
    createInterface(command.stdout).on('line', (text) => {
      this.#lines.push(JSON.parse(text) as Line);
      for (const look of this.#watchers) look();
    });
    this.over = once(command, 'close').then(([code]) => {
      throw new Error(`The command ended with ${code}: ${complaints}`);
    });
    // Whoever waits is told; nobody need wait.
    this.over.catch(() => undefined);
  }

  /** The first line that is as `wanted`, told already or yet to come. */
  async next(wanted: (line: Line) => boolean): Promise<Line> {
    const { promise, resolve } = Promise.withResolvers<Line>();
    const look = (): void => {
      const found = this.#lines.find(wanted);
      if (found !== undefined) resolve(found);
    };
    this.#watchers.add(look);
    try {
      look();
      return await Promise.race([promise, this.over]);
    } finally {
      this.#watchers.delete(look);
    }
  }
}
