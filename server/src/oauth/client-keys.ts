// The public keys of a client, by which its assertions and its signed requests are verified: those of the tenant file (`jwks`),
// or those that it publishes (`jwks_uri`). Published ones are fetched when they are needed first, again after some minutes,
// and for a key id that is not among them (OpenID Connect Core §10.1.1), though not more often than a caller without
// credentials may make this server call somebody. Everybody who waits for the same address shares one call.
import {
  type CryptoKey,
  compactVerify,
  createLocalJWKSet,
  errors,
  type JWK,
  type JWSHeaderParameters,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../contract/index.ts';
import { findClientKeyMistake } from '../tenant/index.ts';

/** How long a fetched set counts: a key that its owner has withdrawn is good for no longer. */
const FRESH_MS = 300_000;
/** Between two calls that keys of unknown id, or a failure, may cause. */
const PAUSE_MS = 10_000;
/** Sets that are kept at a time. */
const MOST_SETS = 200;

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

interface FetchedKeys {
  readonly keys: readonly JWK[];
  readonly fetchedAtMs: number;
  /** Until then neither an unknown key id nor a failure is a reason to ask again. */
  readonly pausedUntilMs: number;
  /** Why the last call brought nothing. */
  readonly failure?: string;
}

export interface ClientKeysParts {
  /** Real time: other programs go by it. */
  clock: Clock;
  /** The document behind an address, as text. Rejects where there is none. */
  fetchText(url: string): Promise<string>;
}

export class ClientKeys {
  readonly #parts: ClientKeysParts;
  /** By address, the one that was fetched longest ago first. */
  readonly #sets = new Map<string, FetchedKeys>();
  readonly #fetching = new Map<string, Promise<FetchedKeys>>();

  constructor(parts: ClientKeysParts) {
    this.#parts = parts;
  }

  /** What is known now, without asking anybody. */
  known(client: ClientConfig): readonly JWK[] {
    if (client.jwks_uri === undefined) return asKeys(client.jwks?.keys ?? []);
    return this.#sets.get(client.jwks_uri)?.keys ?? [];
  }

  /** Why the address of a client led to no keys the last time; undefined where it did, or has none. */
  failureOf({ jwks_uri: url }: ClientConfig): string | undefined {
    const failure = url === undefined ? undefined : this.#sets.get(url)?.failure;
    return failure === undefined ? undefined : `the keys at ${url} could not be fetched: ${failure}`;
  }

  /** Looks whether the key that a token names is known, and asks the client where it is not. Never rejects. */
  async learn(client: ClientConfig, header: { kid?: string | undefined }): Promise<readonly JWK[]> {
    const url = client.jwks_uri;
    if (url === undefined) return this.known(client);
    const nowMs = this.#parts.clock.now();
    const set = this.#sets.get(url);
    const isKnown = set?.keys.some((key) => header.kid === undefined || key.kid === header.kid) ?? false;
    if (set && isKnown && nowMs < set.fetchedAtMs + FRESH_MS) return set.keys;
    if (set && nowMs < set.pausedUntilMs) return set.keys;
    const fetching = this.#fetching.get(url) ?? this.#fetch(url, set);
    this.#fetching.set(url, fetching);
    return (await fetching).keys;
  }

  async #fetch(url: string, before: FetchedKeys | undefined): Promise<FetchedKeys> {
    try {
      const read = await this.#read(url);
      const nowMs = this.#parts.clock.now();
      if ('keys' in read) {
        // The first time is no sign of anything; from the second on, somebody may be guessing.
        const pausedUntilMs = before ? nowMs + PAUSE_MS : nowMs;
        return this.#keep(url, { ...read, fetchedAtMs: nowMs, pausedUntilMs });
      }
      const stillCounts = before !== undefined && nowMs < before.fetchedAtMs + FRESH_MS;
      const left = stillCounts ? before : { keys: [], fetchedAtMs: nowMs };
      return this.#keep(url, { ...left, ...read, pausedUntilMs: nowMs + PAUSE_MS });
    } finally {
      this.#fetching.delete(url);
    }
  }

  #keep(url: string, set: FetchedKeys): FetchedKeys {
    this.#sets.delete(url);
    this.#sets.set(url, set);
    for (const oldest of this.#sets.keys()) {
      if (this.#sets.size <= MOST_SETS) break;
      this.#sets.delete(oldest);
    }
    return set;
  }

  async #read(url: string): Promise<{ keys: readonly JWK[] } | { failure: string }> {
    let text: string;
    try {
      text = await this.#parts.fetchText(url);
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
    try {
      const { keys } = keySetSchema.parse(JSON.parse(text));
      // As in the tenant file. One that is none, or no longer a secret, is left aside, so that it breaks nothing for the others.
      return { keys: asKeys(keys).filter((key) => findClientKeyMistake({ ...key }) === undefined) };
    } catch {
      return { failure: 'Expected a JSON Web Key Set, {"keys": [...]}.' };
    }
  }
}

/** Those of `keys` by which a JWS may have been signed: of its algorithm, and of its key id where it names one. */
export async function candidateKeys(
  keys: readonly JWK[],
  header: JWSHeaderParameters,
): Promise<readonly CryptoKey[]> {
  const select = createLocalJWKSet({ keys: [...keys] });
  try {
    return [await select(header)];
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      const several: CryptoKey[] = [];
      for await (const key of error) several.push(key);
      return several;
    }
    // None fits, or the one that does cannot be used: that comes from the platform, in errors of various kinds.
    return [];
  }
}

/** What one of `keys` has signed, and which one; undefined where none has. */
export async function verifyBy<K extends CryptoKey | Uint8Array>(
  jws: string,
  keys: readonly K[],
): Promise<{ key: K; payload: Uint8Array } | undefined> {
  for (const key of keys) {
    try {
      const { payload } = await compactVerify(jws, key);
      return { key, payload };
    } catch {
      // Another one has signed it, or this one cannot be used: too short, or for something else. Errors of various kinds.
    }
  }
  return undefined;
}

function asKeys(keys: ReadonlyArray<Readonly<Record<string, unknown>>>): JWK[] {
  return keys.filter((key): key is JWK & Record<string, unknown> => typeof key['kty'] === 'string');
}
