// How the provider binds tokens to whoever asks for them: to a certificate (RFC 8705) or to a key (DPoP, RFC 9449). Its settings, and the
// words for what it refuses.
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { hasCertificateBoundTokens } from '../contract/index.ts';
import { certificateOf } from '../possession/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { isNamed, subjectOf } from './subject-names.ts';

type Features = NonNullable<Configuration['features']>;

export function certificateFeature(): NonNullable<Features['mTLS']> {
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    // Undefined on the listener that asks for none.
    getCertificate: (ctx) => certificateOf(ctx.req.socket),
    certificateAuthorized: (ctx) => {
      const { authorized, authorizationError } = ctx.req.socket as Partial<TLSSocket>;
      if (authorized) return true;
      throw new errors.InvalidClientAuth(
        `the certificate is not signed by an authority of this tenant: ${String(authorizationError)}; mtls.ca names further ones`,
      );
    },
    certificateSubjectMatches: (ctx, member, expected) => {
      const certificate = certificateOf(ctx.req.socket);
      if (certificate === undefined) return false;
      if (isNamed(certificate, member, expected)) return true;
      throw new errors.InvalidClientAuth(
        `the certificate is that of "${subjectOf(certificate)}"${describeOtherNames(certificate.subjectAltName)}, expected ${member} "${expected}"`,
      );
    },
  };
}

function describeOtherNames(names: string | undefined): string {
  return names === undefined ? '' : `, also known as ${names}`;
}

export function dpopFeature(tenant: Tenant): NonNullable<Features['dPoP']> {
  const feature = {
    enabled: true,
    nonceSecret: nonceSecretOf(tenant),
    requireNonce: (ctx: KoaContextWithOIDC) => {
      // The last moment before anything is redeemed: the provider would find out only then that it cannot bind to both.
      const client = tenant.directory.client(ctx.oidc.client?.clientId ?? '');
      if (client && hasCertificateBoundTokens(client)) {
        throw new errors.InvalidDpopProof(
          'tokens of this client are bound to its certificate, so they cannot be bound to a key as well; leave out the DPoP header',
        );
      }
      return tenant.config.tenant.dpop_nonce === true;
    },
    // That a proof is good once is `DpopRequests`, which comes before anything is redeemed.
    allowReplay: true,
  };
  return feature;
}

/** Of this tenant for as long as its secrets live, also over a restart. */
export function nonceSecretOf({ secrets }: Pick<Tenant, 'secrets'>): Buffer {
  return createHash('sha256').update(`nonces for DPoP proofs ${secrets.cookies}`).digest();
}

/** What the provider says only by its detail: the caller has to show a key or a certificate, and nothing was spent. Pinned by a test. */
export const UNBOUND: Readonly<Record<string, string>> = {
  'mutual TLS client certificate not provided':
    'tokens of this client are bound to its certificate: send the request over mutual TLS, to the token_endpoint of mtls_endpoint_aliases',
  'failed x5t#S256 verification':
    'the refresh token is bound to another certificate than that of the connection',
  'DPoP proof JWT not provided': 'tokens of this client are bound to a key: send a DPoP proof',
  'missing DPoP proof JWT': 'the code is bound to a key by dpop_jkt: send a DPoP proof of that key',
  'DPoP proof key thumbprint does not match dpop_jkt':
    'the code is bound to another key than that of the DPoP proof',
  'failed jkt verification': 'the refresh token is bound to a key: send a DPoP proof of that key',
};

/** In words for the caller, where it is about that; else undefined. */
export function explainUnbound({
  error,
  error_detail: detail,
}: errors.OIDCProviderError): string | undefined {
  return error === 'invalid_grant' && detail !== undefined ? UNBOUND[detail] : undefined;
}
