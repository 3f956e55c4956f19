// Whom a request is about, in the profile `standard`: login_hint, id_token_hint, login_hint_token, and the user code that protects
// a person. CIBA Core §7.1, §7.1.2, §7.2 and §14.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Changes } from '../agent.ts';
import { claimsOf } from '../agent.ts';
import { ADA, GRACE, StandardBank } from './standard-bank.ts';

const { privateKey, publicKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'desk-1' }] };

let bank: StandardBank;

const start = () =>
  StandardBank.start((config) => ({
    ...config,
    clients: [
      ...(config.clients ?? []),
      { client_id: 'desk', client_secret: 'desk-secret-not-real', name: 'Desk', jwks },
    ],
    ciba: {
      ...config.ciba,
      login_hint_token_issuers: [{ issuer: 'https://directory.example/', jwks }],
    },
  }));

beforeAll(async () => {
  bank = await start();
});
afterAll(() => bank.assent.close());

async function approverOf(changes: Changes, client?: string): Promise<string> {
  const authReqId = await bank.askFor({ login_hint: undefined, ...changes }, client);
  return (await bank.assent.control.request(authReqId)).approver.user_id;
}

async function refusalOf(changes: Changes, client?: string) {
  const before = await bank.pendingCount();
  const answer = await bank.ask({ login_hint: undefined, ...changes }, client);
  expect(await bank.pendingCount()).toBe(before);
  return [answer.status, answer.json().error];
}

describe('a login_hint', () => {
  it.each([
    ['a user id', ADA],
    ['an e-mail address', 'Ada@Bank.example'],
    ['a phone number', '+493090-1820'],
  ])('is %s, as plain text', async (_what, login_hint) => {
    expect(await approverOf({ login_hint })).toBe(ADA);
  });

  it('is a subject identifier, as JSON', async () => {
    const subjects = [
      { format: 'iss_sub', iss: bank.issuer, sub: ADA },
      { format: 'email', email: 'ada@bank.example' },
      { format: 'phone_number', phone_number: '+4930901820' },
    ];
    for (const subject of subjects) {
      expect(await approverOf({ login_hint: JSON.stringify(subject) })).toBe(ADA);
    }
  });

  it.each([
    ['of somebody who is not here', 'bank|nobody', 'unknown_user_id'],
    ['that is nothing of the sort', 'ada', 'unknown_user_id'],
    ['of an address that is not here', 'ada@other.example', 'unknown_user_id'],
    [
      'of another issuer',
      '{"format":"iss_sub","iss":"https://other.example/","sub":"bank|ada"}',
      'invalid_request',
    ],
    ['without a subject', '{"format":"iss_sub","iss":"x"}', 'invalid_request'],
    ['in a format that nobody knows', '{"format":"passport","sub":"bank|ada"}', 'invalid_request'],
    ['that is half of a JSON text', '{"format":', 'invalid_request'],
  ])('%s is refused', async (_what, login_hint, error) => {
    expect(await refusalOf({ login_hint })).toEqual([400, error]);
  });

  it('is neither missing nor beside another hint', async () => {
    expect(await refusalOf({})).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ login_hint: '' })).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ login_hint: ADA, id_token_hint: 'x.y.z' })).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ login_hint: ADA, login_hint_token: 'x.y.z' })).toEqual([400, 'invalid_request']);
  });
});

describe('an id_token_hint', () => {
  it('is an ID token of the same client, also for a month after its end', async () => {
    const { id_token: token = '' } = await bank.tokensOf();
    expect(await approverOf({ id_token_hint: token })).toBe(ADA);
    await using later = await StandardBank.start();
    const { id_token: old = '' } = await later.tokensOf();
    const { exp, sub } = claimsOf(old);
    later.clock.advance(Number(exp) * 1000 - later.clock.now() + 60_000);
    const { id_token: renewed = '' } = await later.tokensOf({ login_hint: undefined, id_token_hint: old });
    expect(claimsOf(renewed)['sub']).toBe(sub);
    later.clock.advance(31 * 86_400_000);
    const answer = await later.ask({ login_hint: undefined, id_token_hint: old });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  });

  it('is of nobody else, neither another client nor another issuer nor an access token', async () => {
    const { id_token: token = '', access_token: accessToken = '' } = await bank.tokensOf();
    expect(await refusalOf({ id_token_hint: token }, 'desk')).toEqual([400, 'invalid_request']);
    const [header = '', , signature = ''] = token.split('.');
    const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), sub: GRACE })).toString('base64url');
    expect(await refusalOf({ id_token_hint: `${header}.${payload}.${signature}` })).toEqual([
      400,
      'invalid_request',
    ]);
    const forged = await new SignJWT(claimsOf(token))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(stranger.privateKey);
    expect(await refusalOf({ id_token_hint: forged })).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ id_token_hint: accessToken })).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ id_token_hint: 'no JWT' })).toEqual([400, 'invalid_request']);
  });
});

describe('a login_hint_token', () => {
  const sign = (claims: Record<string, unknown> = {}, key = privateKey) => {
    const nowSeconds = Math.floor(bank.clock.now() / 1000);
    const usual = { iss: 'desk', aud: bank.issuer, exp: nowSeconds + 60, sub: ADA };
    return new SignJWT(JSON.parse(JSON.stringify({ ...usual, ...claims })))
      .setProtectedHeader({ alg: 'ES256', kid: 'desk-1' })
      .sign(key);
  };

  it('is signed by the client or by an issuer of the tenant file', async () => {
    expect(await approverOf({ login_hint_token: await sign() }, 'desk')).toBe(ADA);
    const ofIssuer = await sign({
      iss: 'https://directory.example/',
      sub: 'of another kind',
      sub_id: { format: 'email', email: 'grace@bank.example' },
    });
    expect(await approverOf({ login_hint_token: ofIssuer })).toBe(GRACE);
  });

  it('that has expired has an error of its own', async () => {
    const expired = await sign({ exp: Math.floor(bank.clock.now() / 1000) - 60 });
    expect(await refusalOf({ login_hint_token: expired }, 'desk')).toEqual([400, 'expired_login_hint_token']);
  });

  it('follows the clock of the tenant as well as that of the computer', async () => {
    await using ahead = await start();
    const realSeconds = Math.floor(ahead.clock.now() / 1000);
    const { now } = await ahead.assent.control.clock.advance(3_600_000);
    for (const iat of [realSeconds, Math.floor(Date.parse(now) / 1000)]) {
      const ask = async (exp: number): Promise<unknown> => {
        const login_hint_token = await sign({ aud: ahead.issuer, iat, exp });
        const answer = await ahead.ask({ login_hint: undefined, login_hint_token }, 'desk');
        return answer.json().error;
      };
      expect([await ask(iat + 60), await ask(iat - 60)]).toEqual([undefined, 'expired_login_hint_token']);
    }
  });

  it('by anybody else, for anybody else, or without an end is refused', async () => {
    const others = [
      await sign({}, stranger.privateKey),
      await sign({ aud: 'https://other.example/' }),
      await sign({ exp: undefined }),
      await sign({ iss: 'https://unknown.example/' }),
      await sign({ sub: '' }),
      'no JWT',
    ];
    for (const token of others) {
      expect(await refusalOf({ login_hint_token: token }, 'desk')).toEqual([400, 'invalid_request']);
    }
    // A client vouches with its own keys alone.
    expect(await refusalOf({ login_hint_token: await sign() })).toEqual([400, 'invalid_request']);
    expect(await refusalOf({ login_hint_token: await sign({ sub: 'bank|nobody' }) }, 'desk')).toEqual([
      400,
      'unknown_user_id',
    ]);
  });
});

describe('a person with a user code', () => {
  it('is asked by a client of the kind that sends it only with the right one', async () => {
    expect(await refusalOf({ login_hint: GRACE }, 'call-centre')).toEqual([400, 'missing_user_code']);
    expect(await refusalOf({ login_hint: GRACE, user_code: '0000' }, 'call-centre')).toEqual([
      400,
      'invalid_user_code',
    ]);
    const right = await bank.ask({ login_hint: GRACE, user_code: '4711' }, 'call-centre');
    expect(right.status).toBe(200);
    // It stays between them.
    const events = JSON.stringify(await bank.assent.control.trace(right.json().auth_req_id));
    expect(events).not.toContain('4711');
    // Other clients do not know of codes, nor do people without one.
    expect((await bank.ask({ login_hint: GRACE })).status).toBe(200);
    expect((await bank.ask({ login_hint: ADA }, 'call-centre')).status).toBe(200);
  });

  it('cannot be found out by guessing: after five wrong codes the client waits, whatever it sends', async () => {
    await using other = await StandardBank.start();
    const guess = (user_code: string) => other.ask({ login_hint: GRACE, user_code }, 'call-centre');
    const answers = await Promise.all(['1', '2', '3', '4', '5', '6', '7'].map(guess));
    const errors = answers.map((answer) => answer.json().error).sort();
    expect(errors).toEqual([...Array(2).fill('access_denied'), ...Array(5).fill('invalid_user_code')]);
    const locked = await guess('4711');
    expect([locked.status, locked.json().error]).toEqual([403, 'access_denied']);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    other.clock.advance(15 * 60_000);
    expect((await guess('4711')).status).toBe(200);
    // Being right forgives what was wrong before.
    for (let round = 0; round < 2; round += 1) {
      for (const code of ['1', '2', '3', '4'])
        expect((await guess(code)).json().error).toBe('invalid_user_code');
      expect((await guess('4711')).status).toBe(200);
    }
  });
});
