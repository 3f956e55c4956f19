// RFC 9449: proofs of possession at the token endpoint and at resources.
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { expect } from 'vitest';
import { DpopKey } from '../client/dpop.ts';
import type { Answer } from '../client/exchange.ts';
import { breakSignature, newJti, signWithSecret, unsecured } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import { claimsOf, expectRefusal, expectTokens } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { PAYMENTS_API } from '../lab/people.ts';
import { openResource } from '../lab/resource.ts';

const { requirement, startLab } = openChapter();

const FOR_PAYMENTS = { scope: 'openid payments', audience: PAYMENTS_API } as const;

function atTokenEndpoint(lab: Lab): { method: string; url: string } {
  return { method: 'POST', url: lab.provider.endpoint('token_endpoint') };
}

/** A DPoP token for the payments API, and its key. */
async function boundToken(lab: Lab) {
  const key = await DpopKey.make(() => lab.now());
  const outgoing = { headers: { dpop: await key.proof(atTokenEndpoint(lab)) } };
  const { tokens } = await lab.complete('agent', FOR_PAYMENTS, { outgoing });
  return { key, tokens };
}

requirement('DPOP-5-01', async (lab) => {
  const { key, tokens } = await boundToken(lab);
  expect(tokens['token_type']).toBe('DPoP');
  expect(claimsOf(tokens['access_token'])['cnf']).toEqual({ jkt: key.thumbprint });
  expect(key.thumbprint).toBe(
    await calculateJwkThumbprint(await exportJWK(key.key.privateKey).then(({ d: _d, ...jwk }) => jwk)),
  );
});

const bearerWithoutProof = async (lab: Lab): Promise<void> => {
  expect((await lab.complete('agent')).tokens['token_type']).toBe('Bearer');
};

requirement('DPOP-5-02', {
  standard: async (lab) => {
    await bearerWithoutProof(lab);
    const client = lab.client('dpop');
    const authReqId = await client.askFor();
    await lab.control.approve(authReqId);
    const bare = await client.poll(authReqId);
    expectRefusal(bare, 400, 'invalid_dpop_proof', 'invalid_request', 'invalid_grant');
    const key = await DpopKey.make(() => lab.now());
    const headers = { dpop: await key.proof(atTokenEndpoint(lab)) };
    await lab.advance(5_000);
    expect(expectTokens(await client.poll(authReqId, {}, { headers }))['token_type']).toBe('DPoP');
  },
  auth0: bearerWithoutProof,
});

requirement('DPOP-4.3-01', async (lab) => {
  const client = lab.client('agent');
  const key = await DpopKey.make(() => lab.now());
  const at = atTokenEndpoint(lab);
  const authReqId = await client.askFor(FOR_PAYMENTS);
  await lab.control.approve(authReqId);
  const good = (): Promise<string> => key.proof(at);
  const proofClaims = () => ({
    htm: at.method,
    htu: at.url,
    jti: newJti(),
    iat: Math.floor(lab.now() / 1000),
  });
  const privateJwk = await exportJWK(key.key.privateKey);
  const proofs: ReadonlyArray<string | string[]> = [
    await key.proof({ ...at, method: 'GET' }),
    await key.proof({ ...at, url: 'https://other.example/token' }),
    await key.proof({ ...at, claims: { iat: Math.floor(lab.now() / 1000) - 600 } }),
    await key.proof({ ...at, falsified: { header: { typ: 'jwt' } } }),
    unsecured(proofClaims(), { typ: 'dpop+jwt', jwk: key.jwk }),
    signWithSecret('a-secret-that-anybody-could-have-made', proofClaims(), { typ: 'dpop+jwt', jwk: key.jwk }),
    signWithSecret('shared-secret', proofClaims(), {
      typ: 'dpop+jwt',
      jwk: { kty: 'oct', k: Buffer.from('shared-secret').toString('base64url') },
    }),
    await key.proof({ ...at, claims: { jti: undefined } }),
    await key.proof({ ...at, falsified: { header: { jwk: privateJwk } } }),
    breakSignature(await good()),
  ];
  for (const dpop of proofs) {
    const answer = await client.poll(authReqId, {}, { headers: { dpop } });
    expectRefusal(answer, 400, 'invalid_dpop_proof');
  }
  const two = await client.poll(authReqId, {}, { headers: { dpop: [await good(), await good()] } });
  expectRefusal(two, 400, 'invalid_dpop_proof', 'invalid_request');
  await lab.advance(60_000);
  expectTokens(await client.poll(authReqId, {}, { headers: { dpop: await good() } }));
});

requirement('DPOP-11.1-01', async (lab) => {
  const client = lab.client('agent');
  const key = await DpopKey.make(() => lab.now());
  const authReqId = await client.askFor();
  const headers = { dpop: await key.proof(atTokenEndpoint(lab)) };
  expectRefusal(await client.poll(authReqId, {}, { headers }), 400, 'authorization_pending');
  await lab.advance(6_000);
  expectRefusal(await client.poll(authReqId, {}, { headers }), 400, 'invalid_dpop_proof', 'invalid_grant');
});

requirement('DPOP-8-01', async () => {
  await using lab = await startLab('standard', (config) => ({
    ...config,
    tenant: { ...config.tenant, dpop_nonce: true },
  }));
  const client = lab.client('agent');
  const key = await DpopKey.make(() => lab.now());
  const authReqId = await client.askFor();
  const poll = async (nonce?: string): Promise<Answer> => {
    const proof = await key.proof({ ...atTokenEndpoint(lab), ...(nonce === undefined ? {} : { nonce }) });
    return client.poll(authReqId, {}, { headers: { dpop: proof } });
  };
  const asked = await poll();
  expectRefusal(asked, 400, 'use_dpop_nonce');
  const nonce = String(asked.headers['dpop-nonce']);
  expect(nonce.length).toBeGreaterThan(8);
  // At once: the refusal was no poll.
  expectRefusal(await poll(nonce), 400, 'authorization_pending');
});

requirement('DPOP-7-01', async (lab) => {
  await using resource = await openResource(lab);
  const { key, tokens } = await boundToken(lab);
  const token = tokens['access_token'];
  const other = await DpopKey.make(() => lab.now());
  const at = { method: 'GET', url: resource.url, accessToken: token };
  const bad: ReadonlyArray<Readonly<Record<string, string>>> = [
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${token}`, dpop: await key.proof(at) },
    { authorization: `DPoP ${token}` },
    { authorization: `DPoP ${token}`, dpop: await other.proof(at) },
    { authorization: `DPoP ${token}`, dpop: await key.proof({ ...at, accessToken: 'another' }) },
  ];
  for (const headers of bad) {
    const answer = await resource.call(headers);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('DPoP'),
    ]);
  }
  const right = await resource.call({ authorization: `DPoP ${token}`, dpop: await key.proof(at) });
  expect(right.status).toBe(200);
});
