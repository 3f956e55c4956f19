// What a tenant of the profile `standard` says about itself: what works here, and nothing else. CIBA Core §4, RFC 8414 §2 and §3.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../http-call.ts';
import { StandardBank } from './standard-bank.ts';

let bank: StandardBank;
let document: Record<string, unknown>;

const read = async (path: string, from = bank) => (await call(`${from.assent.url}${path}`)).json();

beforeAll(async () => {
  bank = await StandardBank.start();
  document = await read('/.well-known/openid-configuration');
});
afterAll(() => bank.assent.close());

describe('discovery in the standard profile', () => {
  it('is one document for OpenID Connect and for OAuth, of this issuer', async () => {
    expect(await read('/.well-known/oauth-authorization-server')).toEqual(document);
    expect(document['issuer']).toBe(bank.issuer);
  });

  it('has every member that the specifications ask for', () => {
    expect(document).toMatchObject({
      backchannel_authentication_endpoint: `${bank.issuer}bc-authorize`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
      backchannel_user_code_parameter_supported: true,
      grant_types_supported: expect.arrayContaining(['urn:openid:params:grant-type:ciba']),
      acr_values_supported: ['urn:assent:acr:answered', 'phr'],
      scopes_supported: expect.arrayContaining(['openid']),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['PS256', 'ES256']),
    });
    const algorithms = document['backchannel_authentication_request_signing_alg_values_supported'];
    expect(algorithms).toEqual(expect.arrayContaining(['PS256', 'ES256', 'EdDSA']));
    expect(algorithms).not.toContain('none');
  });

  it('has no empty list, and no address that answers nothing', async () => {
    for (const [name, value] of Object.entries(document)) {
      expect(Array.isArray(value) && value.length === 0, name).toBe(false);
    }
    const addresses = Object.entries(document).filter(([name]) => /(_endpoint|jwks_uri)$/.test(name));
    for (const [name, address] of addresses) {
      const isRead = ['jwks_uri', 'userinfo_endpoint', 'authorization_endpoint', 'end_session_endpoint'];
      const method = isRead.includes(name) || name.includes('metadata') ? 'GET' : 'POST';
      expect((await call(String(address), { method })).status, name).not.toBe(404);
    }
  });

  it('names ways to prove oneself by which a client may also ask people', () => {
    expect(document['token_endpoint_auth_methods_supported']).not.toContain('none');
  });

  it('is Auth0’s where the tenant is, also with a client of the other profile, and its keys are all there', async () => {
    await using mixed = await StandardBank.start((config) => ({
      ...config,
      tenant: { ...config.tenant, profile: 'auth0' },
      clients: (config.clients ?? []).map((client) =>
        client.client_id === 'legacy' ? client : { ...client, profile: 'standard' },
      ),
    }));
    const auth0 = await read('/.well-known/openid-configuration', mixed);
    expect(auth0.backchannel_token_delivery_modes_supported).toEqual(['poll']);
    expect(auth0).not.toHaveProperty('grant_types_supported');
    expect((await mixed.ask({ binding_message: undefined })).status).toBe(200);
    const { keys } = await read('/.well-known/jwks.json', mixed);
    expect(keys.map((key: { kty: string }) => key.kty).sort()).toEqual(['EC', 'OKP', 'RSA']);
  });
});

describe('the key set', () => {
  it('has a key of each kind with its name, its use and what it signs with, and nothing private', async () => {
    const { keys } = await read('/.well-known/jwks.json');
    expect(keys).toHaveLength(3);
    expect(new Set(keys.map(({ kid }: { kid: string }) => kid)).size).toBe(3);
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: 'sig' });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
    }
    const algorithms = keys.map(({ kty, alg }: { kty: string; alg?: string }) => `${kty} ${alg}`);
    // The API's tokens are signed with PS256 by the key that signs ID tokens with RS256: it names neither.
    expect(algorithms.sort()).toEqual(['EC ES256', 'OKP EdDSA', 'RSA undefined']);
  });
});
