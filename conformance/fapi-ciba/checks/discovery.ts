// The module that reads the discovery document. OpenID Connect Discovery §3, CIBA Core §4, RFC 8705 §3.3 and §5.
import { expect } from 'vitest';
import { wellKnown } from '../../client/provider.ts';
import type { Checks } from '../plan.ts';

const FAPI_ALGORITHMS = ['PS256', 'ES256'];

export const DISCOVERY: Checks = {
  'fapi-ciba-id1-discovery-end-point-verification': async ({ lab, variant }) => {
    const { provider } = lab;
    const url = wellKnown(provider.issuer, 'openid-configuration');
    const answer = await provider.exchange.send(url);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      expect.stringMatching(/^application\/json\b/),
    ]);
    expect(url.startsWith('https://')).toBe(true);
    const metadata = answer.json();
    expect(url.startsWith(metadata.issuer)).toBe(true);
    for (const name of ['token_endpoint', 'jwks_uri', 'backchannel_authentication_endpoint']) {
      expect(metadata[name], name).toMatch(/^https:\/\/\S+$/);
    }
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(true);
    expect(metadata.mtls_endpoint_aliases?.token_endpoint ?? metadata.token_endpoint).toMatch(/^https:/);
    expect(metadata.grant_types_supported).toContain('urn:openid:params:grant-type:ciba');
    expect(metadata.backchannel_token_delivery_modes_supported).toContain(variant.mode);
    expect(metadata.id_token_signing_alg_values_supported).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(PS|ES)256$/)]),
    );
    const method = variant.clientAuth === 'mtls' ? 'tls_client_auth' : variant.clientAuth;
    expect(metadata.token_endpoint_auth_methods_supported).toContain(method);
    for (const name of [
      'token_endpoint_auth_signing_alg_values_supported',
      'backchannel_authentication_request_signing_alg_values_supported',
    ]) {
      expect(metadata[name], name).toEqual(expect.arrayContaining(FAPI_ALGORITHMS));
      expect(metadata[name], name).not.toContain('none');
    }
    const { backchannel_user_code_parameter_supported: userCode } = metadata;
    if (userCode !== undefined) expect(userCode).toEqual(expect.any(Boolean));
  },
};
