// What a Guardian app that errs, or somebody else, is told, and that the request stays as it was. Signs by hand.
import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalView } from '../../src/contract/index.ts';
import { type Answer, call } from '../http-call.ts';
import { BrowserKeys } from '../web-push/browser-keys.ts';
import { type GuardianWorld, openGuardianWorld } from './guardian-world.ts';

let world: GuardianWorld;
let base: string;

beforeAll(async () => {
  world = await openGuardianWorld();
  base = `${world.assent.url}/appliance-mfa/api`;
});
afterAll(() => world[Symbol.asyncDispose]());

interface Phone {
  id: string;
  token: string;
  identifier: string;
  key: CryptoKey;
  jwk: JWK;
  /** Takes the next push from the embedded push service. */
  push(): Promise<{ txtkn: string; c: string; txlnkid: string }>;
}

const send = (
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> =>
  call(url, { method, headers, ...(body === undefined ? {} : { body }), ca: world.assent.ca ?? '' });

async function enrol(change: Record<string, unknown> = {}): Promise<{ answer: Answer; phone: Phone }> {
  const { barcode_uri: uri } = await world.assent.control.inviteBrowser('auth0|charles');
  const service = (await send(`${base}/push-service`, 'GET', {})).json();
  const subscribed = await call(`${world.assent.url}/push/subscribe`, {
    method: 'POST',
    headers: { 'content-type': 'application/webpush-options+json' },
    body: JSON.stringify({ vapid: service.vapid_public_key }),
    ca: world.assent.ca ?? '',
  });
  const keys = new BrowserKeys();
  const { endpoint, subscription } = subscribed.json();
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const { kty, n, e } = await exportJWK(publicKey);
  const jwk = { kty, n, e } as JWK;
  const identifier = randomUUID();
  const answer = await send(
    `${base}/enroll`,
    'POST',
    { authorization: `Ticket id="${new URL(uri).searchParams.get('enrollment_tx_id')}"` },
    {
      identifier,
      name: 'A phone',
      push_credentials: { service: 'GCM', token: JSON.stringify(keys.toSubscription(endpoint)) },
      public_key: { ...jwk, alg: 'RS256', use: 'sig' },
      ...change,
    },
  );
  const { id, token } = answer.json();
  const push: Phone['push'] = async () => {
    const stop = new AbortController();
    const { request } = await import('node:https');
    return new Promise((resolve, reject) => {
      const stream = request(subscription, { ca: world.assent.ca, signal: stop.signal }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const [, data] = /^data: (.*)$/m.exec(text) ?? [];
          if (data === undefined || !text.includes('\n\n', text.indexOf('data: '))) return;
          resolve(JSON.parse(keys.open(Buffer.from(JSON.parse(data).body, 'base64url')).text));
          stop.abort();
        });
        response.on('error', () => undefined);
      });
      stream.on('error', (error) => (stop.signal.aborted ? undefined : reject(error)));
      stream.end();
    });
  };
  return { answer, phone: { id, token, identifier, key: privateKey, jwk, push } };
}

const seconds = (): number => Math.floor(world.clock.now() / 1000);

async function sign(
  phone: Pick<Phone, 'key'>,
  typ: string,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const alg = (header['alg'] as string | undefined) ?? 'RS256';
  return new SignJWT(claims).setProtectedHeader({ ...header, alg, typ }).sign(phone.key);
}

describe('an answer that is not right', () => {
  let phone: Phone;
  let push: Awaited<ReturnType<Phone['push']>>;
  let authReqId: string;
  let approval: ApprovalView;

  beforeEach(async () => {
    ({ phone } = await enrol());
    authReqId = await world.agent.askFor({ login_hint: world.agent.hint('auth0|charles') });
    approval = await world.assent.control.request('latest');
    push = await phone.push();
  });

  const answer = async (
    claims: Record<string, unknown> = {},
    by: Pick<Phone, 'key'> = phone,
    typ = 'JWT',
    token = push.txtkn,
  ): Promise<Answer> =>
    send(
      `${base}/resolve-transaction`,
      'POST',
      { authorization: `Bearer ${token}` },
      {
        challenge_response: await sign(by, typ, {
          iss: phone.identifier,
          sub: push.c,
          aud: `${base}/resolve-transaction`,
          iat: seconds(),
          exp: seconds() + 30,
          auth0_guardian_method: 'push',
          auth0_guardian_accepted: true,
          ...claims,
        }),
      },
    );

  it.each([
    ['for another server', { aud: 'https://evil.example/appliance-mfa/api/resolve-transaction' }],
    ['with another challenge', { sub: 'guessed' }],
    ['by another installation', { iss: 'dev_0000000000000000' }],
    ['that lives longer than 30 seconds', { exp: Math.floor(Date.now() / 1000) + 3600 }],
    ['that has ended', { iat: 1_600_000_000, exp: 1_600_000_030 }],
    [
      'from the future',
      { iat: Math.floor(Date.now() / 1000) + 600, exp: Math.floor(Date.now() / 1000) + 630 },
    ],
    ['without a yes or no', { auth0_guardian_accepted: 'yes' }],
    ['by another method', { auth0_guardian_method: 'sms' }],
  ])('%s is refused with all five members, and the request waits on', async (_name, claims) => {
    const refused = await answer(claims);
    expect(refused.status).toBe(401);
    expect(refused.json()).toEqual({
      statusCode: 401,
      errorCode: 'invalid_token',
      error: 'Unauthorized',
      message: expect.any(String),
      description: refused.json().message,
    });
    expect((await world.agent.poll(authReqId)).json().error).toBe('authorization_pending');
    expect((await answer()).status).toBe(204);
    expect((await world.assent.control.request(approval.id)).state).toBe('approved');
  });

  it('of somebody who was blocked since is refused, and counts once that is taken back', async () => {
    const block = (blocked: boolean) =>
      send(
        `${world.assent.url}/control/tenant`,
        'PATCH',
        {},
        { users: [{ user_id: 'auth0|charles', blocked }] },
      );
    await block(true);
    for (const auth0_guardian_accepted of [true, false]) {
      const refused = await answer({ auth0_guardian_accepted });
      expect(refused.json()).toMatchObject({ statusCode: 404, errorCode: 'login_transaction_not_found' });
      expect(refused.json().message).toContain('is blocked');
    }
    await block(false);
    expect((await world.assent.control.request(approval.id)).state).toBe('pending');
    expect((await answer()).status).toBe(204);
  });

  it('about something else than what is asked is refused, where the app says what it showed', async () => {
    const refused = await answer({ consent_hash: 'of-something-else' });
    expect(refused.json()).toMatchObject({ statusCode: 409, errorCode: 'unexpected_input' });
    expect((await world.agent.poll(authReqId)).json().error).toBe('authorization_pending');
    expect((await answer({ consent_hash: approval.consent_hash })).status).toBe(204);
  });

  it('by another key, of another kind, or with another transaction’s token is refused', async () => {
    const { phone: other } = await enrol();
    expect((await answer({}, other)).status).toBe(401);
    expect((await answer({}, phone, 'dpop+jwt')).status).toBe(401);
    expect((await answer({}, phone, 'JWT', 'guessed')).status).toBe(401);
    const bare = await send(`${base}/resolve-transaction`, 'POST', {}, { challenge_response: 'x' });
    expect(bare.json()).toMatchObject({ statusCode: 401, errorCode: 'invalid_bearer_format' });
    expect((await world.assent.control.request(approval.id)).state).toBe('pending');
  });

  it('is no answer by GET, by a form, or without JSON', async () => {
    const url = `${base}/resolve-transaction`;
    const authorization = `Bearer ${push.txtkn}`;
    expect((await send(url, 'GET', { authorization })).status).toBe(405);
    const form = await send(
      url,
      'POST',
      { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      'challenge_response=x',
    );
    expect(form.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    const broken = await send(url, 'POST', { authorization, 'content-type': 'application/json' }, '{');
    expect(broken.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    expect((await world.assent.control.request(approval.id)).state).toBe('pending');
  });

  describe('nor is a look at the consent', () => {
    const look = async (
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      by: Pick<Phone, 'key' | 'jwk'> = phone,
      id = push.txlnkid,
    ): Promise<Answer> => {
      const url = `${world.assent.url}/rich-consents/${id}`;
      const proof = await sign(
        by,
        'dpop+jwt',
        {
          htu: url,
          htm: 'GET',
          ath: createHash('sha256').update(push.txtkn).digest('base64url'),
          jti: randomUUID(),
          iat: seconds(),
          ...claims,
        },
        { jwk: by.jwk, ...header },
      );
      return send(url, 'GET', { authorization: `MFA-DPoP ${push.txtkn}`, 'mfa-dpop': proof });
    };

    it.each([
      ['for another address', { htu: 'https://evil.example/rich-consents/cns_1' }],
      ['for another method', { htm: 'POST' }],
      ['for another token', { ath: 'x' }],
      ['that is stale', { iat: Math.floor(Date.now() / 1000) - 3600 }],
      ['without an id', { jti: undefined }],
    ])('with a proof %s', async (_name, claims) => {
      const refused = await look(claims);
      expect(refused.status).toBe(403);
      expect(refused.json()).toMatchObject({ statusCode: 403, errorCode: 'invalid_dpop_assertion' });
      expect((await look()).status).toBe(200);
    });

    it('without a proof, with a proof that was used, or by another key', async () => {
      const url = `${world.assent.url}/rich-consents/${push.txlnkid}`;
      const authorization = `MFA-DPoP ${push.txtkn}`;
      expect((await send(url, 'GET', { authorization })).json().errorCode).toBe('invalid_dpop_assertion');
      expect((await send(url, 'GET', {})).json().errorCode).toBe('invalid_bearer_format');
      const jti = randomUUID();
      expect((await look({ jti })).status).toBe(200);
      expect((await look({ jti })).json().errorCode).toBe('invalid_dpop_assertion');
      const { phone: other } = await enrol();
      expect((await look({}, {}, other)).json().errorCode).toBe('invalid_dpop_assertion');
      // The header names the right key, the signature is by another.
      expect((await look({}, { jwk: phone.jwk }, other)).json().errorCode).toBe('invalid_dpop_assertion');
    });

    it('of another request', async () => {
      expect((await look({}, {}, phone, 'cns_0000000000000000000000')).status).toBe(404);
    });

    it('though a key with a leading zero octet is the same key', async () => {
      const modulus = Buffer.concat([Buffer.alloc(1), Buffer.from(String(phone.jwk.n), 'base64url')]);
      const jwk = { ...phone.jwk, n: modulus.toString('base64url') };
      expect((await look({}, { jwk })).status).toBe(200);
    });
  });
});

describe('an enrolment that is not right', () => {
  it.each([
    ['a key that is too short', { public_key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }],
    ['a key of another kind', { public_key: { kty: 'oct', k: 'c2VjcmV0' } }],
    [
      'an exponent that is no number of its size',
      { public_key: { kty: 'RSA', n: 'x'.repeat(342), e: 'AQAB'.repeat(5_000) } },
    ],
    [
      'a coordinate with more in front of it',
      { public_key: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(19_000), y: 'A'.repeat(43) } },
    ],
    ['no push credentials', { push_credentials: undefined }],
    ['an unknown push service', { push_credentials: { service: 'PIGEON', token: 'coo' } }],
    ['no name', { name: '' }],
  ])('with %s uses up nothing', async (_name, change) => {
    const { answer } = await enrol(change);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
  });

  it('without a ticket, or with a guessed one, is refused', async () => {
    const body = {
      identifier: 'x',
      name: 'x',
      push_credentials: { service: 'GCM', token: 'x' },
      public_key: (await enrol()).phone.jwk,
    };
    expect((await send(`${base}/enroll`, 'POST', {}, body)).json().errorCode).toBe('invalid_token');
    const guessed = await send(`${base}/enroll`, 'POST', { authorization: 'Ticket id="guess"' }, body);
    expect(guessed.json()).toMatchObject({
      statusCode: 404,
      errorCode: 'enrollment_transaction_not_found',
    });
  });
});

describe('an enrolment', () => {
  it('is changed and ended with its token or a JWT by its key, and by nothing else', async () => {
    const { phone } = await enrol();
    const url = `${base}/device-accounts/${phone.id}`;
    const jwt = (claims: Record<string, unknown> = {}): Promise<string> =>
      sign(phone, 'JWT', {
        iss: phone.id,
        sub: 'auth0|charles',
        aud: `${base}/device-accounts`,
        iat: seconds(),
        exp: seconds() + 7_200,
        ...claims,
      });
    const rename = (token: string, name: string): Promise<Answer> =>
      send(url, 'PATCH', { authorization: `Bearer ${token}` }, { name });
    expect((await rename(phone.token, 'One')).json()).toMatchObject({ id: phone.id, name: 'One' });
    expect((await rename(await jwt(), 'Two')).json().name).toBe('Two');
    const wrong = [
      'guessed',
      await jwt({ aud: base }),
      await jwt({ sub: 'auth0|ada' }),
      await jwt({ iss: 'dev_0000000000000000' }),
      await jwt({ exp: seconds() + 86_400 }),
      await jwt({ exp: seconds() - 60 }),
    ];
    for (const token of wrong) expect((await rename(token, 'Mine')).json().errorCode).toBe('invalid_token');
    const { phone: other } = await enrol();
    expect((await rename(other.token, 'Mine')).json().errorCode).toBe('invalid_token');
    const gone = () => send(url, 'DELETE', { authorization: `Bearer ${phone.token}` });
    expect((await gone()).status).toBe(204);
    expect((await gone()).json()).toMatchObject({ statusCode: 404, errorCode: 'device_account_not_found' });
  });

  it('that names another push service is not pushed to by the one before it', async () => {
    const { phone } = await enrol();
    const state = async (): Promise<string | undefined> =>
      (await world.assent.control.devices('auth0|charles')).find(({ id }) => id === phone.id)?.push;
    expect(await state()).toBe('web-push');
    const change = { push_credentials: { service: 'APNS', token: 'of-a-real-phone' } };
    const authorization = `Bearer ${phone.token}`;
    const answer = await send(`${base}/device-accounts/${phone.id}`, 'PATCH', { authorization }, change);
    expect(answer.json()).toMatchObject(change);
    expect(await state()).toBe('none');
  });

  it('keeps each of several changes that come at the same moment', async () => {
    const { phone } = await enrol();
    const token = await sign(phone, 'JWT', {
      iss: phone.id,
      sub: 'auth0|charles',
      aud: `${base}/device-accounts`,
      iat: seconds(),
      exp: seconds() + 60,
    });
    const change = (body: unknown) =>
      send(`${base}/device-accounts/${phone.id}`, 'PATCH', { authorization: `Bearer ${token}` }, body);
    const push_credentials = { service: 'APNS', token: 'of-a-real-phone' };
    for (let round = 0; round < 5; round++) {
      const identifier = `identifier-${round}`;
      await Promise.all([
        change({ identifier }),
        change({ push_credentials: { ...push_credentials, token: `token-${round}` } }),
        change({ name: `Name ${round}` }),
      ]);
      expect((await change({})).json()).toEqual({
        id: phone.id,
        identifier,
        name: `Name ${round}`,
        push_credentials: { ...push_credentials, token: `token-${round}` },
      });
    }
  });

  it('is also reached without /appliance-mfa, as by a host that is called guardian', async () => {
    const { phone } = await enrol();
    const answer = await send(
      `${world.assent.url}/api/device-accounts/${phone.id}`,
      'PATCH',
      { authorization: `Bearer ${phone.token}` },
      { name: 'Short' },
    );
    expect(answer.json().name).toBe('Short');
  });
});
