// Push: the client is brought its tokens, or told that none will come; it never fetches them. CIBA Core §10.3 and §12.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { claimsOf, TRANSFER } from '../agent.ts';
import { call } from '../http-call.ts';
import { CallbackReceiver } from './callback-receiver.ts';
import { bankThatCalls, CalledAgent, TOKEN } from './called-agent.ts';

const DETAILS = JSON.stringify([TRANSFER]);

let clock: ManualClock;
let receiver: CallbackReceiver;
let assent: RunningAssent;
let agent: CalledAgent;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  receiver = await CallbackReceiver.start();
  assent = await startAssent({ tls: false, clock, config: bankThatCalls(receiver.url()) });
  agent = new CalledAgent(assent, 'pushed');
});
afterEach(async () => {
  await assent.close();
  await receiver[Symbol.asyncDispose]();
});

/** Left half of a hash, OpenID Connect Core §3.1.3.6. */
function halfHash(text: string, algorithm: 'sha256' | 'sha512' = 'sha256'): string {
  const hash = createHash(algorithm).update(text).digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

/** Keeps what one server leaves to the next. */
class DataFile implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<DataFile> {
    return new DataFile(await mkdtemp(join(tmpdir(), 'assent-callbacks-')));
  }

  start(): Promise<RunningAssent> {
    const dataFile = join(this.#folder, 'assent.db');
    return startAssent({ tls: false, clock, config: bankThatCalls(receiver.url()), dataFile });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }
}

async function verify(token: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${assent.url}/.well-known/jwks.json`));
  return (await jwtVerify(token, keys, { issuer: assent.issuer })).payload;
}

describe('a push client', () => {
  it('is not told how often to ask', async () => {
    const answer = await agent.ask();
    expect(answer.json()).toEqual({ auth_req_id: expect.any(String), expires_in: 300 });
    expect((await assent.control.trace('latest'))[0]).not.toHaveProperty('interval');
  });

  it('is brought its tokens once, pinned to the request', async () => {
    const id = await agent.askFor({
      scope: 'openid create:transfer offline_access',
      authorization_details: DETAILS,
    });
    await assent.control.approve('latest');
    await agent.attempts(1);
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0] ?? {};
    expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' });
    expect(body).toEqual({
      auth_req_id: id,
      access_token: expect.any(String),
      token_type: 'Bearer',
      refresh_token: expect.any(String),
      expires_in: 86_400,
      id_token: expect.any(String),
      scope: 'openid create:transfer offline_access',
      authorization_details: [TRANSFER],
    });
    const claims = await verify(body.id_token);
    expect(claims).toMatchObject({
      aud: 'pushed',
      sub: 'auth0|ada',
      at_hash: halfHash(body.access_token),
      'urn:openid:params:jwt:claim:rt_hash': halfHash(body.refresh_token),
      'urn:openid:params:jwt:claim:auth_req_id': id,
    });
    expect(await verify(body.access_token)).toMatchObject({
      sub: 'auth0|ada',
      client_id: 'pushed',
      authorization_details: [TRANSFER],
    });
    expect((await assent.control.request(id)).state).toBe('redeemed');
  });

  it.each([
    ['ES256', 'sha256'],
    ['EdDSA', 'sha512'],
  ] as const)('that wants %s finds hashes of the same strength in its ID token', async (algorithm, hash) => {
    await using other = await startAssent({
      tls: false,
      config: bankThatCalls(receiver.url(), {}, { id_token_signed_response_alg: algorithm }),
    });
    await new CalledAgent(other, 'pushed').askFor({ scope: 'openid offline_access' });
    await other.control.approve('latest');
    const [callback] = await receiver.callbacks(1);
    const { access_token, id_token, refresh_token } = callback?.body ?? {};
    expect(decodeProtectedHeader(id_token).alg).toBe(algorithm);
    expect(claimsOf(id_token)).toMatchObject({
      at_hash: halfHash(access_token, hash),
      'urn:openid:params:jwt:claim:rt_hash': halfHash(refresh_token, hash),
    });
  });

  it('gets the same tokens from a push as another client from the token endpoint', async () => {
    const question = { scope: 'openid profile create:transfer', authorization_details: DETAILS };
    const poller = new CalledAgent(assent, 'poller');
    const polled = await poller.askFor(question);
    await assent.control.approve(polled);
    const fetched = (await poller.poll(polled)).json();
    await assent.control.approve(await agent.askFor(question));
    const [callback] = await receiver.callbacks(1);
    const shapeOf = (token: string): Record<string, unknown> => ({
      ...claimsOf(token),
      ...Object.fromEntries(
        ['jti', 'iat', 'exp', 'client_id', 'azp', 'aud'].map((name) => [name, undefined]),
      ),
    });
    expect(shapeOf(callback?.body.access_token)).toEqual(shapeOf(fetched.access_token));
    const {
      at_hash: _hash,
      'urn:openid:params:jwt:claim:auth_req_id': _id,
      ...idToken
    } = shapeOf(callback?.body.id_token);
    expect(idToken).toEqual(shapeOf(fetched.id_token));
  });

  it('refreshes with a token that was pushed', async () => {
    await agent.askFor({ scope: 'openid create:transfer offline_access', authorization_details: DETAILS });
    await assent.control.approve('latest');
    const [callback] = await receiver.callbacks(1);
    const refreshed = await agent.token({
      grant_type: 'refresh_token',
      refresh_token: callback?.body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.json().authorization_details).toEqual([TRANSFER]);
  });

  it('has tokens that can be inspected and taken back like those that are fetched', async () => {
    await agent.askFor({ authorization_details: DETAILS });
    await assent.control.approve('latest');
    const [callback] = await receiver.callbacks(1);
    const token = callback?.body.access_token;
    expect((await agent.post('/oauth/introspect', { token })).json()).toMatchObject({
      active: true,
      sub: 'auth0|ada',
      authorization_details: [TRANSFER],
    });
    expect((await agent.post('/oauth/revoke', { token })).status).toBe(200);
    expect((await agent.post('/oauth/introspect', { token })).json()).toEqual({ active: false });
  });

  it('opens /userinfo with a token that is for nothing else', async () => {
    await agent.askFor({ audience: undefined, scope: 'openid' });
    await assent.control.approve('latest');
    const [callback] = await receiver.callbacks(1);
    const me = await call(`${assent.url}/userinfo`, {
      headers: { Authorization: `Bearer ${callback?.body.access_token}` },
    });
    expect(me.json()).toEqual({ sub: 'auth0|ada' });
  });

  it('may not come for them, neither before nor after, nor with a reference that there is not', async () => {
    const id = await agent.askFor();
    const refused = { error: 'unauthorized_client' };
    expect((await agent.poll(id)).json()).toMatchObject(refused);
    await assent.control.approve('latest');
    await agent.attempts(1);
    const after = await agent.poll(id);
    expect([after.status, after.json()]).toEqual([400, expect.objectContaining(refused)]);
    expect((await agent.poll('A'.repeat(64))).json()).toMatchObject(refused);
  });
});

describe('no token', () => {
  it('is told as access_denied when the person says no', async () => {
    const id = await agent.askFor();
    await assent.control.deny('latest', 'not "tonight"');
    await agent.attempts(1);
    expect(receiver.received).toMatchObject([{ headers: { authorization: `Bearer ${TOKEN}` } }]);
    expect(receiver.received[0]?.body).toEqual({
      auth_req_id: id,
      error: 'access_denied',
      error_description: 'The end-user denied the authorization request',
    });
  });

  it('is told with the reason where the tenant says so, in the letters that the standard allows', async () => {
    await using other = await startAssent({
      tls: false,
      config: bankThatCalls(receiver.url(), {
        ciba: { forward_denial_reason: true, notification_hosts: ['localhost'] },
      }),
    });
    await new CalledAgent(other, 'pushed').askFor();
    await other.control.deny('latest', 'zu "früh"\\');
    const [callback] = await receiver.callbacks(1);
    expect(callback?.body.error_description).toBe(`zu 'fr?h'/`);
  });

  it('is told as expired_token when nobody answers', async () => {
    const id = await agent.askFor({ requested_expiry: '60' });
    clock.advance(60_000);
    await agent.attempts(1);
    expect(receiver.received[0]?.body).toMatchObject({ auth_req_id: id, error: 'expired_token' });
  });

  it('is told as transaction_failed when something fails inside, and nothing is redeemed', async () => {
    await assent.control.faults.inject({ on: 'callback', does: { kind: 'transaction_failed' }, times: 1 });
    const id = await agent.askFor();
    await assent.control.approve('latest');
    await agent.attempts(1);
    expect(receiver.received[0]?.body).toEqual({
      auth_req_id: id,
      error: 'transaction_failed',
      error_description: 'The transaction could not be completed',
    });
    expect((await assent.control.request(id)).state).toBe('approved');
  });
});

it('a call that is held at a break point has redeemed nothing, and brings the tokens once it is let go', async () => {
  await assent.control.steps.set({ break_points: ['callback_sent'] });
  const id = await agent.askFor();
  await assent.control.approve('latest');
  for await (const event of assent.control.events({ afterNumber: 0 })) if (event.type === 'step.held') break;
  expect(receiver.received).toEqual([]);
  expect((await assent.control.request(id)).state).toBe('approved');
  await assent.control.steps.next();
  await agent.attempts(1);
  expect(receiver.received[0]?.body).toMatchObject({ auth_req_id: id, access_token: expect.any(String) });
});

it('a call that is held until the request is over brings no tokens, but says so', async () => {
  await assent.control.steps.set({ break_points: ['callback_sent'] });
  const id = await agent.askFor({ requested_expiry: '60' });
  await assent.control.approve('latest');
  for await (const event of assent.control.events({ afterNumber: 0 })) if (event.type === 'step.held') break;
  clock.advance(61_000);
  await assent.control.steps.next();
  await agent.attempts(1);
  expect(receiver.received[0]?.body).toMatchObject({ auth_req_id: id, error: 'expired_token' });
  expect((await assent.control.request(id)).state).toBe('approved');
});

describe('tokens', () => {
  it('are the same when they have to be brought again', async () => {
    receiver.replies.push(503, (response) => response.destroy());
    await agent.askFor({ scope: 'openid create:transfer offline_access' });
    await assent.control.approve('latest');
    for (const [count, seconds] of [
      [1, 5],
      [2, 10],
    ] as const) {
      await agent.attempts(count);
      clock.advance(seconds * 1000);
    }
    expect((await agent.attempts(3)).map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'taken']);
    const [first, ...others] = receiver.received.map(({ body }) => body);
    expect(others).toEqual([first, first]);
    const story = (await assent.control.trace('latest')).map(({ type }) => type);
    expect(story.filter((type) => type === 'token.issued')).toHaveLength(1);
  });

  it('are in no event, whole', async () => {
    await agent.askFor({ scope: 'openid create:transfer offline_access' });
    await assent.control.approve('latest');
    await agent.attempts(1);
    const { body } = receiver.received[0] ?? {};
    const story = JSON.stringify(await assent.control.trace('latest'));
    expect(story).toContain('"says":"tokens"');
    for (const secret of [body.access_token, body.refresh_token, body.id_token, TOKEN, body.auth_req_id]) {
      expect(story).not.toContain(secret);
    }
  });

  it('outlive the server that made them: the next one brings the same, once', async () => {
    await using file = await DataFile.make();
    receiver.replies.push(503);
    const before = await file.start();
    const agentBefore = new CalledAgent(before, 'pushed');
    const id = await agentBefore.askFor();
    await before.control.approve('latest');
    await agentBefore.attempts(1);
    await before.close();
    clock.advance(5_000);
    const after = await file.start();
    // Its trace tells of the first one, too.
    await new CalledAgent(after, 'pushed').attempts(2);
    const [first, second] = receiver.received.map(({ body }) => body);
    expect(second).toEqual(first);
    expect(second.auth_req_id).toBe(id);
    await after.close();
    await using third = await file.start();
    clock.advance(600_000);
    expect((await third.control.request(id)).state).toBe('redeemed');
    expect(receiver.received).toHaveLength(2);
  });

  it('that were on their way when the server stopped are brought again', async () => {
    await using file = await DataFile.make();
    receiver.replies.push(() => undefined);
    const before = await file.start();
    await new CalledAgent(before, 'pushed').askFor();
    await before.control.approve('latest');
    await receiver.callbacks(1);
    await before.close();
    await using after = await file.start();
    expect(await new CalledAgent(after, 'pushed').attempts(1)).toMatchObject([
      { says: 'tokens', outcome: 'taken' },
    ]);
    const [first, second] = receiver.received.map(({ body }) => body);
    expect(second).toEqual(first);
  });
});
