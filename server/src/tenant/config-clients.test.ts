import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import type { TenantConfigInput } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { checkConfig } from './config-check.ts';

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];

/** The mistakes of a tenant with one client, each without the name of the source. */
function mistakesOf(
  client: Partial<ClientInput>,
  others: Partial<TenantConfigInput> = {},
): readonly string[] {
  const whole = { client_id: 'agent', client_secret: 'not-real', name: 'Agent', ...client };
  try {
    checkConfig({ clients: [whole], ...others });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.findings.map((finding) => finding.replace(/^config {2}/, ''));
  }
}

describe('a callback', () => {
  test.each([
    ['http://localhost:3000/auth/callback', 'regular_web'],
    ['https://app.example/cb?tenant=1', 'spa'],
    ['http://127.0.0.1:3000/cb', 'native'],
    ['https://app.example/cb', 'native'],
    ['com.example.app:/cb', 'native'],
  ] as const)('%s is good for the app_type %s', (url, appType) => {
    expect(mistakesOf({ callbacks: [url], app_type: appType })).toEqual([]);
  });

  test.each([
    ['notaurl', 'regular_web', 'a whole URL.'],
    ['', 'regular_web', 'a whole URL.'],
    ['/cb', 'regular_web', 'a whole URL. Did you mean "http://localhost:3000/cb"?'],
    ['app.example/cb', 'regular_web', 'a whole URL. Did you mean "https://app.example/cb"?'],
    ['localhost:3000/cb', 'regular_web', 'https:// or http://. Did you mean "http://localhost:3000/cb"?'],
    ['http://localhost/cb#x', 'regular_web', 'no fragment. Did you mean "http://localhost/cb"?'],
    ['http://localhost/cb#', 'native', 'no fragment. Did you mean "http://localhost/cb"?'],
    ['javascript:alert(1)', 'regular_web', 'https:// or http://.'],
    ['javascript:alert(1)', 'native', 'http://, https:// or a scheme of the app’s own.'],
    ['com.example.app:/cb', 'spa', 'https:// or http://; a scheme of its own is for the app_type "native".'],
    [
      'https://localhost:3000/cb',
      'native',
      'http:// for this computer, as the app_type is "native". Did you mean "http://localhost:3000/cb"?',
    ],
    [
      'http://app.example/cb',
      'native',
      'https:// for another host, as the app_type is "native". Did you mean "https://app.example/cb"?',
    ],
  ] as const)('%j of the app_type %s is a mistake', (url, appType, expected) => {
    expect(mistakesOf({ callbacks: ['https://app.example/', url], app_type: appType })).toEqual([
      `clients[0].callbacks[1]  received ${JSON.stringify(url)}, expected ${expected}`,
    ]);
  });
});

describe('a logout URL', () => {
  test.each(['http://localhost:3000', 'https://app.example/bye#fragment', 'myapp://bye'])(
    '%s is good',
    (url) => {
      expect(mistakesOf({ allowed_logout_urls: [url] })).toEqual([]);
    },
  );

  test.each([
    ['/bye', 'a whole URL. Did you mean "http://localhost:3000/bye"?'],
    ['localhost:3000', 'a whole URL. Did you mean "http://localhost:3000"?'],
    ['not a url', 'a whole URL.'],
    ['javascript:alert(1)', 'https:// or http://.'],
  ])('%j is a mistake', (url, expected) => {
    expect(mistakesOf({ allowed_logout_urls: [url] })).toEqual([
      `clients[0].allowed_logout_urls[0]  received ${JSON.stringify(url)}, expected ${expected}`,
    ]);
  });
});

test('a client_id or secret that cannot be sent is a mistake, and the secret stays one', () => {
  expect(mistakesOf({ client_id: 'a\r\nb', client_secret: 'geheim-ä' })).toEqual([
    'clients[0].client_id  received "a\\r\\nb", expected printable ASCII alone.',
    'clients[0].client_secret  has other characters than printable ASCII.',
  ]);
});

describe('keys', () => {
  /** A key pair as JSON Web Keys. */
  async function makeKeys(alg: string): Promise<{ publicJwk: JWK; privateJwk: JWK }> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    return { publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey) };
  }
  const asClientKey = (key: JWK) =>
    mistakesOf({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } });

  test.each(['RS256', 'PS256', 'ES256', 'Ed25519'])('of a client may be public and for %s', async (alg) => {
    const { publicJwk } = await makeKeys(alg);
    expect(asClientKey({ ...publicJwk, use: 'sig', alg })).toEqual([]);
  });

  test('of a client that cannot verify anything are mistakes, and nothing private is repeated', async () => {
    const { publicJwk, privateJwk } = await makeKeys('RS256');
    const where = 'clients[0].jwks.keys[0]';
    expect(asClientKey(privateJwk)).toEqual([
      `${where}.d  is private. Leave it with the client; here belongs the public key alone.`,
    ]);
    expect(asClientKey({ kty: 'oct', k: 'x' })).toEqual([
      `${where}  is of the kind "oct", expected one of RSA, EC P-256, OKP Ed25519.`,
    ]);
    expect(asClientKey({ kty: 'RSA' })).toEqual([
      `${where}  is no key: its members are not complete, or do not fit together.`,
    ]);
    expect(asClientKey({ kty: 'RSA', n: 'x'.repeat(172), e: 'AQAB' })).toEqual([
      `${where}.n  has 1032 bits, expected at least 2048.`,
    ]);
    expect(asClientKey({ ...publicJwk, alg: 'RS512' })).toEqual([
      `${where}.alg  received "RS512", expected "RS256" or "RS384" or "PS256" for such a key.`,
    ]);
    expect(asClientKey({ ...publicJwk, use: 'enc' })).toEqual([
      `${where}.use  received "enc", expected "sig".`,
    ]);
    expect(asClientKey({ ...publicJwk, key_ops: ['encrypt'] })).toEqual([
      `${where}.key_ops  has no "verify" in it.`,
    ]);
  });

  test('of the tenant that cannot sign are mistakes', async () => {
    const { privateJwk, publicJwk } = await makeKeys('RS256');
    const { privateJwk: other } = await makeKeys('RS256');
    const { privateJwk: elliptic } = await makeKeys('ES256');
    const asSigningKey = (key: JWK) => mistakesOf({}, { signing_keys: [{ kty: 'RSA', kid: 'one', ...key }] });
    expect(asSigningKey(privateJwk)).toEqual([]);
    expect(asSigningKey({ ...elliptic, alg: 'ES256' })).toEqual([]);
    expect(asSigningKey({ ...elliptic, crv: 'P-384' })).toEqual([
      'signing_keys[0].crv  received "P-384", expected "P-256".',
    ]);
    expect(asSigningKey({ kty: 'oct', k: 'AAAA' })).toEqual([
      'signing_keys[0].kty  received "oct", expected "RSA", "EC" or "OKP".',
    ]);
    expect(asSigningKey(publicJwk)).toEqual(['signing_keys[0].d  is missing, a private RSA key has it.']);
    expect(asSigningKey({ ...privateJwk, alg: 'PS256' })).toEqual([
      'signing_keys[0].alg  received "PS256", expected "RS256"; it may be used with PS256.',
    ]);
    expect(asSigningKey({ ...privateJwk, n: String(other.n) })).toEqual([
      'signing_keys[0]  is no key: its members are not complete, or do not fit together.',
    ]);
  });
});
