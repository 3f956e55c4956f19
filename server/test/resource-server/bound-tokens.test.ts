// The gate before tokens that are bound to a key, in every framework: RFC 9449 §7 as an API keeps it.
import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTokenVerifier } from '../../src/resource-server/index.ts';
import { type GuardedApp, guardedApps, TRANSFER } from './guarded-apps.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

const AUDIENCE = 'https://bank.example/transfers';
const APPROVED = {
  scope: 'openid create:transfer',
  authorization_details: [{ ...TRANSFER, amount: '25.00' }],
};

let issuer: TokenIssuer;
let own: GenerateKeyPairResult;
let foreign: GenerateKeyPairResult;
let token: string;
beforeAll(async () => {
  issuer = await startTokenIssuer(AUDIENCE, APPROVED);
  [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const jkt = await calculateJwkThumbprint(await exportJWK(own.publicKey));
  token = await issuer.signRfc9068({ cnf: { jkt } });
});
afterAll(() => issuer[Symbol.asyncDispose]());

interface Proof {
  keys?: GenerateKeyPairResult;
  typ?: string;
  claims?: Record<string, unknown>;
}

/** As a client makes it for `url`; members of `claims` take the place of what is right. */
async function prove(
  url: string,
  { keys = own, typ = 'dpop+jwt', claims = {} }: Proof = {},
): Promise<string> {
  const right = {
    htm: 'POST',
    htu: url,
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    ath: createHash('sha256').update(token).digest('base64url'),
  };
  return new SignJWT({ ...right, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ, jwk: await exportJWK(keys.publicKey) })
    .sign(keys.privateKey);
}

async function send(url: string, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ amount: '25.00' }),
  });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    nonce: response.headers.get('dpop-nonce'),
    interaction: response.headers.get('x-fapi-interaction-id'),
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe.each(guardedApps)('in %s', (_framework, start) => {
  let app: GuardedApp;
  beforeAll(async () => {
    app = await start(createTokenVerifier({ issuer: issuer.issuer, audience: AUDIENCE }), {
      realm: 'bank',
      interactionId: true,
    });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test('a token with a proof of its key reaches the route, once for each proof', async () => {
    const dpop = await prove(app.url);
    const headers = { authorization: `DPoP ${token}`, dpop };
    expect(await send(app.url, headers)).toMatchObject({ status: 200, body: { moved: '25.00' } });
    expect(await send(app.url, headers)).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(/^DPoP realm="bank", error="invalid_dpop_proof".* algs="ES256 /),
    });
    expect(await send(`${app.url}?page=2`, { ...headers, dpop: await prove(app.url) })).toMatchObject({
      status: 200,
    });
  });

  test.each<[string, (url: string) => Promise<Record<string, string>>, string]>([
    ['as a bearer token', async () => ({ authorization: `Bearer ${token}` }), 'invalid_token'],
    ['without a proof', async () => ({ authorization: `DPoP ${token}` }), 'invalid_dpop_proof'],
    ['with a proof of another key', (url) => withProof(url, { keys: foreign }), 'invalid_token'],
    [
      'with the digest of another token',
      (url) => withProof(url, { claims: { ath: 'x' } }),
      'invalid_dpop_proof',
    ],
    [
      'with no digest of the token',
      (url) => withProof(url, { claims: { ath: undefined } }),
      'invalid_dpop_proof',
    ],
    [
      'with a proof for another method',
      (url) => withProof(url, { claims: { htm: 'GET' } }),
      'invalid_dpop_proof',
    ],
    [
      'with a proof for another address',
      (url) => withProof(url, { claims: { htu: `${url}/2` } }),
      'invalid_dpop_proof',
    ],
    [
      'with a proof of ten minutes ago',
      (url) => withProof(url, { claims: { iat: Math.floor(Date.now() / 1000) - 600 } }),
      'invalid_dpop_proof',
    ],
    ['with a JWT of another kind', (url) => withProof(url, { typ: 'JWT' }), 'invalid_dpop_proof'],
    [
      'with two proofs',
      async (url) => ({ authorization: `DPoP ${token}`, dpop: `${await prove(url)}, ${await prove(url)}` }),
      'invalid_dpop_proof',
    ],
  ])('it is refused %s', async (_how, make, error) => {
    const { status, challenge } = await send(app.url, await make(app.url));
    expect({ status, challenge }).toEqual({
      status: 401,
      challenge: expect.stringMatching(new RegExp(`^DPoP realm="bank", error="${error}"`)),
    });
  });

  test('a token that is bound to nobody is no DPoP token', async () => {
    const headers = { authorization: `DPoP ${await issuer.sign()}`, dpop: await prove(app.url) };
    expect(await send(app.url, headers)).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  });

  test('one that is bound to a certificate is refused where the connection has none', async () => {
    const bound = await issuer.sign({ cnf: { 'x5t#S256': 'x' } });
    const { status, body } = await send(app.url, { authorization: `Bearer ${bound}` });
    expect({ status, why: body['error_description'] }).toEqual({
      status: 401,
      why: expect.stringContaining('the connection has none'),
    });
  });

  test('one that is bound in a way nobody knows is refused', async () => {
    const bound = await issuer.sign({ cnf: { kid: 'k1' } });
    expect(await send(app.url, { authorization: `Bearer ${bound}` })).toMatchObject({ status: 401 });
  });

  test('a token in the address is refused, whatever the header says', async () => {
    const plain = await issuer.sign();
    expect(await send(`${app.url}?access_token=${plain}`, {})).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('the interaction id of the caller comes back, else one of our own', async () => {
    const id = crypto.randomUUID();
    const authorization = `Bearer ${await issuer.sign()}`;
    expect(await send(app.url, { authorization, 'x-fapi-interaction-id': id })).toMatchObject({
      status: 200,
      interaction: id,
    });
    expect(await send(app.url, { authorization })).toMatchObject({
      status: 200,
      interaction: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await send(app.url, {})).toMatchObject({
      status: 401,
      interaction: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

async function withProof(url: string, proof: Proof): Promise<Record<string, string>> {
  return { authorization: `DPoP ${token}`, dpop: await prove(url, proof) };
}

const [[, startApp] = []] = guardedApps;
if (!startApp) throw new Error('there is no framework');

test('an API that asks for nonces hands one out, and takes it back', async () => {
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience: AUDIENCE, dpopNonces: true });
  await using app = await startApp(verifier, {});
  const asked = await send(app.url, await withProof(app.url, {}));
  expect(asked).toMatchObject({ status: 401, body: { error: 'use_dpop_nonce' } });
  const nonce = asked.nonce ?? '';
  expect(await send(app.url, await withProof(app.url, { claims: { nonce } }))).toMatchObject({ status: 200 });
  const forged = await send(app.url, await withProof(app.url, { claims: { nonce: `${nonce}x` } }));
  expect(forged).toMatchObject({ status: 401, body: { error: 'use_dpop_nonce' } });
});

test('an API may ask for bound tokens alone', async () => {
  const verifier = createTokenVerifier({
    issuer: issuer.issuer,
    audience: AUDIENCE,
    boundTokens: 'required',
  });
  await using app = await startApp(verifier, {});
  const plain = await send(app.url, { authorization: `Bearer ${await issuer.sign()}` });
  expect(plain).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  expect(await send(app.url, await withProof(app.url, {}))).toMatchObject({ status: 200 });
});

test('where something in front changes the address, the API says how callers write it', async () => {
  const origin = 'https://bank.example';
  const verifier = createTokenVerifier({ issuer: issuer.issuer, audience: AUDIENCE, origin });
  await using app = await startApp(verifier, {});
  const proof = await withProof(`${origin}/transfers`, {});
  expect(await send(app.url, proof)).toMatchObject({ status: 200 });
});
