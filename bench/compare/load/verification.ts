// Whether tokens are what they look like: the first one of a slice is held against the keys that the server publishes.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { Target } from '../target.ts';

const keySchema = z.object({ kid: z.string().optional(), kty: z.string() }).passthrough();
const headerSchema = z.object({ alg: z.string(), kid: z.string().optional() });

/** The digest of each, and how Node is told of the form of its signature (RFC 7518 §3.4, RFC 8037). */
const DIGESTS: Readonly<Record<string, string | undefined>> = {
  RS256: 'sha256',
  ES256: 'sha256',
  EdDSA: undefined,
};

/** @returns looks at the first token that it is given, and throws unless its signature is by this algorithm and good */
export function verifyOneToken(target: Target, algorithm: string): (token: string) => Promise<void> {
  let isDone = false;
  return async (token) => {
    if (isDone) return;
    isDone = true;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { alg, kid } = headerSchema.parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
    if (alg !== algorithm) throw new Error(`${target.peer} signed with ${alg}, expected ${algorithm}`);
    const answer = await fetch(target.url + target.jwksPath);
    const { keys } = z.object({ keys: z.array(keySchema) }).parse(await answer.json());
    const jwk = keys.find((key) => key.kid === kid);
    if (!jwk) throw new Error(`${target.peer} publishes no key ${kid}`);
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const isGood = verify(
      DIGESTS[algorithm],
      Buffer.from(`${header}.${payload}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!isGood) throw new Error(`${target.peer} issued a token whose signature is not good`);
  };
}
