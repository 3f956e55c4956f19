// Whether whoever sends a token is the one to whom it was given: by a DPoP proof (RFC 9449 §7) or by the certificate of the
// connection (RFC 8705 §3). Asked wherever a token of ours is taken, once its signature and claims hold.
import { isJsonObject } from '../json-object.ts';
import { digestOf } from './digest.ts';
import { DPOP_WINDOW_SECONDS, readDpopProof } from './dpop-proof.ts';
import type { DpopNonces } from './nonces.ts';

export type TokenScheme = 'Bearer' | 'DPoP';

/** What came with a token. */
export interface Presented {
  readonly scheme: TokenScheme;
  readonly method: string;
  /** Addresses under which the request may have been sent. */
  readonly urls: readonly string[];
  /** Values of the header DPoP, one for each time it was sent. */
  readonly dpop: readonly string[];
  /** DER of the certificate of the connection. */
  readonly certificate: Uint8Array | undefined;
}

export interface PossessionRules {
  /** What may count as now, in milliseconds since the epoch. */
  readonly nowsMs: readonly number[];
  readonly algorithms?: readonly string[];
  /** Marks a proof as used; false where it was before. RFC 9449 §11.1. */
  spend(proofId: string, untilMs: number): boolean | Promise<boolean>;
  /** Demanded where they are given. */
  readonly nonces?: DpopNonces | undefined;
}

export interface NotHeld {
  readonly error: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description: string;
  /** Of the challenge that goes with it. */
  readonly scheme: TokenScheme;
  /** For the header DPoP-Nonce. */
  readonly nonce?: string;
}

/**
 * @param confirmation the claim `cnf` of the token, RFC 7800 §3.1
 * @returns why the token may not be used so; undefined where it may
 */
export async function findWhyNotHeld(
  token: string,
  confirmation: unknown,
  presented: Presented,
  rules: PossessionRules,
): Promise<NotHeld | undefined> {
  const bound = isJsonObject(confirmation) ? confirmation : {};
  const unknown = Object.keys(bound).find((name) => name !== 'jkt' && name !== 'x5t#S256');
  if ((confirmation !== undefined && Object.keys(bound).length === 0) || unknown !== undefined) {
    return invalid('Bearer', `the token is bound in a way that is not understood here: cnf.${unknown ?? ''}`);
  }
  const certificate = bound['x5t#S256'];
  if (certificate !== undefined) {
    if (presented.certificate === undefined) {
      return invalid('Bearer', 'the token is bound to a certificate, and the connection has none');
    }
    if (certificate !== digestOf(presented.certificate)) {
      return invalid('Bearer', 'the token is bound to another certificate than that of the connection');
    }
  }
  if (bound['jkt'] === undefined) {
    // RFC 9449 §7.1: under this scheme the token must be bound to the key of the proof.
    return presented.scheme === 'DPoP'
      ? invalid('DPoP', 'the token is bound to no key, so it is sent as "Authorization: Bearer TOKEN"')
      : undefined;
  }
  if (presented.scheme !== 'DPoP') {
    // RFC 9449 §7.2: a bound token must not work as a bearer token.
    return invalid(
      'DPoP',
      'the token is bound to a key, so it is sent as "Authorization: DPoP TOKEN" with a proof',
    );
  }
  return findWrongProof(token, bound['jkt'], presented, rules);
}

async function findWrongProof(
  token: string,
  expectedKey: unknown,
  { method, urls, dpop }: Presented,
  { nowsMs, algorithms, spend, nonces }: PossessionRules,
): Promise<NotHeld | undefined> {
  const read = await readDpopProof(dpop, {
    method,
    urls,
    nowsMs,
    accessToken: token,
    ...(algorithms === undefined ? {} : { algorithms }),
  });
  if ('wrong' in read) return { error: 'invalid_dpop_proof', description: read.wrong, scheme: 'DPoP' };
  const { thumbprint, jti, nonce, iat } = read.proof;
  if (thumbprint !== expectedKey) {
    return invalid('DPoP', 'the token is bound to another key than that of the DPoP proof');
  }
  if (nonces && (nonce === undefined || !nonces.accepts(nonce))) {
    const description =
      nonce === undefined
        ? 'a nonce is needed in the DPoP proof'
        : 'the nonce of the DPoP proof counts no more';
    return { error: 'use_dpop_nonce', description, scheme: 'DPoP', nonce: nonces.next() };
  }
  const untilMs = (iat + DPOP_WINDOW_SECONDS) * 1000;
  if (await spend(proofIdOf(thumbprint, jti), untilMs)) return undefined;
  return { error: 'invalid_dpop_proof', description: 'the DPoP proof was used before', scheme: 'DPoP' };
}

/** Of the same key, the same `jti` is the same proof. RFC 9449 §11.1. */
export function proofIdOf(thumbprint: string, jti: string): string {
  return digestOf(`${thumbprint} ${jti}`);
}

function invalid(scheme: TokenScheme, description: string): NotHeld {
  return { error: 'invalid_token', description, scheme };
}
