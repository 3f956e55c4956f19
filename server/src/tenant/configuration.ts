// What the tenant is configured to be, now. One document, never changed in place: a change makes the next one, which is
// checked like a tenant file, kept in the store and seen by everybody at once. Or it is refused as a whole.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { QuickAnswersInput, TenantConfig, TenantLock } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { Collection, Store } from '../store.ts';
import { warn } from '../warnings.ts';
import { writtenHashOf } from './checked-config.ts';
import { checkConfig } from './config-check.ts';
import { dropLostRules } from './config-rules.ts';

const DOCUMENT_ID = 'current';

/** What the server reads once: keys, certificates, and the names of cookies and of the data file's owner are made of it. */
const FIXED: Readonly<Record<string, (config: TenantConfig) => unknown>> = {
  'tenant.name': (config) => config.tenant.name,
  signing_keys: (config) => config.signing_keys,
  extra_host_names: (config) => config.extra_host_names,
};

interface StoredConfiguration {
  config: TenantConfig;
  /** What was put in place last as a whole; none was since the start where it is missing. */
  file?: TenantConfig;
  /** Of what the server was started with when this document began. */
  seedHash: string;
  /** Of what was written of that. Missing where nobody knew, or an older version wrote this. */
  writtenHash?: string;
}

export interface ConfigurationOptions {
  /** Stands over whatever the configuration says, and is not kept. */
  laidOver?: QuickAnswersInput | undefined;
  /** Has the other instances read it again. Resolves once each of them will. */
  tellOthers?: () => Promise<void>;
  /** How many instances share it, with this one. */
  countInstances?: () => Promise<number>;
}

type Watcher = (config: TenantConfig) => Promise<void> | void;

/** A copy of the configuration to be edited in place. */
export type ConfigurationDraft = TenantConfig;

export class Configuration {
  readonly #documents: Collection<StoredConfiguration>;
  readonly #seed: TenantConfig;
  readonly #seedHash: string;
  readonly #laidOver: QuickAnswersInput;
  readonly #watchers = new Set<Watcher>();
  readonly #tellOthers: () => Promise<void>;
  /** Of the document that `#current` was made of. */
  #version: number;
  #current: TenantConfig;
  #file: TenantConfig;

  private constructor(
    documents: Collection<StoredConfiguration>,
    seed: TenantConfig,
    current: { config: TenantConfig; file: TenantConfig; version: number },
    { laidOver = {}, tellOthers = async () => undefined }: ConfigurationOptions,
  ) {
    this.#documents = documents;
    this.#seed = seed;
    this.#seedHash = hashOf(seed);
    this.#laidOver = laidOver;
    this.#tellOthers = tellOthers;
    this.#version = current.version;
    this.#current = layOver(current.config, laidOver);
    this.#file = layOver(current.file, laidOver);
  }

  /**
   * What the store kept, as long as the server is started with the same configuration as then; otherwise the new one.
   *
   * @param seed what the server was started with, checked
   */
  static async open(
    seed: TenantConfig,
    store: Store,
    options: ConfigurationOptions = {},
  ): Promise<Configuration> {
    const documents = store.collection<StoredConfiguration>('configuration');
    for (;;) {
      const kept = await documents.get(DOCUMENT_ID);
      if (kept && isStillMeant(kept.value, seed)) {
        const { config, file } = kept.value;
        const current = { config: checkConfig(config), file: file ? checkConfig(file) : seed };
        return new Configuration(documents, seed, { ...current, version: kept.version }, options);
      }
      const writtenHash = writtenHashOf(seed);
      const begun = { config: seed, seedHash: hashOf(seed), ...(writtenHash && { writtenHash }) };
      const isWritten = kept
        ? await documents.replace(DOCUMENT_ID, kept.version, begun)
        : await documents.insert(DOCUMENT_ID, begun);
      if (!isWritten) continue;
      const current = { config: seed, file: seed, version: (kept?.version ?? 0) + 1 };
      if (kept) {
        await options.tellOthers?.();
        warnOfOtherFile(kept.value, { seed, instances: (await options.countInstances?.()) ?? 1 });
      }
      return new Configuration(documents, seed, current, options);
    }
  }

  /** Frozen. */
  get current(): TenantConfig {
    return this.#current;
  }

  /** As the server was started with. Frozen. */
  get start(): TenantConfig {
    return layOver(this.#seed, this.#laidOver);
  }

  /** What its file has, as far as is known: what was put in place last as a whole, else the start. Frozen. */
  get file(): TenantConfig {
    return this.#file;
  }

  /** Somebody says that their file has what the tenant is now. */
  async markAsFile(): Promise<void> {
    await this.#write(() => undefined, true);
  }

  /** What only another start can change. */
  get locks(): TenantLock[] {
    return [
      ...Object.keys(this.#laidOver).map(
        (member): TenantLock => ({
          path: `ciba.${member}`,
          reason: 'start',
          why: 'Set when the server was started, by --quick-answers, --interval or --held-poll. That stands over the tenant file.',
        }),
      ),
      ...Object.keys(FIXED).map(
        (path): TenantLock => ({ path, reason: 'once', why: 'Used once, when the server starts.' }),
      ),
    ];
  }

  /** Tells tenant files of a start apart. */
  get startHash(): string {
    return this.#seedHash;
  }

  /**
   * Puts another configuration in place of the current one.
   *
   * @param nextOf gives a tenant file; may run again, on a newer configuration
   * @param isFile whether that is what somebody has as a file
   * @throws Problem `config_invalid`, also for what only a start can change
   */
  async replace(nextOf: (current: TenantConfig) => unknown, { isFile = false } = {}): Promise<TenantConfig> {
    await this.#write((draft) => {
      const next = checkConfig(nextOf(draft), { name: 'the tenant file' });
      for (const [member, read] of Object.entries(FIXED)) {
        if (isDeepStrictEqual(read(next), read(draft))) continue;
        throw new Problem('config_invalid', `"${member}" can only be changed by a new start.`, {
          findings: [`${member}  is used once, when the server starts.`],
        });
      }
      for (const member of Object.keys(draft)) if (!(member in next)) Reflect.deleteProperty(draft, member);
      Object.assign(draft, structuredClone(next));
    }, isFile);
    return this.#current;
  }

  /**
   * Edits a copy and makes it the current one. What `edit` throws leaves everything as it was; so does a result that
   * could not stand in a tenant file.
   *
   * @param edit may run again, on a newer copy
   * @throws Problem `config_invalid`
   */
  change<T>(edit: (draft: ConfigurationDraft) => T): Promise<T> {
    return this.#write(edit, false);
  }

  async #write<T>(edit: (draft: ConfigurationDraft) => T, isFile: boolean): Promise<T> {
    for (;;) {
      const found = await this.#documents.get(DOCUMENT_ID);
      if (!found) throw new Error('a change came after the tenant was closed');
      // A copy of its own for every reader, says the store.
      const draft = found.value.config;
      const rules = structuredClone(draft.rules);
      const result = edit(draft);
      dropLostRules(draft, rules);
      const config = checkConfig(draft);
      const file = isFile ? config : found.value.file;
      // Of several instances one may have been started with another file meanwhile: whose document it is does not change here.
      const { seedHash, writtenHash } = found.value;
      const next = { config, seedHash, ...(writtenHash && { writtenHash }), ...(file && { file }) };
      try {
        if (!(await this.#documents.replace(DOCUMENT_ID, found.version, next))) continue;
        this.#version = found.version + 1;
        this.#current = layOver(config, this.#laidOver);
        if (isFile) this.#file = this.#current;
        await Promise.all([...this.#watchers].map((watcher) => watcher(config)));
      } catch (cause) {
        // It may have been written. Then it is so for everybody, though nobody was told that it is.
        await this.#tellOthers().catch(() => undefined);
        throw cause;
      }
      await this.#tellOthers();
      return result;
    }
  }

  /** Another instance may have changed it. */
  async readAgain(): Promise<void> {
    const found = await this.#documents.get(DOCUMENT_ID);
    if (!found || found.version === this.#version) return;
    const config = checkConfig(found.value.config);
    this.#version = found.version;
    this.#current = layOver(config, this.#laidOver);
    this.#file = found.value.file ? layOver(checkConfig(found.value.file), this.#laidOver) : this.start;
    await Promise.all([...this.#watchers].map((watcher) => watcher(config)));
  }

  /** Calls `watcher` after every change, which ends when it has. The returned function stops that. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    this.#watchers.clear();
  }
}

function layOver(config: TenantConfig, over: QuickAnswersInput): TenantConfig {
  const { interval = config.ciba.interval, held_poll = config.ciba.held_poll } = over;
  return Object.freeze({ ...config, ciba: Object.freeze({ ...config.ciba, interval, held_poll }) });
}

/** Where another version fills in other defaults, those count; but not at the price of what was changed since. */
function isStillMeant({ config, seedHash, writtenHash }: StoredConfiguration, seed: TenantConfig): boolean {
  if (seedHash === hashOf(seed)) return true;
  return writtenHash !== undefined && writtenHash === writtenHashOf(seed) && hashOf(config) !== seedHash;
}

/** A tenant file that was edited is what is wanted; what it takes along unseen is said. */
function warnOfOtherFile(
  { config, seedHash }: StoredConfiguration,
  { seed, instances }: { seed: TenantConfig; instances: number },
): void {
  const hash = hashOf(config);
  const isLost = hash !== seedHash && hash !== hashOf(seed);
  if (hash === hashOf(seed) || (instances === 1 && !isLost)) return;
  const others = instances === 1 ? 'the last time' : 'the other instances';
  const counts = instances === 1 ? 'it counts now' : 'it counts for all of them now';
  const gone = isLost
    ? ' What the console, tools and people who signed up had changed since then is gone.'
    : '';
  warn(
    'OTHER_TENANT_FILE',
    `The tenant that this server was started with is not that of ${others}; ${counts}.${gone}`,
  );
}

function hashOf(seed: TenantConfig): string {
  return createHash('sha256').update(JSON.stringify(seed)).digest('base64url');
}
