// Where the SDKs of the `@auth0/ai` family keep what they need to go on after an interruption.

/** What the SDK keeps of a run that was interrupted. Each resumption loads it anew, as a worker without memory would. */
export class InterruptionStore {
  readonly #entries = new Map<string, unknown>();
  #saved: ReadonlyMap<string, unknown> = new Map();

  save(): void {
    this.#saved = new Map(this.#entries);
  }

  restore(): void {
    this.#entries.clear();
    for (const [key, value] of this.#saved) this.#entries.set(key, value);
  }

  async get(namespace: string[], key: string): Promise<unknown> {
    return this.#entries.get(JSON.stringify([namespace, key]));
  }

  async put(namespace: string[], key: string, value: unknown): Promise<void> {
    this.#entries.set(JSON.stringify([namespace, key]), value);
  }

  async delete(namespace: string[], key: string): Promise<void> {
    this.#entries.delete(JSON.stringify([namespace, key]));
  }
}
