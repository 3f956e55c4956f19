// The keys that sign tokens: those of the tenant file, or one that is made once and kept beside the certificates.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { TenantConfig } from '../contract/index.ts';

/** Private JSON Web Keys (RFC 7517); the first one signs. */
export interface SigningKeys {
  readonly private: readonly JWK[];
  /** What /.well-known/jwks.json may show. */
  readonly public: readonly JWK[];
}

/** Names of the members that make a JWK private, RFC 7518 §6. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];

/**
 * @param folder where a generated key is kept; undefined keeps it in memory
 */
export async function loadSigningKeys(
  config: TenantConfig,
  folder: string | undefined,
): Promise<SigningKeys> {
  const keys = config.signing_keys.length > 0 ? config.signing_keys : [await keptKey(folder)];
  const complete = keys.map((key): JWK => ({ use: 'sig', ...key }));
  return {
    private: complete,
    public: complete.map(
      (key) =>
        Object.fromEntries(Object.entries(key).filter(([name]) => !PRIVATE_MEMBERS.includes(name))) as JWK,
    ),
  };
}

async function keptKey(folder: string | undefined): Promise<JWK> {
  if (folder === undefined) return generateKey();
  const file = join(folder, 'signing-key.json');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return JSON.parse(kept) as JWK;
  const key = await generateKey();
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(key)}\n`, { mode: 0o600 });
  await rename(temporary, file);
  return key;
}

async function generateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' };
}
