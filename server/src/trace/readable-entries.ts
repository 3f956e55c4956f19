// Entries of a journal as they were written, out of texts that are read when somebody looks at them. What somebody else has damaged
// since is passed over, so that the rest of the story can be read; whoever runs the server is told once.
import { warn } from '../warnings.ts';

export class ReadableEntries<T extends object> {
  readonly #story: string;
  readonly #members: ReadonlyArray<keyof T & string>;
  #hasWarned = false;

  /** @param members that every entry has, as texts */
  constructor(story: string, members: ReadonlyArray<keyof T & string>) {
    this.#story = story;
    this.#members = members;
  }

  read<K extends { number: number; text: string }>(kept: K): (T & { number: number }) | undefined {
    const value = parse(kept.text);
    if (this.#isWhole(value)) return { ...value, number: kept.number };
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      warn(
        'DAMAGED_ENTRY',
        `Entry ${kept.number} of ${this.#story} is damaged in the store, and is left out; perhaps others, too.`,
      );
    }
    return undefined;
  }

  #isWhole(value: unknown): value is T {
    return (
      typeof value === 'object' &&
      value !== null &&
      this.#members.every((member) => typeof Reflect.get(value, member) === 'string')
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is told of by whoever asked.
    return undefined;
  }
}
