// The public half of the signing keys, as /.well-known/jwks.json shows it and as this folder verifies its own tokens.
import type { JWK } from 'jose';
import type { Tenant } from '../tenant/index.ts';

/**
 * One RSA key signs RS256, RS512 and PS256 alike. Where an API wants another than RS256, a key that names RS256 alone would tell verifiers that
 * those tokens are not its own; `alg` is optional (RFC 7517 §4.4) and left out then.
 *
 * @param keys public halves; those that count now, unless others are asked for
 */
export function publishedKeys(tenant: Tenant, keys: readonly JWK[] = tenant.keys.public): JWK[] {
  const isUsedOtherwise = tenant.directory
    .resourceServers()
    .some((api) => api.signing_alg === 'PS256' || api.signing_alg === 'RS512');
  return keys.map(({ alg, ...key }) =>
    alg === undefined || (isUsedOtherwise && key.kty === 'RSA') ? key : { ...key, alg },
  );
}
