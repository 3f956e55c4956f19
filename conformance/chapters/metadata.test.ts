// RFC 8414 and OpenID Connect Discovery 1.0: what the server says about itself is there, agrees and is true.
import { expect } from 'vitest';
import { wellKnown } from '../client/provider.ts';
import { assertionFields } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import { asAlgorithm } from '../lab/clients.ts';
import { claimsOf, expectAccepted } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { PAYMENTS_API } from '../lab/people.ts';

const { requirement } = openChapter();

requirement('META-01', async (lab) => {
  const [openid, oauth] = await Promise.all(
    ['openid-configuration', 'oauth-authorization-server'].map((name) =>
      lab.provider.exchange.send(wellKnown(lab.provider.issuer, name)),
    ),
  );
  for (const answer of [openid, oauth]) {
    expect(answer?.status).toBe(200);
    expect(answer?.headers['content-type']).toMatch(/^application\/json\b/);
  }
  expect(oauth?.json()).toEqual(openid?.json());
});

requirement('META-02', async (lab) => {
  const { issuer } = lab.provider;
  const { search, hash } = new URL(issuer);
  expect([search, hash]).toEqual(['', '']);
  const fetched = await lab.provider.exchange.send(wellKnown(issuer, 'openid-configuration'));
  expect(fetched.json().issuer).toBe(issuer);
  const { tokens } = await lab.complete('agent', { audience: PAYMENTS_API, scope: 'openid payments' });
  expect(claimsOf(tokens['id_token'])['iss']).toBe(issuer);
  expect(claimsOf(tokens['access_token'])['iss']).toBe(issuer);
});

requirement('META-03', async (lab) => {
  const { keys } = await lab.provider.keySet();
  expect(keys.length).toBeGreaterThan(0);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), kty: expect.any(String) });
    expect(key.use ?? key.alg).toEqual(expect.any(String));
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
  }
});

/** A client of its own key for each algorithm. */
const clientFor: Readonly<Record<string, string>> = {
  RS256: 'must_sign_ps256',
  RS384: 'must_sign_ps256',
  PS256: 'must_sign_ps256',
  ES256: 'signing',
  EdDSA: 'signing_eddsa',
  HS256: 'secret_jwt',
};

async function askWithAssertion(lab: Lab, alg: string): Promise<void> {
  if (alg === 'HS256') {
    expectAccepted(await lab.client('secret_jwt').ask());
    return;
  }
  const name = lab.profile === 'auth0' ? 'jwt' : (clientFor[alg] ?? '');
  const { key } = lab.registered(name);
  if (!key) throw new Error(`no client of the lab signs with ${alg}`);
  const client = lab.client(name).with({ key: await asAlgorithm(key, alg) });
  const answer = await client.call('token_endpoint', {
    grant_type: 'urn:openid:params:grant-type:ciba',
    auth_req_id: 'nonsense',
    ...assertionFields(await client.assertion()),
  });
  // The client is believed, its request is not known.
  expect([alg, answer.json().error]).toEqual([alg, 'invalid_grant']);
}

requirement('META-04', async (lab) => {
  const methods = lab.provider.list('token_endpoint_auth_methods_supported');
  const algorithms = lab.provider.list('token_endpoint_auth_signing_alg_values_supported');
  if (methods.includes('private_key_jwt')) {
    expect(algorithms.length).toBeGreaterThan(0);
    expect(algorithms).not.toContain('none');
    for (const alg of algorithms) await askWithAssertion(lab, alg);
  }
  const dpop = lab.provider.list('dpop_signing_alg_values_supported');
  expect(dpop.filter((alg) => alg === 'none' || alg.startsWith('HS'))).toEqual([]);
  if (lab.profile === 'standard') expect(dpop.length).toBeGreaterThan(0);
});

requirement('META-05', async ({ provider }) => {
  for (const name of [
    'id_token_signing_alg_values_supported',
    'subject_types_supported',
    'response_types_supported',
    'scopes_supported',
  ]) {
    expect([name, provider.list(name).length > 0]).toEqual([name, true]);
  }
  expect(provider.list('scopes_supported')).toContain('openid');
});

const statusesOf = async ({ provider }: Lab): Promise<Map<string, number>> => {
  const names = Object.keys(provider.metadata).filter(
    (name) => name.endsWith('_endpoint') || name === 'jwks_uri',
  );
  const statuses = new Map<string, number>();
  for (const name of names) {
    const url = provider.endpoint(name);
    const isRead = [
      'authorization_endpoint',
      'jwks_uri',
      'end_session_endpoint',
      'userinfo_endpoint',
    ].includes(name);
    const answer =
      isRead || /metadata/.test(name)
        ? await provider.exchange.send(url)
        : await provider.exchange.post(url, {});
    statuses.set(name, answer.status);
  }
  return statuses;
};

requirement('META-06', {
  standard: async (lab) => {
    for (const [name, status] of await statusesOf(lab)) expect([name, status]).not.toEqual([name, 404]);
    const empty = Object.entries(lab.provider.metadata).filter(
      ([, value]) => Array.isArray(value) && value.length === 0,
    );
    expect(empty).toEqual([]);
  },
  auth0: async (lab) => {
    const absent = [...(await statusesOf(lab))].filter(([, status]) => status === 404).map(([name]) => name);
    expect(absent.sort()).toEqual(['mfa_challenge_endpoint', 'registration_endpoint']);
  },
});
