// DPoP proofs, RFC 9449 §4.2, right and wrong.
import { calculateJwkThumbprint, type JWK } from 'jose';
import { type Claims, type Falsified, newJti, sha256, signClaims } from './jwt.ts';
import { makeSigningKey, type SigningKey } from './keys.ts';

export interface ProofRequest {
  method: string;
  url: string;
  /** Proof for a resource: RFC 9449 §7. */
  accessToken?: string;
  nonce?: string;
  claims?: Claims;
  falsified?: Falsified;
}

export class DpopKey {
  readonly key: SigningKey;
  readonly thumbprint: string;
  readonly #now: () => number;

  private constructor(key: SigningKey, thumbprint: string, now: () => number) {
    this.key = key;
    this.thumbprint = thumbprint;
    this.#now = now;
  }

  /** @param now of the server, in milliseconds */
  static async make(now: () => number, alg = 'ES256'): Promise<DpopKey> {
    const key = await makeSigningKey(alg, 'dpop');
    return new DpopKey(key, await calculateJwkThumbprint(key.publicJwk), now);
  }

  get jwk(): JWK {
    const { kid: _kid, alg: _alg, use: _use, ...jwk } = this.key.publicJwk;
    return jwk;
  }

  proof({ method, url, accessToken, nonce, claims = {}, falsified = {} }: ProofRequest): Promise<string> {
    return signClaims(
      this.key,
      {
        htm: method,
        htu: url,
        jti: newJti(),
        iat: Math.floor(this.#now() / 1000),
        ...(accessToken === undefined ? {} : { ath: sha256(accessToken) }),
        ...(nonce === undefined ? {} : { nonce }),
        ...claims,
      },
      { ...falsified, header: { typ: 'dpop+jwt', kid: undefined, jwk: this.jwk, ...falsified.header } },
    );
  }
}
