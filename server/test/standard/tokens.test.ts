// The token endpoint in the profile `standard`: what a poll is answered, and what the tokens say. CIBA Core §10.1 and §11,
// RFC 6749 §5.2, RFC 9068.
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { type Changes, claimsOf } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { ADA, BANK_API, StandardBank } from './standard-bank.ts';

let bank: StandardBank;

beforeAll(async () => {
  bank = await StandardBank.start();
});
afterAll(() => bank.assent.close());

const poll = (authReqId: string, changes: Changes = {}, client?: string) =>
  bank.agent(client).poll(authReqId, changes);
const errorOf = (answer: Answer | undefined) => [answer?.status, answer?.json().error];

describe('a poll', () => {
  it('is told that nobody has answered, to slow down where it hurries, and by how much', async () => {
    const authReqId = await bank.askFor();
    expect(errorOf(await poll(authReqId))).toEqual([400, 'authorization_pending']);
    const hurried = await poll(authReqId);
    expect(errorOf(hurried)).toEqual([400, 'slow_down']);
    expect(hurried.headers['retry-after']).toBe('10');
    expect(Object.keys(hurried.json()).sort()).toEqual(['error', 'error_description']);
    bank.clock.advance(10_000);
    expect(errorOf(await poll(authReqId))).toEqual([400, 'authorization_pending']);
    expect((await poll(authReqId)).headers['retry-after']).toBe('15');
    bank.clock.advance(15_000);
    expect(errorOf(await poll(authReqId))).toEqual([400, 'authorization_pending']);
  });

  it('is told that the person refused', async () => {
    const authReqId = await bank.askFor();
    await bank.assent.control.deny(authReqId, 'I did not ask for it "é"');
    expect(errorOf(await poll(authReqId))).toEqual([400, 'access_denied']);
    expect(errorOf(await poll(authReqId))).toEqual([400, 'access_denied']);
  });

  it('is told that the time is over, also of what was approved and not fetched, and later again', async () => {
    const [waiting, approved] = [
      await bank.askFor({ requested_expiry: '10' }),
      await bank.askFor({ requested_expiry: '10' }),
    ];
    await bank.assent.control.approve(approved);
    bank.clock.advance(12_000);
    for (const authReqId of [waiting, approved]) {
      expect(errorOf(await poll(authReqId))).toEqual([400, 'expired_token']);
    }
    bank.clock.advance(60_000);
    expect(errorOf(await poll(waiting))).toEqual([400, 'expired_token']);
  });

  it('gets tokens once', async () => {
    const authReqId = await bank.askFor();
    await bank.assent.control.approve(authReqId);
    const first = await poll(authReqId);
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toContain('no-store');
    expect(errorOf(await poll(authReqId))).toEqual([400, 'invalid_grant']);
    bank.clock.advance(400_000);
    expect(errorOf(await poll(authReqId))).toEqual([400, 'invalid_grant']);
  });

  it('of another client, or without credentials, spoils nothing', async () => {
    const authReqId = await bank.askFor();
    expect(errorOf(await poll(authReqId, {}, 'call-centre'))).toEqual([400, 'invalid_grant']);
    expect(errorOf(await poll(authReqId, { client_secret: 'wrong' }))).toEqual([401, 'invalid_client']);
    expect(errorOf(await poll(authReqId, { client_secret: undefined }))).toEqual([401, 'invalid_client']);
    await bank.assent.control.approve(authReqId);
    expect(errorOf(await poll(authReqId, {}, 'call-centre'))).toEqual([400, 'invalid_grant']);
    expect((await poll(authReqId, { foo: 'bar' })).status).toBe(200);
  });
});

describe('a token request', () => {
  it.each([
    ['without a grant type', { grant_type: undefined }, 'invalid_request'],
    ['with a grant type that nobody knows', { grant_type: 'nope' }, 'unsupported_grant_type'],
    [
      'with a grant type in other letters',
      { grant_type: 'urn:openid:params:grant-type:CIBA' },
      'unsupported_grant_type',
    ],
    ['without an auth_req_id', { auth_req_id: undefined }, 'invalid_request'],
    ['with an empty auth_req_id', { auth_req_id: '' }, 'invalid_request'],
    ['with an auth_req_id that nobody issued', { auth_req_id: 'x'.repeat(43) }, 'invalid_grant'],
  ])('%s is refused', async (_what, changes, error) => {
    const answer = await bank.agent().token({ grant_type: CIBA_GRANT_TYPE, auth_req_id: 'x', ...changes });
    expect(errorOf(answer)).toEqual([400, error]);
  });

  it('cannot add scope when it refreshes', async () => {
    const tokens = await bank.tokensOf({ scope: 'openid accounts offline_access' });
    const refresh = (changes: Changes) =>
      bank.agent().token({ grant_type: 'refresh_token', refresh_token: tokens['refresh_token'], ...changes });
    expect(errorOf(await refresh({ scope: 'openid accounts payments' }))).toEqual([400, 'invalid_scope']);
    expect(errorOf(await refresh({ refresh_token: 'garbage' }))).toEqual([400, 'invalid_grant']);
    const refreshed = await refresh({});
    expect(refreshed.status).toBe(200);
    expect(claimsOf(refreshed.json().access_token)['auth_time']).toEqual(expect.any(Number));
    expect((await bank.tokensOf())['refresh_token']).toBeUndefined();
  });
});

describe('tokens', () => {
  it('are an access token of RFC 9068 and an ID token, for this client and this person', async () => {
    const tokens = await bank.tokensOf({ scope: 'openid accounts' });
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) });
    const keys = createRemoteJWKSet(new URL(`${bank.assent.url}/.well-known/jwks.json`));
    const currentDate = new Date(bank.clock.now());
    const access = await jwtVerify(tokens['access_token'] ?? '', keys, {
      issuer: bank.issuer,
      audience: BANK_API,
      typ: 'at+jwt',
      currentDate,
    });
    expect(access.protectedHeader.alg).toBe('PS256');
    expect(access.payload).toMatchObject({
      client_id: 'assistant',
      sub: ADA,
      scope: 'openid accounts',
      jti: expect.any(String),
      acr: 'urn:assent:acr:answered',
      auth_time: expect.any(Number),
    });
    expect(Number(access.payload.exp) - Number(access.payload.iat)).toBe(tokens['expires_in']);
    const id = await jwtVerify(tokens['id_token'] ?? '', keys, {
      issuer: bank.issuer,
      audience: 'assistant',
      currentDate,
    });
    expect(id.payload).toMatchObject({
      sub: ADA,
      acr: 'urn:assent:acr:answered',
      auth_time: expect.any(Number),
    });
    expect(id.payload).not.toHaveProperty('c_hash');
  });

  it('differ in their ids', async () => {
    const ids = new Set<unknown>();
    for (let round = 0; round < 5; round += 1) {
      ids.add(claimsOf((await bank.tokensOf())['access_token'] ?? '')['jti']);
    }
    expect(ids.size).toBe(5);
  });

  it('of a client of the other profile keep the shape of their API', async () => {
    const hint = bank.agent('legacy').hint(ADA);
    const tokens = await bank.tokensOf({ login_hint: hint, audience: BANK_API }, 'legacy');
    expect(decodeProtectedHeader(tokens['access_token'] ?? '').typ).toBe('JWT');
    expect(claimsOf(tokens['access_token'] ?? '')).toMatchObject({ azp: 'legacy' });
    expect(claimsOf(tokens['id_token'] ?? '')).not.toHaveProperty('acr');
  });

  it.each(['PS256', 'ES256', 'EdDSA'] as const)(
    'are signed with %s where the client is registered so',
    async (alg) => {
      await using other = await StandardBank.start((config) => ({
        ...config,
        clients: (config.clients ?? []).map((client) =>
          client.client_id === 'assistant' ? { ...client, id_token_signed_response_alg: alg } : client,
        ),
      }));
      const { id_token: token = '' } = await other.tokensOf();
      const keys = createRemoteJWKSet(new URL(`${other.assent.url}/.well-known/jwks.json`));
      const { protectedHeader } = await jwtVerify(token, keys, { currentDate: new Date(other.clock.now()) });
      expect(protectedHeader.alg).toBe(alg);
    },
  );
});
