// How a client of the profile `standard` is called and proves itself: what contradicts itself there is found at start, and told with the
// member to blame. What FAPI-CIBA forbids is in config-standard.test.
import { describe, expect, test } from 'vitest';
import type { TenantConfigInput } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { checkConfig } from './config-check.ts';

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const ENDPOINT = 'https://client.example/ciba';

/** The mistakes of a tenant of the profile `standard` with one client. */
function mistakesOf(
  client: Partial<ClientInput>,
  others: Partial<TenantConfigInput> = {},
): readonly string[] {
  const whole = { client_id: 'agent', client_secret: 'not-real', name: 'Agent', ...client };
  try {
    checkConfig({ tenant: { profile: 'standard' }, clients: [whole], ...others });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.findings.map((finding) => finding.replace(/^config {2}clients\[0\]\./, ''));
  }
}

describe('a client of the standard profile', () => {
  test.each<[string, Partial<ClientInput>]>([
    ['that polls', {}],
    [
      'that is pinged',
      { backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: ENDPOINT },
    ],
    ['that signs', { backchannel_authentication_request_signing_alg: 'ES256', jwks: { keys: [KEY] } }],
    [
      'with a published key',
      { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://client.example/jwks' },
    ],
    [
      'with a certificate',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'client.example' },
    ],
    ['of the other profile', { profile: 'auth0' }],
  ])('%s is fine', (_what, client) => {
    expect(mistakesOf(client)).toEqual([]);
  });

  test('says where it is called, if it is, and by https', () => {
    expect(mistakesOf({ backchannel_token_delivery_mode: 'push' })).toEqual([
      'backchannel_client_notification_endpoint  is missing, the mode "push" needs one.',
    ]);
    const plain: Partial<ClientInput> = {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'http://[::1]:4000/ciba',
    };
    expect(mistakesOf(plain)).toEqual([
      'backchannel_client_notification_endpoint  received "http://[::1]:4000/ciba". http://[::1]:4000 is plain http: expected https, or "::1" among ciba.notification_hosts of the tenant.',
    ]);
    expect(mistakesOf(plain, { ciba: { notification_hosts: ['::1'] } })).toEqual([]);
  });

  test('has keys where it needs them, in one place', () => {
    expect(mistakesOf({ backchannel_authentication_request_signing_alg: 'PS256' })).toEqual([
      'jwks  is missing or empty, a client that signs its requests needs public keys.',
    ]);
    expect(mistakesOf({ jwks: { keys: [KEY] }, jwks_uri: 'https://client.example/jwks' })).toEqual([
      'jwks_uri  stands beside jwks. Leave out one of them.',
    ]);
  });

  test('names its certificate once', () => {
    expect(mistakesOf({ token_endpoint_auth_method: 'tls_client_auth' })).toEqual([
      'tls_client_auth_subject_dn  is missing, "tls_client_auth" needs it or one of tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip, tls_client_auth_san_email.',
    ]);
    expect(
      mistakesOf({
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: 'a.example',
        tls_client_auth_san_ip: '127.0.0.1',
      }),
    ).toEqual(['tls_client_auth_san_ip  stands beside tls_client_auth_san_dns. Leave out one of them.']);
  });

  test('names it so that some certificate could be meant', () => {
    const byName = (name: Partial<ClientInput>) =>
      mistakesOf({ token_endpoint_auth_method: 'tls_client_auth', ...name });
    expect(byName({ tls_client_auth_subject_dn: 'CN=agent,O=Example' })).toEqual([]);
    expect(byName({ tls_client_auth_subject_dn: '/O=Example/CN=agent' })).toEqual([
      expect.stringMatching(
        /^tls_client_auth_subject_dn {2}received "\/O=Example\/CN=agent", expected a name/,
      ),
    ]);
    expect(byName({ tls_client_auth_san_ip: 'agent.example' })).toEqual([
      'tls_client_auth_san_ip  received "agent.example", expected an IP address.',
    ]);
  });

  test('registers the certificate that it signed itself', () => {
    const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' as const };
    expect(mistakesOf({ ...method, jwks: { keys: [KEY] } })).toEqual([
      expect.stringMatching(/^jwks {2}has no certificate: .* needs a key with "x5c"/),
    ]);
    expect(mistakesOf({ ...method, jwks: { keys: [{ ...KEY, x5c: ['AAAA'] }] } })).toEqual([]);
  });

  test('is pushed no token that it would have to prove something for', () => {
    expect(
      mistakesOf({
        backchannel_token_delivery_mode: 'push',
        backchannel_client_notification_endpoint: ENDPOINT,
        dpop_bound_access_tokens: true,
      }),
    ).toEqual([expect.stringMatching(/^dpop_bound_access_tokens {2}stands beside the mode "push"/)]);
  });
});

test('what Auth0 does not have needs the standard profile', () => {
  const client: Partial<ClientInput> = {
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: ENDPOINT,
    id_token_signed_response_alg: 'ES256',
  };
  expect(mistakesOf(client, { tenant: {} })).toEqual([
    'backchannel_token_delivery_mode  received "ping", which needs the client’s profile to be "standard".',
    'id_token_signed_response_alg  received "ES256", which needs the client’s profile to be "standard".',
  ]);
  expect(mistakesOf({ ...client, profile: 'standard' }, { tenant: {} })).toEqual([]);
});
