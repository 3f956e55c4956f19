// FAPI-CIBA ID1 §7.9, FAPI 1.0 and RFC 8705: TLS, tokens bound to certificates, and what makes a token a good one.
import { type ConnectionOptions, connect } from 'node:tls';
import { expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import {
  claimsOf,
  expectAccepted,
  expectOneRefusal,
  expectRefusal,
  expectTokens,
} from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { PAYMENTS_API } from '../lab/people.ts';
import { openResource } from '../lab/resource.ts';

const { requirement } = openChapter();

const OFFLINE = { scope: 'openid offline_access payments', audience: PAYMENTS_API } as const;

/** The name of the suite that was agreed, or undefined where there was no agreement. */
function shakeHands(url: string, options: ConnectionOptions): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ...options }, () => {
      const { standardName } = socket.getCipher();
      socket.destroy();
      resolve(standardName);
    });
    socket.on('error', () => resolve(undefined));
  });
}

requirement('FAPICIBA-7.9-01', async (lab) => {
  const { ca } = lab;
  const trusted = ca === undefined ? {} : { ca };
  const urls = ['token_endpoint', 'backchannel_authentication_endpoint'].flatMap((name) => [
    lab.provider.endpoint(name),
    lab.provider.endpoint(name, { mtls: true }),
  ]);
  for (const url of new Set(urls)) {
    const old = {
      ...trusted,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    expect(await shakeHands(url, old)).toBeUndefined();
    const tls12 = { ...trusted, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
    // The certificate of the server has a key of RSA or of an elliptic curve; the suites differ in that alone.
    for (const strength of ['AES128-GCM-SHA256', 'AES256-GCM-SHA384']) {
      const ciphers = `ECDHE-ECDSA-${strength}:ECDHE-RSA-${strength}`;
      expect(await shakeHands(url, { ...tls12, ciphers })).toMatch(/_GCM_SHA/);
    }
    const refused = ['AES128-SHA256', 'AES128-SHA', 'AES256-SHA384', 'CHACHA20-POLY1305'].flatMap((suite) => [
      `ECDHE-ECDSA-${suite}`,
      `ECDHE-RSA-${suite}`,
    ]);
    // Without a key that is forgotten.
    refused.push('AES128-GCM-SHA256', 'AES256-GCM-SHA384');
    for (const ciphers of refused)
      expect([ciphers, await shakeHands(url, { ...tls12, ciphers })]).toEqual([ciphers, undefined]);
    expect(await shakeHands(url, { ...trusted, minVersion: 'TLSv1.3' })).toEqual(expect.any(String));
  }
});

async function completeBound(lab: Lab, name: string, claims: Readonly<Record<string, unknown>> = {}) {
  const authReqId = expectAccepted(await lab.client(name).askSigned(claims));
  return lab.approveAndCollect(name, authReqId);
}

requirement('FAPICIBA-HOK-01', async (lab) => {
  for (const name of ['fapi', 'fapi_other']) {
    const tokens = await completeBound(lab, name, { scope: 'openid payments', audience: PAYMENTS_API });
    expect(claimsOf(tokens['access_token'])['cnf']).toEqual({
      'x5t#S256': lab.registered(name).certificate?.thumbprint,
    });
  }
});

requirement('FAPICIBA-HOK-02', async (lab) => {
  const client = lab.client('fapi');
  const authReqId = expectAccepted(await client.askSigned());
  await lab.control.approve(authReqId);
  await using bare = client.with({ certificate: undefined });
  expectRefusal(await bare.poll(authReqId), [400, 401], 'invalid_request', 'invalid_grant', 'invalid_client');
  expectTokens(await lab.pollPaced(client, authReqId));
});

requirement('FAPICIBA-HOK-03', async (lab) => {
  const tokens = await completeBound(lab, 'fapi');
  const userinfo = lab.provider.endpoint('userinfo_endpoint', { mtls: true });
  const headers = { authorization: `Bearer ${tokens['access_token']}` };
  const foreign = await lab.client('fapi_other').exchange.send(userinfo, { headers });
  expect(foreign.status).toBe(401);
  expect(foreign.headers['www-authenticate']).toContain('error="invalid_token"');
  expect((await lab.client('fapi').exchange.send(userinfo, { headers })).status).toBe(200);
});

requirement('FAPICIBA-HOK-04', async (lab) => {
  expect(lab.provider.metadata['tls_client_certificate_bound_access_tokens']).toBe(true);
  const aliases = lab.provider.metadata['mtls_endpoint_aliases'];
  expect(aliases).toMatchObject({
    token_endpoint: expect.stringMatching(/^https:/),
    backchannel_authentication_endpoint: expect.stringMatching(/^https:/),
  });
  for (const url of Object.values(aliases as Record<string, string>)) {
    const answer = await lab.client('mtls').exchange.post(url, {});
    expect([url, answer.status]).not.toEqual([url, 404]);
  }
});

requirement('FAPICIBA-MTLS-01', async (lab) => {
  const { certificate } = lab.registered('mtls_other');
  await using impostor = lab.client('mtls').with({ certificate });
  const asked = await impostor.ask();
  expectOneRefusal(
    asked,
    [400, 'invalid_client'],
    [401, 'invalid_client'],
    [400, 'invalid_request'],
    [403, 'access_denied'],
  );
  const authReqId = await lab.client('mtls').askFor();
  expectRefusal(await impostor.poll(authReqId), [400, 401], 'invalid_client');
});

requirement('FAPICIBA-RT-01', async (lab) => {
  const { tokens } = await lab.complete('agent', OFFLINE);
  const foreign = await lab.client('other').refresh(tokens['refresh_token']);
  // auth0, recorded: a bad refresh token is answered 403.
  expectRefusal(foreign, lab.profile === 'auth0' ? 403 : 400, 'invalid_grant');
  expectTokens(await lab.client('agent').refresh(tokens['refresh_token']));
});

requirement('FAPICIBA-AT-01', async (lab) => {
  const seen: string[] = [];
  for (let count = 0; count < 10; count += 1) {
    const { tokens } = await lab.complete('agent', OFFLINE);
    seen.push(tokens['access_token'], tokens['refresh_token']);
    seen.push(...(await lab.refreshed('agent', tokens['refresh_token'], 48)));
  }
  expect(new Set(seen).size).toBe(seen.length);
  for (const token of seen) {
    expect(Buffer.byteLength(token)).toBeGreaterThanOrEqual(16);
    expect(entropyBits(token)).toBeGreaterThan(96);
  }
});

function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / text.length), 0);
}

requirement('FAPICIBA-RS-01', async (lab) => {
  await using resource = await openResource(lab);
  const { tokens } = await lab.complete('agent', { scope: 'openid payments', audience: PAYMENTS_API });
  const authorization = `Bearer ${tokens['access_token']}`;
  const interaction = 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a';
  const echoed = await resource.call({ authorization, 'x-fapi-interaction-id': interaction });
  expect([echoed.status, echoed.headers['x-fapi-interaction-id']]).toEqual([200, interaction]);
  expect(Date.parse(String(echoed.headers['date']))).not.toBeNaN();
  const fresh = await resource.call({ authorization });
  const another = await resource.call({ authorization });
  const made = [fresh, another].map(({ headers }) => String(headers['x-fapi-interaction-id']));
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set([...made, interaction]).size).toBe(3);
  const byQuery = await resource.call({}, `?access_token=${tokens['access_token']}`);
  expect([400, 401]).toContain(byQuery.status);
});
