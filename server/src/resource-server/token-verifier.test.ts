import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { challengeOf } from './bearer-refusal.ts';
import { KeySetUnavailable } from './key-set.ts';
import { requireTokenInKoa } from './koa.ts';
import { createSpentTokens } from './spent-tokens.ts';
import { createTokenVerifier, type TokenRequirements, type TokenVerifierOptions } from './token-verifier.ts';

const AUDIENCE = 'https://bank.example/transfers';
const NOW_MS = Date.parse('2030-01-01T00:00:00Z');
const NOW = NOW_MS / 1000;
const transfer = { type: 'transfer_funds', to: 'grace', amount: '25.00', currency: 'EUR' };

const keys = await generateKeyPair('RS256');
const otherKeys = await generateKeyPair('RS256');
const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };

let keySetIsBroken = false;
const keyServer = createServer((request, response) => {
  const isKeySet = request.url === '/.well-known/jwks.json' && !keySetIsBroken;
  response.writeHead(isKeySet ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isKeySet ? { keys: [publicJwk] } : {}));
});
let issuer = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/`;
});
afterAll(() => keyServer.close());

interface Signing {
  claims?: JWTPayload;
  header?: Partial<JWTHeaderParameters>;
  key?: CryptoKey;
  without?: string;
}

/** A token as the default dialect of Auth0 has it. */
async function sign({ claims, header, key = keys.privateKey, without }: Signing = {}): Promise<string> {
  const payload: JWTPayload = {
    iss: issuer,
    sub: 'auth0|ada',
    aud: [AUDIENCE, `${issuer}userinfo`],
    iat: NOW,
    exp: NOW + 60,
    scope: 'openid create:transfer',
    azp: 'aiya',
    authorization_details: [transfer],
    ...claims,
  };
  if (without) delete payload[without];
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k1', ...header })
    .sign(key);
}

function createVerifier(options: Partial<TokenVerifierOptions> = {}) {
  return createTokenVerifier({ issuer, audience: AUDIENCE, clock: createManualClock(NOW_MS), ...options });
}

async function verify(signing: Signing = {}, requirements?: TokenRequirements) {
  return createVerifier().verify(`Bearer ${await sign(signing)}`, requirements);
}

async function refusalOf(signing: Signing, requirements?: TokenRequirements) {
  const verification = await verify(signing, requirements);
  if (verification.accepted) throw new Error('expected a refusal');
  return verification.refusal;
}

describe('a token is accepted', () => {
  it('in the default dialect, with scope and exactly the approved details', async () => {
    const verification = await verify({}, { scope: 'create:transfer', details: [transfer] });
    expect(verification).toMatchObject({
      accepted: true,
      token: {
        dialect: 'access_token',
        sub: 'auth0|ada',
        clientId: 'aiya',
        details: [transfer],
        expiresAt: NOW_MS + 60_000,
        acceptedUntil: NOW_MS + 60_000,
      },
    });
  });

  it('in the RFC 9068 dialect, named by its jti', async () => {
    const claims = { client_id: 'aiya', jti: 'j-1' };
    for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT']) {
      expect(await verify({ claims, header: { typ }, without: 'azp' })).toMatchObject({
        accepted: true,
        token: { id: 'j-1', dialect: 'rfc9068_profile', clientId: 'aiya' },
      });
    }
  });

  it('when a program got it for itself, without any scope', async () => {
    const claims = { sub: 'cron@clients', azp: 'cron', aud: AUDIENCE, gty: 'client-credentials' };
    const token = { clientId: 'cron', scopes: new Set(), dialect: 'access_token' };
    expect(await verify({ claims, without: 'scope' })).toMatchObject({ accepted: true, token });
  });

  it('without a scope and a grant type, when it is for an API and not for its client', async () => {
    expect(await verify({ without: 'scope' })).toMatchObject({
      accepted: true,
      token: { clientId: 'aiya', scopes: new Set() },
    });
  });

  it('when its audience is a single text', async () => {
    expect(await verify({ claims: { aud: AUDIENCE } })).toMatchObject({ accepted: true });
  });

  it('when a matcher says so, which sees the approved details', async () => {
    const upTo50 = await verify({}, { details: ([detail]) => Number(detail?.['amount']) <= 50 || 'over 50' });
    expect(upTo50.accepted).toBe(true);
  });

  it('shortly after its end if the clocks may differ', async () => {
    const clock = createManualClock(NOW_MS + 62_000);
    const token = await sign();
    expect(await createVerifier({ clock }).verify(`Bearer ${token}`)).toMatchObject({ accepted: false });
    expect(await createVerifier({ clock, clockToleranceSeconds: 5 }).verify(`Bearer ${token}`)).toMatchObject(
      { accepted: true },
    );
  });
});

describe('a token is refused with 401 invalid_token when', () => {
  const cases: Array<[name: string, signing: Signing, description: string]> = [
    ['its audience is another API', { claims: { aud: 'https://other.example/' } }, `expected ${AUDIENCE}`],
    [
      'its issuer lacks the slash',
      { claims: { iss: 'https://localhost:4443' } },
      'expected exactly http://127.0.0.1',
    ],
    ['it has expired', { claims: { exp: NOW } }, 'expired'],
    ['it never expires', { without: 'exp' }, 'exp'],
    ['another key signed it under the same name', { key: otherKeys.privateKey }, 'signature is wrong'],
    ['its key is unknown', { header: { kid: 'k2' } }, 'does not publish'],
    ['it is some other kind of JWT', { header: { typ: 'logout+jwt' } }, 'not an access token'],
    ['it has no type', { header: { typ: undefined as never } }, 'not an access token'],
    ['it names no client', { without: 'azp' }, 'azp'],
    ['the RFC 9068 dialect lacks a jti', { header: { typ: 'at+jwt' }, claims: { client_id: 'aiya' } }, 'jti'],
    [
      'the RFC 9068 dialect lacks client_id',
      { header: { typ: 'at+jwt' }, claims: { jti: 'j' } },
      'client_id',
    ],
    ['it is bound to a key', { claims: { cnf: { jkt: 'x' } } }, 'bound to a key'],
    [
      'its details are not a list of objects',
      { claims: { authorization_details: 'all' } },
      'authorization_details',
    ],
  ];
  it.each(cases)('%s', async (_name, signing, description) => {
    const refusal = await refusalOf(signing, { scope: 'create:transfer', details: [transfer] });
    expect(refusal).toMatchObject({ status: 401, error: 'invalid_token' });
    expect(refusal.description).toContain(description);
    expect(challengeOf(refusal)).toMatch(/^(Bearer|DPoP) error="invalid_token"/);
  });

  it('it is an ID token, even at an API that carries the name of the client', async () => {
    const verifier = createVerifier({ audience: 'aiya' });
    for (const aud of ['aiya', ['aiya', AUDIENCE]]) {
      const idToken = await sign({ claims: { aud, nonce: 'n', sid: 's' }, without: 'scope' });
      expect(await verifier.verify(`Bearer ${idToken}`)).toMatchObject({
        accepted: false,
        refusal: { error: 'invalid_token', description: expect.stringContaining('not an access token') },
      });
    }
  });

  it('it is opaque, as it is without an audience', async () => {
    const verification = await createVerifier().verify('Bearer 5pG9wzXq');
    expect(verification).toMatchObject({ accepted: false, refusal: { status: 401, error: 'invalid_token' } });
    expect(JSON.stringify(verification)).toContain(AUDIENCE);
  });

  it('it only looks like a JWT', async () => {
    expect(await createVerifier().verify('Bearer a.b.c')).toMatchObject({
      accepted: false,
      refusal: { error: 'invalid_token', description: 'the token is not a JWT' },
    });
  });

  it('it is unsigned, or signed with a public key as the secret', async () => {
    const [, payload] = (await sign()).split('.');
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${header({ alg: 'none', typ: 'JWT' })}.${payload}.`;
    const symmetric = await new SignJWT({
      iss: issuer,
      aud: AUDIENCE,
      sub: 'auth0|ada',
      iat: NOW,
      exp: NOW + 60,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'k1' })
      .sign(Buffer.from(JSON.stringify(publicJwk)));
    for (const token of [unsigned, symmetric]) {
      expect(await createVerifier().verify(`Bearer ${token}`)).toMatchObject({
        accepted: false,
        refusal: { error: 'invalid_token' },
      });
    }
  });
});

describe('a genuine token is refused with 403 when', () => {
  it('it lacks a scope, and the challenge says which would do', async () => {
    const refusal = await refusalOf({}, { scope: ['create:transfer', 'create:order'] });
    expect(refusal).toMatchObject({
      status: 403,
      error: 'insufficient_scope',
      scope: 'create:transfer create:order',
    });
    expect(challengeOf(refusal)).toContain('scope="create:transfer create:order"');
  });

  it('a scope is only contained in a longer one', async () => {
    expect(
      await refusalOf({ claims: { scope: 'create:transfers' } }, { scope: 'create:transfer' }),
    ).toMatchObject({
      error: 'insufficient_scope',
    });
  });

  it('something else was approved, and the answer names the path', async () => {
    const refusal = await refusalOf({}, { details: [{ ...transfer, amount: '250.00' }] });
    expect(refusal).toMatchObject({
      status: 403,
      error: 'insufficient_authorization_details',
      differences: [{ path: '/0/amount', approved: '25.00', requested: '250.00' }],
    });
    expect(challengeOf(refusal)).toContain("/0/amount: approved '25.00', requested '250.00'");
  });

  it('more was approved than is requested', async () => {
    const claims = { authorization_details: [transfer, { type: 'payment' }] };
    expect(await refusalOf({ claims }, { details: [transfer] })).toMatchObject({
      differences: [{ path: '/1' }],
    });
  });

  it('nothing was approved', async () => {
    expect(await refusalOf({ without: 'authorization_details' }, { details: [transfer] })).toMatchObject({
      error: 'insufficient_authorization_details',
    });
  });

  it('it carries details where none are expected', async () => {
    expect(await refusalOf({}, { details: [] })).toMatchObject({
      error: 'insufficient_authorization_details',
    });
  });

  it('a matcher says why, or forgets to answer', async () => {
    expect((await refusalOf({}, { details: () => 'over the limit' })).description).toContain(
      'over the limit',
    );
    const forgetful = (() => undefined) as unknown as () => true;
    expect(await refusalOf({}, { details: forgetful })).toMatchObject({
      error: 'insufficient_authorization_details',
    });
  });
});

describe('the issuer’s keys', () => {
  it('that cannot be read are an error of the server, not of the token', async () => {
    keySetIsBroken = true;
    try {
      const verification = createVerifier().verify(`Bearer ${await sign()}`);
      await expect(verification).rejects.toBeInstanceOf(KeySetUnavailable);
      await expect(verification).rejects.toMatchObject({
        status: 503,
        message: expect.stringContaining(issuer),
      });
    } finally {
      keySetIsBroken = false;
    }
  });

  it('may be elsewhere than under the issuer', async () => {
    const verifier = createVerifier({
      issuer: 'https://auth0.test/',
      jwksUri: `${issuer}.well-known/jwks.json`,
    });
    const token = await sign({ claims: { iss: 'https://auth0.test/' } });
    expect(await verifier.verify(`Bearer ${token}`)).toMatchObject({ accepted: true });
  });

  it('are not asked for when the options contradict each other', () => {
    expect(() => createVerifier({ audience: '' })).toThrow(/audience/);
    expect(() => createVerifier({ ca: 'pem', fetch })).toThrow(/exclude/);
  });
});

describe('an approval is spent', () => {
  it('once, however its token is spelt', async () => {
    const token = await sign();
    // The last character of a 256-byte signature carries four bits; the other two may be anything.
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelt = token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
    const verifier = createVerifier();
    const spentTokens = createSpentTokens({ clock: createManualClock(NOW_MS) });
    const first = await verifier.verify(`Bearer ${token}`);
    if (!first.accepted) throw new Error('expected acceptance');
    expect(first.token.id).toBe(
      createHash('sha256')
        .update(token.slice(0, token.lastIndexOf('.')))
        .digest('base64url'),
    );
    expect(spentTokens.spend(first.token)).toBe(true);
    expect(spentTokens.spend(first.token)).toBe(false);
    const second = await verifier.verify(`Bearer ${respelt}`);
    if (!second.accepted) throw new Error('expected jose to accept the other spelling');
    expect(spentTokens.spend(second.token)).toBe(false);
  });

  it('and the mark is forgotten only after the token has expired', () => {
    const clock = createManualClock(NOW_MS);
    const spentTokens = createSpentTokens({ clock });
    const token = { id: 'a', acceptedUntil: NOW_MS + 1000 };
    expect(spentTokens.spend(token)).toBe(true);
    clock.advance(1000);
    expect(spentTokens.spend(token)).toBe(false);
    clock.advance(1);
    expect(spentTokens.spend(token)).toBe(true);
  });

  it('and the mark stays for as long as a verifier with a tolerance still takes the token', async () => {
    const clock = createManualClock(NOW_MS);
    const verifier = createVerifier({ clock, clockToleranceSeconds: 30 });
    const spentTokens = createSpentTokens({ clock });
    const token = await sign({ claims: { exp: NOW + 60 } });
    const spend = async () => {
      const verification = await verifier.verify(`Bearer ${token}`);
      return verification.accepted ? spentTokens.spend(verification.token) : 'refused';
    };
    expect(await spend()).toBe(true);
    clock.advance(60_000 + 29_999);
    expect(await spend()).toBe(false);
    clock.advance(1);
    expect(await spend()).toBe('refused');
  });
});

describe('as Koa middleware', () => {
  /** One request through a real Koa and a real socket. */
  async function send(headers: Record<string, string>) {
    const app = new Koa();
    app.use(
      requireTokenInKoa(createVerifier(), () => ({ scope: 'create:transfer', details: [transfer] }), {
        realm: 'bank',
      }),
    );
    app.use((ctx) => {
      ctx.body = { sub: ctx.state['token'].sub };
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const response = await fetch(url, { headers });
      const challenge = response.headers.get('www-authenticate');
      return { status: response.status, challenge, body: await response.json() };
    } finally {
      server.close();
    }
  }

  it('a good token reaches the route', async () => {
    expect(await send({ authorization: `Bearer ${await sign()}` })).toEqual({
      status: 200,
      challenge: null,
      body: { sub: 'auth0|ada' },
    });
  });

  it('a refusal is answered with status, challenge and body, and the route does not run', async () => {
    expect(await send({})).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="bank"',
      body: { error: 'unauthorized' },
    });
    expect(await send({ authorization: `Bearer ${await sign({ claims: { scope: 'openid' } })}` })).toEqual({
      status: 403,
      challenge:
        'Bearer realm="bank", error="insufficient_scope", error_description="the token lacks the scope create:transfer; it has: openid", scope="create:transfer"',
      body: { error: 'insufficient_scope', error_description: expect.stringContaining('create:transfer') },
    });
  });
});
