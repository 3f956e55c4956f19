// The keys that sign tokens: those of the tenant file, or one that is made once and kept, beside the certificates and in the
// store.
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import type { TenantConfig } from '../contract/index.ts';
import { claimFile, makeFolder, readOptional } from '../disk.ts';
import { Problem } from '../problem.ts';
import { type Collection, provide, type Store } from '../store.ts';
import { findSigningKeyMistake, withoutPrivateMembers } from './key-checks.ts';

/** The collection in which a generated key is kept. */
export const SIGNING_KEYS = 'signing-keys';

/** Shown at most: a rotation that is repeated without end drops the oldest. */
const MOST_KEYS = 20;

/** What a rotation has left. */
interface Rotation {
  /** Names of the keys that there were before the first one; of others it is no rotation. */
  origin: string[];
  keys: JWK[];
  /** Before the last one, public halves. */
  before: JWK[];
}

/** Private JSON Web Keys (RFC 7517); the first one signs. Read them when they are needed: they may be rotated. */
export class SigningKeys {
  readonly #origin: readonly JWK[];
  readonly #rotations: Collection<Rotation>;
  readonly #watchers = new Set<() => void>();
  #rotation: Rotation | undefined;
  #rotating: Promise<void> = Promise.resolve();

  /** @param keys at least one, unless nothing is ever signed */
  constructor(keys: readonly JWK[], store: Store, rotation?: Rotation) {
    this.#origin = keys.map((key): JWK => ({ use: 'sig', ...key }));
    this.#rotations = store.collection<Rotation>('signing-key-rotations');
    this.#rotation = rotation;
  }

  get private(): readonly JWK[] {
    return this.#rotation?.keys ?? this.#origin;
  }

  /** What /.well-known/jwks.json may show. */
  get public(): readonly JWK[] {
    return this.private.map((key) => withoutPrivateMembers(key) as JWK);
  }

  /** What it showed before the last rotation; undefined without one. */
  get publicBeforeRotation(): readonly JWK[] | undefined {
    return this.#rotation?.before;
  }

  /** Has a new key sign from now on. The old ones are still shown, or not any more. One after another: each builds on the last. */
  rotate(options: { keepsOld: boolean }): Promise<void> {
    const rotated = this.#rotating.then(() => this.#rotateNow(options));
    this.#rotating = rotated.catch(() => undefined);
    return rotated;
  }

  async #rotateNow({ keepsOld }: { keepsOld: boolean }): Promise<void> {
    const added = await generateKey();
    const rotation: Rotation = {
      origin: namesOf(this.#origin),
      keys: keepsOld ? [added, ...this.private].slice(0, MOST_KEYS) : [added],
      before: [...this.public],
    };
    await this.#rotations.remove(CURRENT);
    await this.#rotations.insert(CURRENT, rotation);
    this.#rotation = rotation;
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Calls `watcher` after each rotation. The returned function stops that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

const CURRENT = 'current';

/**
 * @param folder where a generated key is kept; undefined keeps it in memory
 * @param store keeps it as well, and what it has goes first: tokens must verify as long as the sessions last
 * @throws Problem `signing_key_unusable` when the folder holds something else
 */
export async function loadSigningKeys(
  config: TenantConfig,
  folder: string | undefined,
  store: Store,
): Promise<SigningKeys> {
  const keys =
    config.signing_keys.length > 0
      ? config.signing_keys
      : [await provide(store.collection<JWK>(SIGNING_KEYS), CURRENT, () => provideKey(folder))];
  const rotation = (await store.collection<Rotation>('signing-key-rotations').get(CURRENT))?.value;
  const isOfThese = rotation !== undefined && String(rotation.origin) === String(namesOf(keys));
  // What the store has may have come with a snapshot. Only the first one signs.
  for (const signing of isOfThese ? [keys[0], rotation.keys[0]] : [keys[0]]) {
    if (!signing || !findSigningKeyMistake(signing)) continue;
    throw new Problem('signing_key_unusable', 'What is stored as the signing key is none.', {
      hint: 'Start with another data file, or take the snapshot again.',
    });
  }
  return new SigningKeys(keys, store, isOfThese ? rotation : undefined);
}

function namesOf(keys: readonly JWK[]): string[] {
  return keys.map(({ kid = '' }) => kid);
}

async function provideKey(folder: string | undefined): Promise<JWK> {
  if (folder === undefined) return generateKey();
  const file = join(folder, 'signing-key.json');
  try {
    await makeFolder(folder);
    const kept = await readOptional(file);
    // Of servers that start together, all sign with the key of the one that was first.
    return readKey(kept ?? (await claimFile(file, `${JSON.stringify(await generateKey())}\n`, 0o600)), file);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('signing_key_unusable', `No signing key could be kept in ${folder}: ${reason}`, {
      hint: `Look at it: ls -ld ${file}\nOr choose another folder with --data-folder.`,
      cause,
    });
  }
}

const keptKeySchema = z.looseObject({ kty: z.literal('RSA'), kid: z.string().min(1) });

function readKey(text: string, file: string): JWK {
  const key = keptKeySchema.safeParse(parseJson(text)).data;
  if (key && !findSigningKeyMistake(key)) return key;
  throw new Problem('signing_key_unusable', `${file} is not what Assent wrote there.`, {
    hint: `Have it made anew: rm ${file}`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function generateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' };
}
