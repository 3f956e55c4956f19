// Clients of the profile `standard` whose metadata contradict each other, or promise what FAPI-CIBA §5.2.2 and §7.10 forbid.
import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { CIBA_GRANT_TYPE, type TenantConfigInput } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { checkConfig } from './config-check.ts';

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];

const jwk = await exportJWK((await generateKeyPair('PS256')).publicKey);

const FAPI: ClientInput = {
  client_id: 'bank-app',
  name: 'Bank app',
  profile: 'standard',
  fapi_ciba: true,
  grant_types: [CIBA_GRANT_TYPE],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [{ ...jwk, kid: 'one' }] },
};

/** The members to blame in a tenant with this client. */
function blamed(changes: Partial<ClientInput>): string[] {
  try {
    checkConfig({ clients: [{ ...FAPI, ...changes }] });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.findings.map((finding) => /clients\[0\]\.(\w+)/.exec(finding)?.[1] ?? finding);
  }
}

describe('a client with fapi_ciba', () => {
  test.each<[Partial<ClientInput>]>([
    [{}],
    [{ backchannel_authentication_request_signing_alg: 'ES256', id_token_signed_response_alg: 'PS256' }],
    [{ token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=bank-app' }],
  ])('may have %j', (changes) => {
    expect(blamed(changes)).toEqual([]);
  });

  test.each<[Partial<ClientInput>, string]>([
    [{ profile: 'auth0' }, 'fapi_ciba'],
    [{ token_endpoint_auth_method: 'none' }, 'token_endpoint_auth_method'],
    [
      { token_endpoint_auth_method: 'client_secret_jwt', client_secret: 'a-secret' },
      'token_endpoint_auth_method',
    ],
    [{ token_endpoint_auth_signing_alg: 'RS256' }, 'token_endpoint_auth_signing_alg'],
    [
      { backchannel_authentication_request_signing_alg: 'EdDSA' },
      'backchannel_authentication_request_signing_alg',
    ],
    [{ id_token_signed_response_alg: 'RS256' }, 'id_token_signed_response_alg'],
    [
      {
        backchannel_token_delivery_mode: 'push',
        backchannel_client_notification_endpoint: 'https://bank.example/cb',
      },
      'backchannel_token_delivery_mode',
    ],
    [{ dpop_bound_access_tokens: true }, 'dpop_bound_access_tokens'],
    [
      {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=bank-app',
        jwks: undefined,
      },
      'jwks',
    ],
  ])('may not have %j', (changes, member) => {
    expect(blamed(changes)).toEqual([member]);
  });
});

test('a client of the profile auth0 cannot be held to signing its requests', () => {
  const client = {
    profile: 'auth0',
    fapi_ciba: false,
    backchannel_authentication_request_signing_alg: 'PS256',
  } as const;
  expect(blamed(client)).toEqual(['backchannel_authentication_request_signing_alg']);
});

test.each(['none', 'HS256', 'RS512'])('requests cannot be signed with %s', (alg) => {
  const client = { ...FAPI, fapi_ciba: false, backchannel_authentication_request_signing_alg: alg };
  // biome-ignore lint/suspicious/noExplicitAny: what a file may say
  expect(() => checkConfig({ clients: [client as any] })).toThrow(Problem);
});
