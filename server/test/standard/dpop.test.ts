// DPoP at the token endpoint and at /userinfo, in both profiles: RFC 9449 with the CIBA grant, and with every other.
import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { claimsOf, TRANSFERS } from '../agent.ts';
import { call } from '../http-call.ts';
import { BoundClient, bankWith, type ClientEntry, DpopKey, type ProofChanges } from './bound-client.ts';

const SECRET = 'a-secret-of-the-lab';
const entry = (id: string, more: Partial<ClientEntry> = {}): ClientEntry => ({
  client_id: id,
  client_secret: SECRET,
  name: id,
  ...more,
});
const CLIENTS = [
  entry('plain'),
  entry('rotating', { refresh_token: { rotation_type: 'rotating' } }),
  entry('bound', { dpop_bound_access_tokens: true }),
];

describe.each<Profile>(['auth0', 'standard'])('in the profile %s', (profile) => {
  let assent: RunningAssent;
  let key: DpopKey;
  let tokenUrl: string;
  const client = (id = 'plain') => new BoundClient(assent, { client_id: id, client_secret: SECRET });
  const proof = async (changes: ProofChanges = {}, signer = key) => ({
    headers: { DPoP: await signer.prove('POST', tokenUrl, changes) },
  });

  beforeAll(async () => {
    assent = await startAssent({
      tls: false,
      config: bankWith(CLIENTS, { tenant: { name: 'bank', profile } }),
    });
    key = await DpopKey.make();
    tokenUrl = `${assent.issuer}oauth/token`;
  });
  afterAll(() => assent.close());

  it('a proof makes a token of the key', async () => {
    const answer = await client().redeem(await client().approved(), await proof());
    expect(answer.json()).toMatchObject({ token_type: 'DPoP' });
    expect(claimsOf(answer.json().access_token)['cnf']).toEqual({ jkt: key.thumbprint });
  });

  it('without one it is a bearer token, unless the client must send one', async () => {
    const answer = await client().redeem(await client().approved());
    expect(answer.json()).toMatchObject({ token_type: 'Bearer' });
    expect(claimsOf(answer.json().access_token)).not.toHaveProperty('cnf');
    const authReqId = await client('bound').approved();
    const refused = await client('bound').redeem(authReqId);
    expect([refused.status, refused.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: expect.stringContaining('send a DPoP proof') },
    ]);
    expect((await client('bound').redeem(authReqId, await proof())).status).toBe(200);
  });

  it('a bad proof is refused, and the request is there for a good one', async () => {
    const authReqId = await client().approved();
    const privateJwk = await exportJWK(key.keys.privateKey);
    const jwk = await exportJWK(key.keys.publicKey);
    const now = Math.floor(Date.now() / 1000);
    const claims = { htm: 'POST', htu: tokenUrl, jti: crypto.randomUUID(), iat: now };
    const unsigned = [{ alg: 'none', typ: 'dpop+jwt', jwk }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
      .sign(Buffer.alloc(32, 1));
    const good = await key.prove('POST', tokenUrl);
    const bad: Record<string, string | string[]> = {
      'another method': await key.prove('GET', tokenUrl),
      'another address': await key.prove('POST', `${assent.issuer}userinfo`),
      'no address': await key.prove('POST', 'token'),
      'ten minutes ago': await key.prove('POST', tokenUrl, { claims: { iat: now - 600 } }),
      'in ten minutes': await key.prove('POST', tokenUrl, { claims: { iat: now + 600 } }),
      'no time': await key.prove('POST', tokenUrl, { claims: { iat: undefined } }),
      'another type': await key.prove('POST', tokenUrl, { header: { typ: 'JWT' } }),
      'no id': await key.prove('POST', tokenUrl, { claims: { jti: undefined } }),
      'a private key': await key.prove('POST', tokenUrl, { header: { jwk: privateJwk } }),
      'no key': await key.prove('POST', tokenUrl, { header: { jwk: undefined } }),
      'no signature': `${unsigned}.`,
      'a shared secret': symmetric,
      'another signature': `${good.slice(0, -8)}AAAAAAAA`,
      'no JWT': 'a.b.c',
      'a short RSA key': withKey({ alg: 'RS256' }, shortKey()),
      'a point that is on no curve': withKey({ alg: 'ES256' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }),
      'words beyond ASCII': await key.prove('POST', tokenUrl, { claims: { htm: '“\\"' } }),
      'two of them': [await key.prove('POST', tokenUrl), await key.prove('POST', tokenUrl)],
    };
    for (const [what, DPoP] of Object.entries(bad)) {
      const answer = await client().redeem(authReqId, { headers: { DPoP } });
      expect([what, answer.status, answer.json().error]).toEqual([what, 400, 'invalid_dpop_proof']);
      expect(answer.json().error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
    expect((await client().redeem(authReqId, await proof())).json().token_type).toBe('DPoP');
  });

  it('a proof is good for one request, also where that was told to wait', async () => {
    const sent = await proof();
    const authReqId = await client().askFor();
    expect((await client().redeem(authReqId, sent)).json().error).toBe('authorization_pending');
    await assent.control.approve(authReqId);
    const again = await client().redeem(authReqId, sent);
    expect([again.status, again.json().error]).toEqual([400, 'invalid_dpop_proof']);
    expect((await client().redeem(authReqId, await proof())).status).toBe(200);
  });

  it('other grants bind their tokens, too', async () => {
    const machine = await client().post(
      '/oauth/token',
      { grant_type: 'client_credentials', audience: TRANSFERS },
      await proof(),
    );
    if (machine.status === 200) expect(claimsOf(machine.json().access_token)['cnf']).toBeDefined();
    const { refresh_token: first } = (
      await client('rotating').redeem(await client('rotating').approved(), await proof())
    ).json();
    // The client is confidential: its refresh token is bound by that, and another key may come. RFC 9449 §5.
    const other = await DpopKey.make();
    const parameters = { grant_type: 'refresh_token', refresh_token: first };
    const refreshed = await client('rotating').post('/oauth/token', parameters, await proof({}, other));
    expect(refreshed.json().token_type).toBe('DPoP');
    expect(claimsOf(refreshed.json().access_token)['cnf']).toEqual({ jkt: other.thumbprint });
  });

  it('a fault for the client meets a call with its token', async () => {
    const url = `${assent.issuer}userinfo`;
    const { access_token: token } = (await client().redeem(await client().approved(), await proof())).json();
    await assent.control.faults.inject({
      on: '/userinfo',
      client_id: 'plain',
      does: { kind: 'answer', status: 503 },
      times: 1,
    });
    const get = async () =>
      call(url, {
        headers: { authorization: `DPoP ${token}`, DPoP: await key.prove('GET', url, {}, token) },
      });
    expect([(await get()).status, (await get()).status]).toEqual([503, 200]);
  });

  it('/userinfo asks for the proof of the token', async () => {
    const url = `${assent.issuer}userinfo`;
    const { access_token: token } = (await client().redeem(await client().approved(), await proof())).json();
    const get = async (authorization: string | undefined, DPoP?: string) =>
      call(url, { headers: { ...(authorization && { authorization }), ...(DPoP && { DPoP }) } });
    const dpop = `DPoP ${token}`;
    const good = await key.prove('GET', url, {}, token);
    expect((await get(dpop, good)).json().sub).toBe('auth0|ada');
    const other = await DpopKey.make();
    const bad: Record<string, [string, string?]> = {
      'the same proof again': [dpop, good],
      'as a bearer token': [`Bearer ${token}`],
      'without a proof': [dpop],
      'with another key': [dpop, await other.prove('GET', url, {}, token)],
      'with another token': [dpop, await key.prove('GET', url, {}, 'another')],
      'with no token': [dpop, await key.prove('GET', url)],
    };
    for (const [what, [authorization, DPoP]] of Object.entries(bad)) {
      const answer = await get(authorization, DPoP);
      expect([what, answer.status]).toEqual([what, 401]);
      expect(answer.headers['www-authenticate']).toMatch(/^DPoP error="(invalid_token|invalid_dpop_proof)"/);
    }
    const nothing = await get(undefined);
    expect([nothing.status, nothing.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Bearer realm="[^"]+", DPoP realm="[^"]+", algs="ES256 /),
    ]);
    const { access_token: plain } = (await client().redeem(await client().approved())).json();
    expect((await get(`DPoP ${plain}`, await key.prove('GET', url, {}, plain))).status).toBe(401);
  });
});

describe('where the tenant asks for nonces', () => {
  it('one is handed out, counts, and costs no poll', async () => {
    const config = bankWith(CLIENTS, {
      tenant: { name: 'bank', profile: 'standard', dpop_nonce: true },
    });
    await using assent = await startAssent({ tls: false, config });
    const key = await DpopKey.make();
    const tokenUrl = `${assent.issuer}oauth/token`;
    const client = new BoundClient(assent, { client_id: 'plain', client_secret: SECRET });
    const authReqId = await client.askFor();
    const poll = async (nonce?: string | string[]) =>
      client.redeem(authReqId, {
        headers: { DPoP: await key.prove('POST', tokenUrl, { claims: { nonce } }) },
      });
    const asked = await poll();
    expect([asked.status, asked.json().error]).toEqual([400, 'use_dpop_nonce']);
    const nonce = asked.headers['dpop-nonce'];
    expect(asked.headers['access-control-expose-headers']).toBe('DPoP-Nonce');
    expect((await poll(nonce)).json().error).toBe('authorization_pending');
    expect((await poll(`${nonce}x`)).json().error).toBe('use_dpop_nonce');
    await assent.control.approve(authReqId);
    const { access_token: token, token_type: type } = (await poll(nonce)).json();
    expect(type).toBe('DPoP');
    const url = `${assent.issuer}userinfo`;
    const read = async (claims: Record<string, unknown>) =>
      call(url, {
        headers: { authorization: `DPoP ${token}`, DPoP: await key.prove('GET', url, { claims }, token) },
      });
    const asksAgain = await read({});
    expect([asksAgain.status, asksAgain.json().error]).toEqual([401, 'use_dpop_nonce']);
    expect((await read({ nonce: asksAgain.headers['dpop-nonce'] })).status).toBe(200);
  });
});

describe('where the clock of the tenant is ahead', () => {
  it('a client may go by the computer’s time, or by the tenant’s with a nonce', async () => {
    const clock = createManualClock(Date.now());
    await using assent = await startAssent({ tls: false, config: bankWith(CLIENTS), clock });
    await assent.control.clock.advance(72 * 3_600_000);
    const key = await DpopKey.make();
    const tokenUrl = `${assent.issuer}oauth/token`;
    const client = new BoundClient(assent, { client_id: 'plain', client_secret: SECRET });
    const redeem = async (authReqId: string, claims: Record<string, unknown>) =>
      client.redeem(authReqId, { headers: { DPoP: await key.prove('POST', tokenUrl, { claims }) } });
    expect((await redeem(await client.approved(), {})).json().token_type).toBe('DPoP');
    const iat = Math.floor(assent.clock.now() / 1000);
    const authReqId = await client.approved();
    const asked = await redeem(authReqId, { iat });
    expect(asked.json().error).toBe('use_dpop_nonce');
    expect((await redeem(authReqId, { iat, nonce: asked.headers['dpop-nonce'] })).json().token_type).toBe(
      'DPoP',
    );
  });
});

/** A proof whose signature nobody gets to. */
function withKey(header: object, jwk: object): string {
  const parts = [{ ...header, typ: 'dpop+jwt', jwk }, { htm: 'POST', jti: 'x' }, 'no signature'];
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

function shortKey(): object {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
}
