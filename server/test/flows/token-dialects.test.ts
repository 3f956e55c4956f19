// The shapes of an access token: four dialects, RBAC, audiences, algorithms, lifetimes.
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { WebApplication } from '../web-application.ts';

type Api = NonNullable<TenantConfigInput['resource_servers']>[number];

const DIALECTS = ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'] as const;
const SIGNING_SECRET = 'a-signing-secret-of-at-least-32-characters';
const SCOPES = [{ value: 'read:all' }, { value: 'write:all' }, { value: 'admin:all' }];

let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  const apis: Api[] = [
    ...DIALECTS.map((token_dialect) => ({
      identifier: `urn:${token_dialect}`,
      token_dialect,
      scopes: SCOPES,
      enforce_policies: true,
      allow_offline_access: true,
    })),
    { identifier: 'urn:unenforced', token_dialect: 'access_token_authz', scopes: SCOPES },
    { identifier: 'urn:hs256', signing_alg: 'HS256', signing_secret: SIGNING_SECRET, scopes: SCOPES },
    { identifier: 'urn:ps256', signing_alg: 'PS256', scopes: SCOPES },
    { identifier: 'urn:es256', signing_alg: 'ES256', scopes: SCOPES },
    { identifier: 'urn:eddsa', signing_alg: 'EdDSA', scopes: SCOPES },
    { identifier: 'urn:lifetimes', token_lifetime: 1_234, token_lifetime_for_web: 56, scopes: SCOPES },
    { identifier: 'any text: ünïcode & "quotes"', scopes: SCOPES },
  ];
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        { ...bankTenant.clients?.[0], client_id: 'page', name: 'Page', app_type: 'spa' },
      ],
      resource_servers: [...(bankTenant.resource_servers ?? []), ...apis],
      client_grants: [
        ...(bankTenant.client_grants ?? []),
        ...apis.map(({ identifier }) => ({
          client_id: 'aiya',
          audience: identifier,
          scope: ['read:all', 'write:all'],
        })),
      ],
      roles: [
        {
          name: 'writer',
          permissions: DIALECTS.map((dialect) => ({ audience: `urn:${dialect}`, scopes: ['write:all'] })),
        },
      ],
      users: [
        {
          user_id: 'auth0|ada',
          name: 'Ada Lovelace',
          email: 'ada@bank.example',
          roles: ['writer'],
          permissions: DIALECTS.map((dialect) => ({ audience: `urn:${dialect}`, scopes: ['read:all'] })),
        },
      ],
    }),
  });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

async function logIn(audience: string, scope: string, id = 'aiya') {
  const tokens = await (await WebApplication.of(assent, { id })).logIn({ audience, scope });
  return {
    tokens,
    header: decodeProtectedHeader(tokens.access_token),
    claims: decodeJwt(tokens.access_token),
  };
}

async function asMachine(audience: string) {
  const answer = await agent.token({ grant_type: 'client_credentials', audience });
  const token: string = answer.json().access_token;
  return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
}

describe.each([
  ['access_token', 'JWT', 'azp', false],
  ['access_token_authz', 'JWT', 'azp', true],
  ['rfc9068_profile', 'at+jwt', 'client_id', false],
  ['rfc9068_profile_authz', 'at+jwt', 'client_id', true],
] as const)('the dialect %s', (dialect, typ, clientClaim, hasPermissions) => {
  const other = clientClaim === 'azp' ? 'client_id' : 'azp';

  it(`has typ ${typ}, names the client in ${clientClaim}, and carries ${hasPermissions ? '' : 'no '}permissions`, async () => {
    const { header, claims } = await logIn(`urn:${dialect}`, 'openid read:all');
    expect(header).toMatchObject({ alg: 'RS256', typ, kid: expect.any(String) });
    expect(claims).toMatchObject({
      iss: assent.issuer,
      sub: 'auth0|ada',
      aud: [`urn:${dialect}`, `${assent.issuer}userinfo`],
      scope: 'openid read:all',
      [clientClaim]: 'aiya',
    });
    expect(claims[other]).toBeUndefined();
    expect('jti' in claims).toBe(typ === 'at+jwt');
    expect(claims['gty']).toBeUndefined();
    // All that the person holds, whatever was asked for.
    expect(claims['permissions']).toEqual(hasPermissions ? ['read:all', 'write:all'] : undefined);
  });

  it('grants what was asked for and the person holds, directly or by role', async () => {
    const { tokens, claims } = await logIn(`urn:${dialect}`, 'openid write:all admin:all');
    expect([claims['scope'], tokens.scope]).toEqual(['openid write:all', 'openid write:all']);
  });

  it('has aud as text without openid, and names a machine as its own subject', async () => {
    expect((await logIn(`urn:${dialect}`, 'read:all')).claims.aud).toBe(`urn:${dialect}`);
    const { header, claims } = await asMachine(`urn:${dialect}`);
    expect(header.typ).toBe(typ);
    expect(claims).toMatchObject({ sub: 'aiya@clients', aud: `urn:${dialect}`, scope: 'read:all write:all' });
    expect(claims['gty']).toBe(clientClaim === 'azp' ? 'client-credentials' : undefined);
    expect(claims['permissions']).toEqual(hasPermissions ? ['read:all', 'write:all'] : undefined);
  });

  it(`${clientClaim === 'azp' ? 'marks' : 'does not mark'} a token that was refreshed`, async () => {
    const { tokens } = await logIn(`urn:${dialect}`, 'openid read:all offline_access');
    const answer = await agent.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    const claims = decodeJwt(answer.json().access_token);
    expect(claims['gty']).toBe(clientClaim === 'azp' ? 'refresh_token' : undefined);
  });
});

describe('an access token', () => {
  it('carries no permissions where RBAC is off, and every scope the API defines', async () => {
    const { claims } = await logIn('urn:unenforced', 'openid read:all admin:all');
    expect(claims['permissions']).toBeUndefined();
    expect(claims['scope']).toBe('openid read:all admin:all');
  });

  it('is signed with the shared secret where the API says HS256, and then is no key to /userinfo', async () => {
    const { tokens, header, claims } = await logIn('urn:hs256', 'openid read:all');
    expect(header.alg).toBe('HS256');
    const secret = new TextEncoder().encode(SIGNING_SECRET);
    await jwtVerify(tokens.access_token, secret, { issuer: assent.issuer, audience: 'urn:hs256' });
    expect(claims.aud).toBe('urn:hs256');
  });

  it('otherwise verifies with the published keys', async () => {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', assent.url));
    for (const [audience, alg] of [
      ['urn:access_token', 'RS256'],
      ['urn:ps256', 'PS256'],
      ['urn:es256', 'ES256'],
      ['urn:eddsa', 'EdDSA'],
    ] as const) {
      const { tokens, header } = await logIn(audience, 'openid read:all');
      expect(header.alg).toBe(alg);
      await jwtVerify(tokens.access_token, keys, { issuer: assent.issuer, audience });
      const person = await call(`${assent.url}/userinfo`, {
        headers: { Authorization: `Bearer ${tokens.access_token}` },
      });
      expect([person.status, person.json().sub]).toEqual([200, 'auth0|ada']);
    }
  });

  it('lives as long as the API says, shorter for a browser application', async () => {
    const web = await logIn('urn:lifetimes', 'openid');
    expect([web.tokens.expires_in, lifetime(web.claims)]).toEqual([1_234, 1_234]);
    const page = await logIn('urn:lifetimes', 'openid', 'page');
    expect([page.tokens.expires_in, lifetime(page.claims)]).toEqual([56, 56]);
  });

  it('names any text as its audience, exactly as the API is called', async () => {
    const audience = 'any text: ünïcode & "quotes"';
    expect((await logIn(audience, 'read:all')).claims.aud).toBe(audience);
    expect((await asMachine(audience)).claims.aud).toBe(audience);
  });

  it('is opaque without an audience', async () => {
    const tokens = await (await WebApplication.of(assent)).logIn({ scope: 'openid' });
    expect(tokens.access_token).not.toContain('.');
    expect(tokens.expires_in).toBe(86_400);
  });

  it('is for the tenant’s default audience where there is one', async () => {
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({
        tenant: { name: 'bank', default_audience: 'https://broker.example/api/orders' },
      }),
    });
    const tokens = await (await WebApplication.of(other)).logIn({ scope: 'openid' });
    expect(decodeJwt(tokens.access_token).aud).toContain('https://broker.example/api/orders');
  });
});

function lifetime({ iat = 0, exp = 0 }: { iat?: number; exp?: number }): number {
  return exp - iat;
}
