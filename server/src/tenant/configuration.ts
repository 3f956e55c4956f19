// What the tenant is configured to be, now. One document, never changed in place: a change makes the next one, which is
// checked like a tenant file, kept in the store and seen by everybody at once. Or it is refused as a whole.
import { createHash } from 'node:crypto';
import type { TenantConfig } from '../contract/index.ts';
import type { Collection, Store } from '../store.ts';
import { checkConfig } from './config-file.ts';

const DOCUMENT_ID = 'current';

interface StoredConfiguration {
  config: TenantConfig;
  /** Of what the server was started with when this document began. */
  seedHash: string;
}

/** A copy of the configuration to be edited in place. */
export type ConfigurationDraft = TenantConfig;

export class Configuration {
  readonly #documents: Collection<StoredConfiguration>;
  readonly #seedHash: string;
  readonly #watchers = new Set<(config: TenantConfig) => void>();
  #current: TenantConfig;

  private constructor(documents: Collection<StoredConfiguration>, seedHash: string, current: TenantConfig) {
    this.#documents = documents;
    this.#seedHash = seedHash;
    this.#current = current;
  }

  /**
   * What the store kept, as long as the server is started with the same configuration as then; otherwise the new one.
   *
   * @param seed what the server was started with, checked
   */
  static async open(seed: TenantConfig, store: Store): Promise<Configuration> {
    const documents = store.collection<StoredConfiguration>('configuration');
    const seedHash = createHash('sha256').update(JSON.stringify(seed)).digest('base64url');
    for (;;) {
      const kept = await documents.get(DOCUMENT_ID);
      if (kept?.value.seedHash === seedHash) {
        return new Configuration(documents, seedHash, checkConfig(kept.value.config));
      }
      const begun = { config: seed, seedHash };
      const isWritten = kept
        ? await documents.replace(DOCUMENT_ID, kept.version, begun)
        : await documents.insert(DOCUMENT_ID, begun);
      if (isWritten) return new Configuration(documents, seedHash, seed);
    }
  }

  /** Frozen. */
  get current(): TenantConfig {
    return this.#current;
  }

  /**
   * Edits a copy and makes it the current one. What `edit` throws leaves everything as it was; so does a result that
   * could not stand in a tenant file.
   *
   * @param edit may run again, on a newer copy
   * @throws Problem `config_invalid`
   */
  async change<T>(edit: (draft: ConfigurationDraft) => T): Promise<T> {
    for (;;) {
      const found = await this.#documents.get(DOCUMENT_ID);
      if (!found) throw new Error('a change came after the tenant was closed');
      const draft = structuredClone(found.value.config);
      const result = edit(draft);
      const config = checkConfig(draft);
      const next = { config, seedHash: this.#seedHash };
      if (!(await this.#documents.replace(DOCUMENT_ID, found.version, next))) continue;
      this.#current = config;
      for (const watcher of [...this.#watchers]) watcher(config);
      return result;
    }
  }

  /** Calls `watcher` after every change. The returned function stops that. */
  watch(watcher: (config: TenantConfig) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    this.#watchers.clear();
  }
}
