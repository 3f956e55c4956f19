// CIBA Core 1.0 §10.1: the token request and its answer.
import { expect } from 'vitest';
import { leftHalfHash } from '../client/jwt.ts';
import { CIBA_GRANT } from '../client/relying-party.ts';
import { openChapter } from '../lab/chapter.ts';
import {
  claimsOf,
  expectBadCredentials,
  expectRefusal,
  expectTokens,
  headerOf,
} from '../lab/expectations.ts';
import { ADA, PAYMENTS_API } from '../lab/people.ts';

const { requirement } = openChapter();

const OFFLINE = { scope: 'openid offline_access', audience: PAYMENTS_API } as const;

requirement('CIBA-10.1-01', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  expectBadCredentials(lab, await client.with({ secret: 'not-its-secret' }).poll(authReqId));
  const bare = await lab.provider.exchange.post(lab.provider.endpoint('token_endpoint'), {
    grant_type: CIBA_GRANT,
    auth_req_id: authReqId,
    client_id: client.clientId,
  });
  expectBadCredentials(lab, bare);
  await lab.control.approve(authReqId);
  expectTokens(await lab.pollPaced(client, authReqId));
});

requirement('CIBA-10.1-02', async (lab) => {
  for (const authReqId of [undefined, '']) {
    expectRefusal(await lab.client('agent').poll(authReqId), 400, 'invalid_request');
  }
});

requirement('CIBA-10.1-03', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  expectRefusal(await lab.client('other').poll(authReqId), 400, 'invalid_grant');
  await lab.control.approve(authReqId);
  expectRefusal(await lab.client('other').poll(authReqId), 400, 'invalid_grant');
  expectTokens(await lab.pollPaced(client, authReqId));
});

requirement('CIBA-10.1-05', async (lab) => {
  const client = lab.client('ping');
  const authReqId = await client.askFor();
  expectRefusal(await lab.pollPaced(client, authReqId), 400, 'authorization_pending');
  expectRefusal(await client.poll(authReqId), 400, 'slow_down');
  await lab.control.approve(authReqId);
  await lab.callbacks.arrival(authReqId);
  expectTokens(await client.poll(authReqId));
});

requirement('CIBA-10.1-06', async (lab) => {
  const client = lab.client('ping');
  const authReqId = await client.askFor();
  const redeemed = new Promise((resolve, reject) => {
    lab.callbacks.reply('/ping', async (response) => {
      await client.poll(authReqId).then(resolve, reject);
      response.writeHead(204).end();
    });
  });
  expectRefusal(await client.poll(authReqId), 400, 'authorization_pending');
  await lab.control.approve(authReqId);
  expectTokens((await redeemed) as never);
});

requirement('CIBA-10.1-07', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  for (let count = 0; count < 3; count += 1) {
    await lab.advance(5_000);
    const answer = await client.poll(authReqId, {}, { signal: AbortSignal.timeout(30_000) });
    expectRefusal(answer, 400, 'authorization_pending');
  }
  await lab.control.approve(authReqId);
  expectTokens(await client.poll(authReqId, {}, { signal: AbortSignal.timeout(30_000) }));
});

requirement('CIBA-10.1.1-01', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor();
  await lab.control.approve(authReqId);
  const answer = await client.poll(authReqId);
  expectTokens(answer);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['cache-control']).toContain('no-store');
  expect(answer.json()).toMatchObject({ id_token: expect.any(String), expires_in: expect.any(Number) });
});

requirement('CIBA-10.1.1-03', async (lab) => {
  const client = lab.client('agent');
  const { authReqId } = await lab.complete('agent', { requested_expiry: '60' });
  for (let count = 0; count < 2; count += 1) {
    expectRefusal(await lab.pollPaced(client, authReqId), 400, 'invalid_grant');
  }
  await lab.advance(120_000);
  expectRefusal(await client.poll(authReqId), 400, 'invalid_grant');
});

requirement('CIBA-10.1.1-04', async (lab) => {
  const { tokens } = await lab.complete('agent');
  const { claims, header } = await lab.provider.verify(tokens['id_token']);
  const now = lab.now() / 1000;
  expect(claims).toMatchObject({ iss: lab.provider.issuer, sub: ADA });
  expect([claims.aud].flat()).toContain('lab-agent');
  expect(claims.exp).toBeGreaterThan(now);
  expect(claims.iat).toBeLessThanOrEqual(now + 10);
  expect(claims).not.toHaveProperty('c_hash');
  expect(claims).not.toHaveProperty('s_hash');
  if (claims['at_hash'] !== undefined) {
    expect(claims['at_hash']).toBe(leftHalfHash(tokens['access_token'], header.alg));
  }
});

requirement('CIBA-10.1.1-05', async (lab) => {
  const { authReqId, tokens } = await lab.complete('agent', OFFLINE);
  const claims = claimsOf(tokens['id_token']);
  const { alg } = headerOf(tokens['id_token']);
  const own = claims['urn:openid:params:jwt:claim:auth_req_id'];
  if (own !== undefined) expect(own).toBe(authReqId);
  const hash = claims['urn:openid:params:jwt:claim:rt_hash'];
  if (hash !== undefined) expect(hash).toBe(leftHalfHash(tokens['refresh_token'], String(alg)));
});

requirement('CIBA-10.1.1-06', async (lab) => {
  expect((await lab.complete('agent', OFFLINE)).tokens['refresh_token']).toEqual(expect.any(String));
  const without = await lab.complete('agent', { audience: PAYMENTS_API });
  expect(without.tokens).not.toHaveProperty('refresh_token');
});
