// RFC 9068: access tokens as JWTs, and what a resource makes of them.
import { expect } from 'vitest';
import { tamper, unsecured } from '../client/jwt.ts';
import { openChapter } from '../lab/chapter.ts';
import { claimsOf, expectRefusal } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { ACCOUNTS_API, ADA, PAYMENTS_API } from '../lab/people.ts';
import { openResource } from '../lab/resource.ts';

const { requirement } = openChapter();

const FOR_PAYMENTS = { scope: 'openid payments', audience: PAYMENTS_API } as const;

requirement('RFC9068-2.1-01', async (lab) => {
  const { tokens } = await lab.complete('agent', FOR_PAYMENTS);
  const { header } = await lab.provider.verify(tokens['access_token']);
  expect(header.typ).toMatch(/^(application\/)?at\+jwt$/);
  expect(header.alg).not.toMatch(/^(none|HS)/);
});

requirement('RFC9068-2.2-01', async (lab) => {
  const seen: unknown[] = [];
  for (let count = 0; count < 10; count += 1) {
    const asked = { ...FOR_PAYMENTS, scope: 'openid payments offline_access' };
    const { tokens } = await lab.complete('agent', asked);
    const refreshed = await lab.refreshed('agent', tokens['refresh_token'], 9);
    for (const token of [tokens['access_token'], ...refreshed]) {
      const claims = claimsOf(token);
      expect(claims).toMatchObject({ iss: lab.provider.issuer, client_id: 'lab-agent', sub: ADA });
      expect([claims['aud']].flat()).toContain(PAYMENTS_API);
      expect([claims['exp'], claims['iat']].map(Number.isInteger)).toEqual([true, true]);
      seen.push(claims['jti']);
    }
  }
  expect(new Set(seen).size).toBe(100);
});

requirement('RFC9068-2.2-02', async (lab) => {
  const { tokens } = await lab.complete('agent', FOR_PAYMENTS);
  const { exp, iat } = claimsOf(tokens['access_token']);
  expect(Math.abs(Number(exp) - Number(iat) - tokens['expires_in'])).toBeLessThanOrEqual(2);
});

requirement('RFC9068-2.2.3-01', async (lab) => {
  const { tokens } = await lab.complete('agent', { ...FOR_PAYMENTS, scope: 'openid payments accounts' });
  const { scope } = claimsOf(tokens['access_token']);
  expect(String(scope).split(' ').sort()).toEqual(String(tokens['scope']).split(' ').sort());
  expect(String(scope).split(' ')).toEqual(expect.arrayContaining(['payments', 'accounts']));
});

const withoutAudience = async (lab: Lab): Promise<void> => {
  const { tokens } = await lab.complete('agent');
  // The documented default: a token for /userinfo alone.
  expect((await lab.provider.userinfo(tokens['access_token'])).status).toBe(200);
};

requirement('RFC9068-3-01', {
  standard: async (lab) => {
    const { tokens } = await lab.complete('agent', { resource: ACCOUNTS_API });
    expect([claimsOf(tokens['access_token'])['aud']].flat()).toContain(ACCOUNTS_API);
    const unknown = await lab.client('agent').ask({ resource: 'https://nobody.example/' });
    expectRefusal(unknown, 400, 'invalid_target');
    await withoutAudience(lab);
  },
  auth0: async (lab) => {
    const { tokens } = await lab.complete('agent', { audience: ACCOUNTS_API });
    expect([claimsOf(tokens['access_token'])['aud']].flat()).toContain(ACCOUNTS_API);
    const unknown = await lab.client('agent').ask({ audience: 'https://nobody.example/' });
    expectRefusal(unknown, 403, 'access_denied');
    await withoutAudience(lab);
  },
});

requirement('RFC9068-4-01', async (lab) => {
  await using resource = await openResource(lab);
  const { tokens } = await lab.complete('agent', FOR_PAYMENTS);
  const token = tokens['access_token'];
  const statusOf = async (shown: string) => {
    const answer = await resource.call({ authorization: `Bearer ${shown}` });
    return [answer.status, /error="(\w+)"/.exec(String(answer.headers['www-authenticate']))?.[1]];
  };
  expect(await statusOf(token)).toEqual([200, undefined]);
  const elsewhere = await lab.complete('agent', { audience: ACCOUNTS_API });
  for (const bad of [
    tokens['id_token'],
    unsecured(claimsOf(token), { typ: 'at+jwt' }),
    elsewhere.tokens['access_token'],
    tamper(token, { scope: 'openid payments accounts' }),
  ]) {
    expect(await statusOf(bad)).toEqual([401, 'invalid_token']);
  }
  await lab.advance(tokens['expires_in'] * 1000 + 60_000);
  expect(await statusOf(token)).toEqual([401, 'invalid_token']);
});
