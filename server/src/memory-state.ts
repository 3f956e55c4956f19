// What changes, lives in memory only and is nevertheless part of a snapshot. Each part writes and reads itself, and joins under a
// name of its own: whoever keeps something outside the store adds it here, and needs to tell nobody else.

/** Something that changes. What it writes must be what JSON can carry. */
export interface MemoryPart {
  write(): unknown;
  /** @throws for what `write` could not have written */
  read(saved: unknown): void;
}

export class MemoryState {
  readonly #saved: Readonly<Record<string, unknown>>;
  readonly #parts = new Map<string, MemoryPart>();

  /** @param saved what the parts of a snapshot wrote; nothing for a world that begins */
  constructor(saved: Readonly<Record<string, unknown>> = {}) {
    this.#saved = saved;
  }

  /** From now on `part` is in every snapshot. It reads at once what the snapshot of this world has for it. */
  add(name: string, part: MemoryPart): void {
    if (this.#parts.has(name)) throw new Error(`there is a part called "${name}" already`);
    this.#parts.set(name, part);
    if (Object.hasOwn(this.#saved, name)) part.read(this.#saved[name]);
  }

  write(): Record<string, unknown> {
    return Object.fromEntries([...this.#parts].map(([name, part]) => [name, part.write()]));
  }
}
