import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { indentJson } from './json-text.ts';
import { decodeJwt, shortenToken, withoutMiddle } from './jwt.ts';
import { verifyJwt } from './jwt-verdict.ts';

async function signedToken() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const token = await new SignJWT({ sub: 'auth0|ada', name: 'Zoë' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k-1', typ: 'at+jwt' })
    .sign(privateKey);
  return { token, key: { ...(await exportJWK(publicKey)), kid: 'k-1', alg: 'RS256' } };
}

test('a token is decoded into header and claims, with letters beyond ASCII', async () => {
  const { token } = await signedToken();
  const decoded = decodeJwt(token);
  expect(decoded?.isWhole).toBe(true);
  expect(decoded && indentJson(decoded.claims)).toBe('{\n  "sub": "auth0|ada",\n  "name": "Zoë"\n}');
});

test('a token without its signature is decoded, and known not to be whole', async () => {
  const { token } = await signedToken();
  const shown = token.replace(/[^.]+$/, '[signature removed]');
  expect(decodeJwt(shown)?.isWhole).toBe(false);
});

test('opaque, encrypted and broken tokens are not taken for a JWT', () => {
  const tokens = [
    '',
    'opaque',
    'a.b',
    'a.b.c',
    'e30.e30.sig.more.parts',
    'e30.W10.sig',
    'e30.!.sig',
    '[43 characters removed]',
  ];
  expect(tokens.map(decodeJwt)).toEqual(tokens.map(() => undefined));
});

test('a signature is verified with the published key of its id, which is named', async () => {
  const { token, key } = await signedToken();
  expect(await verifyJwt(token, async () => [key])).toEqual({
    verdict: 'verified',
    keyId: 'k-1',
    algorithm: 'RS256',
  });
});

test('a changed claim, a foreign key, an unknown key id and an unsigned token are not verified', async () => {
  const { token, key } = await signedToken();
  const other = await signedToken();
  const [header = '', , signature = ''] = token.split('.');
  const changed = [header, btoa('{"sub":"auth0|mallory"}').replaceAll('=', ''), signature].join('.');
  const unsigned = `${btoa('{"alg":"none","kid":"k-1"}').replaceAll('=', '')}.e30.`;
  expect(await verifyJwt(changed, async () => [key])).toEqual({ verdict: 'wrong', why: 'signature' });
  expect(await verifyJwt(token, async () => [other.key])).toEqual({ verdict: 'wrong', why: 'signature' });
  expect(await verifyJwt(token, async () => [{ ...key, kid: 'k-2' }])).toEqual({
    verdict: 'wrong',
    why: 'no_key',
  });
  expect(await verifyJwt(unsigned, async () => [key])).toEqual({ verdict: 'wrong', why: 'algorithm' });
});

test('keys that cannot be had leave the verdict open', async () => {
  const { token } = await signedToken();
  const unreachable = () => Promise.reject(new TypeError('offline'));
  expect(await verifyJwt(token, unreachable)).toEqual({ verdict: 'unknown', why: 'keys_unreachable' });
});

test('a long text loses its middle, a short one nothing', () => {
  expect(withoutMiddle('eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9')).toBe(
    'eyJhbGciOiJSUzI1Ni…pXVCJ'.replace('pXVCJ', 'XVCJ9'),
  );
  expect(withoutMiddle('short')).toBe('short');
});

test('a token is shortened part by part, anything else stays whole', async () => {
  const { token } = await signedToken();
  expect(shortenToken(token)).toMatch(/^ey[\w-]+…[\w-]{5}\.ey[\w-]+…[\w-]{5}\.[\w-]+…[\w-]{5}$/);
  expect(shortenToken('https://api.example/payments.v1.list')).toBe('https://api.example/payments.v1.list');
});
