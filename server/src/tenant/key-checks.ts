// Whether a JSON Web Key can do its work here. Asked before anything starts: of the keys of the tenant file, and of the one
// that is kept in the data folder. Says what is wrong as the end of a sentence about the key or one of its members.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** A key as it was read: anything. */
export type ReadKey = Readonly<Record<string, unknown>>;

export interface KeyMistake {
  /** The member to blame; empty blames the key as a whole. */
  path: readonly string[];
  text: string;
}

/** RFC 7518 §6.3. Those of the Chinese remainder theorem are optional there, but not for Node. */
const PRIVATE_RSA_MEMBERS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
/** RFC 7518 §6. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RFC 7518 §3.3 and §3.5. */
const SHORTEST_RSA_BITS = 2048;

/** What a client may sign its assertions with, by the type and curve of the key. RFC 7518 §3.1, RFC 8037 §3.1. */
const CLIENT_KEYS = [
  { kind: 'RSA', algorithms: ['RS256', 'RS384', 'PS256'] },
  { kind: 'EC P-256', algorithms: ['ES256'] },
  { kind: 'OKP Ed25519', algorithms: ['Ed25519', 'EdDSA'] },
];

/** Kinds of keys that a tenant signs with. RFC 7518 §3.1, RFC 8037 §3.1. */
const SIGNING_KEYS = {
  RSA: { alg: 'RS256', note: '; it may be used with PS256', digest: 'sha256', members: PRIVATE_RSA_MEMBERS },
  EC: { alg: 'ES256', note: '', digest: 'sha256', members: ['crv', 'x', 'y', 'd'] },
  OKP: { alg: 'EdDSA', note: '', digest: null, members: ['crv', 'x', 'd'] },
} as const;
export type SigningKeyType = keyof typeof SIGNING_KEYS;
const CURVES: Readonly<Record<string, string>> = { EC: 'P-256', OKP: 'Ed25519' };

/** A key of this tenant: private RSA, EC P-256 or Ed25519. */
export function findSigningKeyMistake(key: ReadKey): KeyMistake | undefined {
  return (
    findMemberMistake(key) ??
    findImportMistake(() => {
      const { digest, publicKey, privateKey } = readBothHalves(key);
      const signature = sign(digest, TRIAL, privateKey);
      return verify(digest, TRIAL, publicKey, signature) ? publicKey : undefined;
    })
  );
}

/** The same, off the main thread: for keys that are usually right and at which others wait. */
export async function isSigningKey(key: ReadKey): Promise<boolean> {
  if (findMemberMistake(key)) return false;
  try {
    const { digest, publicKey, privateKey } = readBothHalves(key);
    const signature = await promisify(sign)(digest, TRIAL, privateKey);
    const isOne = await promisify(verify)(digest, TRIAL, publicKey, signature);
    return isOne && findImportMistake(() => publicKey) === undefined;
  } catch {
    return false;
  }
}

const TRIAL = Buffer.from('a text to try the key with');

function readBothHalves(key: ReadKey): {
  digest: string | null;
  publicKey: KeyObject;
  privateKey: KeyObject;
} {
  const digest = Object.entries(SIGNING_KEYS).find(([name]) => name === key['kty'])?.[1].digest ?? null;
  return {
    digest,
    publicKey: createPublicKey({ key: withoutPrivateMembers(key), format: 'jwk' }),
    privateKey: createPrivateKey({ key, format: 'jwk' }),
  };
}

function findMemberMistake(key: ReadKey): KeyMistake | undefined {
  const { kty, alg, crv } = key;
  const kind = Object.entries(SIGNING_KEYS).find(([name]) => name === kty)?.[1];
  if (!kind) return { path: ['kty'], text: `received ${show(kty)}, expected "RSA", "EC" or "OKP".` };
  const curve = CURVES[String(kty)];
  if (crv !== curve) return { path: ['crv'], text: `received ${show(crv)}, expected ${show(curve)}.` };
  if (alg !== undefined && alg !== kind.alg) {
    return { path: ['alg'], text: `received ${show(alg)}, expected "${kind.alg}"${kind.note}.` };
  }
  const mistake = findUseMistake(key, 'sign');
  if (mistake) return mistake;
  const missing = kind.members.find((member) => typeof key[member] !== 'string' || key[member] === '');
  return missing === undefined
    ? undefined
    : { path: [missing], text: `is missing, a private ${kty} key has it.` };
}

/** A key that a client proves itself with: public, and of a kind that the token endpoint verifies. */
export function findClientKeyMistake(key: ReadKey): KeyMistake | undefined {
  const kind = key['crv'] === undefined ? String(key['kty']) : `${key['kty']} ${key['crv']}`;
  const algorithms = CLIENT_KEYS.find((known) => known.kind === kind)?.algorithms;
  if (algorithms === undefined) {
    const known = CLIENT_KEYS.map((one) => one.kind).join(', ');
    return { path: [], text: `is of the kind ${show(kind)}, expected one of ${known}.` };
  }
  const secret = PRIVATE_MEMBERS.find((member) => key[member] !== undefined);
  if (secret !== undefined) {
    return {
      path: [secret],
      text: 'is private. Leave it with the client; here belongs the public key alone.',
    };
  }
  const { alg } = key;
  if (alg !== undefined && !algorithms.includes(String(alg))) {
    const expected = algorithms.map(show).join(' or ');
    return { path: ['alg'], text: `received ${show(alg)}, expected ${expected} for such a key.` };
  }
  return findUseMistake(key, 'verify') ?? findImportMistake(() => createPublicKey({ key, format: 'jwk' }));
}

/** RFC 7517 §4.2 and §4.3: a key that names its uses may not be used otherwise. */
function findUseMistake({ use, key_ops: operations }: ReadKey, operation: string): KeyMistake | undefined {
  if (use !== undefined && use !== 'sig') {
    return { path: ['use'], text: `received ${show(use)}, expected "sig".` };
  }
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes(operation))) {
    return { path: ['key_ops'], text: `has no "${operation}" in it.` };
  }
  return undefined;
}

/** @param importKey undefined for a key that imports and yet is none */
function findImportMistake(importKey: () => KeyObject | undefined): KeyMistake | undefined {
  const key = attempt(importKey);
  // OpenSSL's words would not help, and might repeat a part of the key.
  if (!key) return { path: [], text: 'is no key: its members are not complete, or do not fit together.' };
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || bits >= SHORTEST_RSA_BITS) return undefined;
  return { path: ['n'], text: `has ${bits} bits, expected at least ${SHORTEST_RSA_BITS}.` };
}

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

/** What everybody may see of a key. */
export function withoutPrivateMembers(key: ReadKey): ReadKey {
  return Object.fromEntries(Object.entries(key).filter(([name]) => !PRIVATE_MEMBERS.includes(name)));
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
