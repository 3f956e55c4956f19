// CIBA Core 1.0 §10.3 and §12: push, of tokens and of errors.
import { expect } from 'vitest';
import { leftHalfHash } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import { claimsOf, headerOf } from '../lab/expectations.ts';
import { PAYMENTS_API } from '../lab/people.ts';

const { requirement } = openChapter();

const AUTH_REQ_ID = 'urn:openid:params:jwt:claim:auth_req_id';
const RT_HASH = 'urn:openid:params:jwt:claim:rt_hash';

requirement('CIBA-10.3-01', async (lab) => {
  const { authReqId, tokens } = await lab.complete('push');
  expect(tokens).toMatchObject({
    auth_req_id: authReqId,
    access_token: expect.any(String),
    token_type: expect.stringMatching(/^Bearer$/i),
    id_token: expect.any(String),
  });
  // Another one has come and gone since, and so has the time for attempts anew.
  await lab.advance(60_000);
  await lab.complete('push');
  const callbacks = lab.callbacks.of({ authReqId });
  expect(callbacks).toHaveLength(1);
  expect([callbacks[0]?.method, callbacks[0]?.path]).toEqual(['POST', '/push']);
  expect(callbacks[0]?.headers['content-type']).toMatch(/^application\/json\b/);
});

requirement('CIBA-10.3-02', async (lab) => {
  const { authReqId, tokens } = await lab.complete('push');
  const { header, claims } = await lab.provider.verify(tokens['id_token']);
  expect(claims['at_hash']).toBe(leftHalfHash(tokens['access_token'], header.alg));
  expect(claims[AUTH_REQ_ID]).toBe(authReqId);
});

requirement('CIBA-10.3-03', async (lab) => {
  const { tokens } = await lab.complete('push', { scope: 'openid offline_access', audience: PAYMENTS_API });
  const { alg } = headerOf(tokens['id_token']);
  expect(tokens['refresh_token']).toEqual(expect.any(String));
  expect(claimsOf(tokens['id_token'])[RT_HASH]).toBe(leftHalfHash(tokens['refresh_token'], String(alg)));
});

requirement('CIBA-12-01', async (lab) => {
  const client_notification_token = 'token-of-a-denied-request';
  const authReqId = await lab.client('push').askFor({ client_notification_token });
  await lab.control.deny(authReqId);
  const [callback] = await lab.callbacks.arrival(authReqId);
  expect(callback?.headers.authorization).toBe(`Bearer ${client_notification_token}`);
  expect(callback?.headers['content-type']).toMatch(/^application\/json\b/);
  const body = callback?.json();
  expect(body).toMatchObject({ error: 'access_denied', auth_req_id: authReqId });
  expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual([]);
  expect(body.error_description ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
});

requirement('CIBA-12-02', async (lab) => {
  const authReqId = await lab.client('push').askFor();
  await lab.control.faults.inject({
    on: 'callback',
    does: { kind: 'transaction_failed' },
    times: 1,
  });
  await lab.control.approve(authReqId);
  const [callback] = await lab.callbacks.arrival(authReqId);
  expect(callback?.json()).toMatchObject({ error: 'transaction_failed', auth_req_id: authReqId });
});
