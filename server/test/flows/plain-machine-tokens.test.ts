// A token for a client itself is made without the provider's endpoint where it is asked for plainly, and by it where it is not. Each
// request here is made both ways, and must be told the same: status, headers in their order, body, what the token says, and what
// the log says of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { type Changes, TRANSFERS, unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from '../management/administrator.ts';
import { postForm } from '../readable-answer.ts';

/** A parameter that means nothing: whoever sends it goes the long way. */
const DETOUR = { detour: 'yes' };
const SIGNED_OTHERWISE = ['RS512', 'PS256', 'HS256', 'ES256', 'EdDSA'] as const;

let assent: RunningAssent;
let administrator: Administrator;

const start = async (profile: 'auth0' | 'standard'): Promise<void> => {
  const apis = SIGNED_OTHERWISE.map((algorithm) => ({
    identifier: `urn:${algorithm}`,
    signing_alg: algorithm,
    ...(algorithm === 'HS256' ? { signing_secret: 'a-secret-of-an-api-that-is-not-real' } : {}),
    scopes: [{ value: 'read:all' }],
    enforce_policies: true,
    token_dialect: 'access_token_authz' as const,
  }));
  const grants = apis.map(({ identifier }) => ({
    client_id: 'aiya',
    audience: identifier,
    scope: ['read:all'],
  }));
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      tenant: { name: 'bank', profile, default_audience: TRANSFERS },
      resource_servers: [...(bankTenant.resource_servers ?? []), ...apis],
      client_grants: [
        ...(bankTenant.client_grants ?? []).filter(({ client_id: id }) => id === 'administrator'),
        { client_id: 'aiya', audience: TRANSFERS, scope: ['create:transfer', 'create:small_transfer'] },
        ...grants,
      ],
    }),
  });
  administrator = await administratorOf(assent);
};

/** Everything that the caller is told, and the log. */
async function ask(changes: Changes, headers: Readonly<Record<string, string>> = {}) {
  const form = {
    client_id: 'aiya',
    client_secret: 'aiya-secret-not-real',
    grant_type: 'client_credentials',
    audience: TRANSFERS,
  };
  const answer = await postForm(`${assent.url}/oauth/token`, { ...form, ...changes }, headers);
  const [entry] = (await administrator.get('/logs?per_page=1&sort=date:-1')).json();
  const { _id, log_id, date, ...logged } = entry;
  return { ...answer, logged };
}

describe.each(['auth0', 'standard'] as const)('in the profile %s', (profile) => {
  beforeAll(() => start(profile));
  afterAll(() => assent.close());

  it.each<[string, Changes]>([
    ['for everything that is granted', {}],
    ['for one scope', { scope: 'create:small_transfer' }],
    [
      'for scopes in another order, one of them twice',
      { scope: 'create:small_transfer create:transfer create:transfer' },
    ],
    ['for the API of those who name none', { audience: undefined }],
    ...SIGNED_OTHERWISE.map((name): [string, Changes] => [
      `signed with ${name}`,
      { audience: `urn:${name}` },
    ]),
  ])('a token %s is the same both ways', async (_what, change) => {
    const answer = await ask(change);
    expect(answer.status).toBe(200);
    expect(answer).toEqual(await ask({ ...change, ...DETOUR }));
  });

  it.each<[string, Changes]>([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['another client', { client_id: 'night-trader', client_secret: 'night-trader-secret-not-real' }],
    ['an unknown API', { audience: 'urn:nobody' }],
    ['a scope that is not granted', { scope: 'delete:everything' }],
    ['scopes that are written badly', { scope: 'create:transfer  create:small_transfer' }],
  ])('%s is refused both ways alike', async (_what, change) => {
    const answer = await ask(change);
    expect(answer.status).not.toBe(200);
    expect(answer).toEqual(await ask({ ...change, ...DETOUR }));
  });

  it('a page of another origin gets the headers that let it read the answer', async () => {
    const origin = { origin: 'https://agent.example' };
    expect(await ask({}, origin)).toEqual(await ask(DETOUR, origin));
  });
});
