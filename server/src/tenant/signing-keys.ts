// The keys that sign tokens, of three kinds: those of the tenant file, and one of each kind that it lacks, which is made once and
// kept, beside the certificates and in the store. Which kinds are shown and used is decided where tokens are made.
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { TenantConfig } from '../contract/index.ts';
import { claimFile, makeFolder, readSecret } from '../disk.ts';
import { isJsonObject } from '../json-object.ts';
import { Problem } from '../problem.ts';
import { type Collection, provide, type Store } from '../store.ts';
import { isSigningKey, type SigningKeyType, withoutPrivateMembers } from './key-checks.ts';

/** The collection in which a generated key is kept. */
export const SIGNING_KEYS = 'signing-keys';

/** Shown at most of a kind: a rotation that is repeated without end drops the oldest. */
const MOST_KEYS = 20;

interface KeyKind {
  kty: SigningKeyType;
  /** What its keys say that they are for. One of RSA may sign otherwise as well. */
  alg: string;
  /** Under which it is kept in the store. */
  id: string;
  /** In which it is kept in the data folder. */
  file: string;
}

const CURRENT = 'current';

/** The first one is Auth0’s. */
const KEY_KINDS: readonly KeyKind[] = [
  { kty: 'RSA', alg: 'RS256', id: CURRENT, file: 'signing-key.json' },
  { kty: 'EC', alg: 'ES256', id: 'ES256', file: 'signing-key-es256.json' },
  { kty: 'OKP', alg: 'EdDSA', id: 'EdDSA', file: 'signing-key-eddsa.json' },
];

/** What a rotation has left. */
interface Rotation {
  /** Names of the RSA keys that there were before the first one; of others it is no rotation. */
  origin: string[];
  keys: JWK[];
  /** Before the last one, public halves. */
  before: JWK[];
}

/** Private JSON Web Keys (RFC 7517); of each kind the first one signs. RSA comes first. Read them when they are needed: they may be rotated. */
export class SigningKeys {
  readonly #origin: readonly JWK[];
  readonly #rotations: Collection<Rotation>;
  readonly #watchers = new Set<() => void>();
  #tellOthers: () => Promise<void> = async () => undefined;
  #rotation: Rotation | undefined;
  #rotating: Promise<void> = Promise.resolve();

  /** @param keys at least one of each kind */
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

  async #rotateNow(options: { keepsOld: boolean }): Promise<void> {
    for (;;) {
      const found = await this.#rotations.get(CURRENT);
      // Of several instances that rotate at once each builds on the one before.
      this.#take(found?.value);
      const rotation = await this.#makeRotation(options);
      const isWritten = found
        ? await this.#rotations.replace(CURRENT, found.version, rotation)
        : await this.#rotations.insert(CURRENT, rotation);
      if (!isWritten) continue;
      this.#rotation = rotation;
      break;
    }
    for (const watcher of [...this.#watchers]) watcher();
    await this.#tellOthers();
  }

  async #makeRotation({ keepsOld }: { keepsOld: boolean }): Promise<Rotation> {
    const keys = KEY_KINDS.map(async (kind) => {
      const old = keepsOld ? this.private.filter(({ kty }) => kty === kind.kty) : [];
      return [await generateKey(kind), ...old].slice(0, MOST_KEYS);
    });
    return {
      origin: namesOfRsa(this.#origin),
      keys: (await Promise.all(keys)).flat(),
      before: [...this.public],
    };
  }

  /** @param tellOthers has the other instances read them again; resolves once each of them will */
  rotateTogether(tellOthers: () => Promise<void>): void {
    this.#tellOthers = tellOthers;
  }

  /** Another instance may have rotated them. */
  async readAgain(): Promise<void> {
    if (!this.#take((await this.#rotations.get(CURRENT))?.value)) return;
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Whether these keys are others than before. */
  #take(rotation: Rotation | undefined): boolean {
    const isKnown = rotation === undefined || String(kidsOf(rotation)) === String(kidsOf(this.#rotation));
    if (isKnown || String(rotation.origin) !== String(namesOfRsa(this.#origin))) return false;
    this.#rotation = withEveryKind(rotation, this.#origin);
    return true;
  }

  /** Calls `watcher` after each rotation. The returned function stops that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

/**
 * @param folder where a generated key is kept; undefined keeps it in memory
 * @param store keeps it as well, and what it has goes first: tokens must verify as long as the sessions last
 * @param whenMaking is told when one has to be made, which takes a while and little of this thread
 * @throws Problem `signing_key_unusable` when the folder holds something else
 */
export async function loadSigningKeys(
  config: TenantConfig,
  folder: string | undefined,
  store: Store,
  whenMaking: () => void = () => undefined,
): Promise<SigningKeys> {
  const make = (kind: KeyKind): Promise<JWK> => {
    whenMaking();
    return generateKey(kind);
  };
  // Just now, or with the configuration.
  const tried = new Set<string>();
  const ofKinds = KEY_KINDS.map(async (kind) => {
    const given = config.signing_keys.filter(({ kty }) => kty === kind.kty);
    if (given.length > 0) {
      const keys = given.map(({ alg = kind.alg, ...key }): JWK => ({ ...key, alg }));
      for (const key of keys) tried.add(JSON.stringify(key));
      return keys;
    }
    const kept = await provide(store.collection<JWK>(SIGNING_KEYS), kind.id, async () => {
      const key = await provideKey(kind, folder, make);
      tried.add(JSON.stringify(key));
      return key;
    });
    return [kept];
  });
  // Of keys that are made at the same time none is still being written once one of them has failed.
  await Promise.allSettled(ofKinds);
  const keys: JWK[] = (await Promise.all(ofKinds)).flat();
  const rotation = (await store.collection<Rotation>('signing-key-rotations').get(CURRENT))?.value;
  const isOfThese = rotation !== undefined && String(rotation.origin) === String(namesOfRsa(keys));
  // What the store has may have come with a snapshot. Only the first one of a kind signs.
  const signing = KEY_KINDS.flatMap(({ kty }) => [
    keys.find((key) => key.kty === kty),
    isOfThese ? rotation.keys.find((key) => key.kty === kty) : undefined,
  ]);
  const verdicts = await Promise.all(
    signing.map((key) => key === undefined || tried.has(JSON.stringify(key)) || isSigningKey(key)),
  );
  if (verdicts.includes(false)) {
    throw new Problem('signing_key_unusable', 'What is stored as the signing key is none.', {
      hint: 'Start with another data file, or take the snapshot again.',
    });
  }
  return new SigningKeys(keys, store, isOfThese ? withEveryKind(rotation, keys) : undefined);
}

/** A rotation of an earlier version has RSA keys alone. */
function withEveryKind(rotation: Rotation, keys: readonly JWK[]): Rotation {
  const isThere = ({ kty }: JWK): boolean => rotation.keys.some((key) => key.kty === kty);
  return { ...rotation, keys: [...rotation.keys, ...keys.filter((key) => !isThere(key))] };
}

function kidsOf(rotation: Rotation | undefined): string[] {
  return (rotation?.keys ?? []).map(({ kid = '' }) => kid);
}

function namesOfRsa(keys: readonly JWK[]): string[] {
  return keys.filter(({ kty }) => kty === 'RSA').map(({ kid = '' }) => kid);
}

async function provideKey(
  kind: KeyKind,
  folder: string | undefined,
  make: (kind: KeyKind) => Promise<JWK>,
): Promise<JWK> {
  if (folder === undefined) return make(kind);
  const file = join(folder, kind.file);
  try {
    await makeFolder(folder);
    const kept = await readSecret(file);
    // Of servers that start together, all sign with the key of the one that was first.
    const text = kept ?? (await claimFile(file, `${JSON.stringify(await make(kind))}\n`, 0o600));
    return await readKey(text, kind, file);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('signing_key_unusable', `No signing key could be kept in ${folder}: ${reason}`, {
      hint: `Look at it: ls -ld ${file}\nOr choose another folder with --data-folder.`,
      cause,
    });
  }
}

async function readKey(text: string, kind: KeyKind, file: string): Promise<JWK> {
  const key = parseJson(text);
  if (isKeptKey(key) && key.kty === kind.kty && (await isSigningKey(key))) return key;
  throw new Problem('signing_key_unusable', `${file} is not what Assent wrote there.`, {
    hint: `Have it made anew: rm ${file}`,
  });
}

function isKeptKey(value: unknown): value is JWK & { kty: string; kid: string } {
  return (
    isJsonObject(value) &&
    typeof value['kty'] === 'string' &&
    typeof value['kid'] === 'string' &&
    value['kid'] !== ''
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function generateKey({ alg }: KeyKind): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}
