// The public half of the signing keys, as /.well-known/jwks.json shows it and as this folder verifies its own tokens.
import type { JWK } from 'jose';
import { rulesOf } from './profiles.ts';
import type { PublicTenant } from './public-documents.ts';

/** Key types by what they sign with. */
const TYPES: Readonly<Record<string, string>> = { RS256: 'RSA', PS256: 'RSA', ES256: 'EC', EdDSA: 'OKP' };

/**
 * Keys of other kinds than RSA are shown once some client or API may have its tokens signed by them.
 *
 * One RSA key signs RS256, RS512 and PS256 alike. Where an API or a client wants another than RS256, a key that names RS256 alone would tell verifiers that
 * those tokens are not its own; `alg` is optional (RFC 7517 §4.4) and left out then.
 *
 * @param keys public halves; those that count now, unless others are asked for
 */
export function publishedKeys(tenant: PublicTenant, keys: readonly JWK[] = tenant.keys.public): JWK[] {
  const { directory } = tenant;
  const clients = [undefined, ...directory.clients()];
  const offered = clients.flatMap((client) => rulesOf(tenant, client).idTokenAlgorithms);
  const wanted = directory.resourceServers().map((api) => api.signing_alg);
  const types = new Set(['RSA', ...[...offered, ...wanted].map((alg) => TYPES[alg])]);
  const isUsedOtherwise =
    directory.resourceServers().some((api) => api.signing_alg === 'PS256' || api.signing_alg === 'RS512') ||
    directory.clients().some((client) => client.id_token_signed_response_alg === 'PS256');
  return keys
    .filter(({ kty }) => types.has(kty))
    .map(({ alg, ...key }) =>
      alg === undefined || (isUsedOtherwise && key.kty === 'RSA') ? key : { ...key, alg },
    );
}
