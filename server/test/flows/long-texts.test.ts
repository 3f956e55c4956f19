// Texts of a request that are kept with it, with the login and with its refresh tokens: 2,048 characters at most, whichever way the
// request comes. RFC 6749 §4.1.2.1, RFC 8628 §3.2, RFC 9126 §2.3. Those of /bc-authorize: plain-requests.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { TELEVISION } from '../clients.ts';
import { CALLBACK } from '../web-application.ts';

const LONGEST = 'n'.repeat(2_048);
const TOO_LONG = `${LONGEST}n`;
const SAYS = (name: string): string => `${name} has 2049 characters, expected at most 2048`;
const NAMES = ['nonce', 'state', 'acr_values', 'login_hint', 'ui_locales', 'dpop_jkt', 'connection'];

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [...(bankTenant.clients ?? []), { ...TELEVISION, grant_types: [DEVICE_GRANT_TYPE] }],
    }),
  });
});
afterAll(() => assent.close());

const REQUEST = {
  client_id: 'aiya',
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: 'openid',
  state: 'kept',
};

async function keptSize(): Promise<number> {
  return JSON.stringify((await assent.snapshot()).documents).length;
}

const WAYS = {
  query: (changes: object) => {
    const url = new URL('/authorize', assent.url);
    url.search = new URLSearchParams({ ...REQUEST, ...changes }).toString();
    return new Browser().open(url);
  },
  form: (changes: object) =>
    new Browser().submit(new URL('/authorize', assent.url), { ...REQUEST, ...changes }),
} as const;

describe.each(['query', 'form'] as const)('sent to /authorize in the %s', (way) => {
  it.each(NAMES)('a %s that is too long is told to the application, and nothing is kept', async (name) => {
    const before = await keptSize();
    const { url } = await WAYS[way]({ [name]: TOO_LONG });
    expect(url.origin + url.pathname).toBe(CALLBACK);
    const { error, error_description, state } = Object.fromEntries(url.searchParams);
    expect([error, error_description]).toEqual(['invalid_request', SAYS(name)]);
    // What is too long to be kept is too long to be repeated.
    expect(state).toBe(name === 'state' ? undefined : 'kept');
    expect(await keptSize()).toBe(before);
  });

  it('a state that is too long is not repeated either where something else is', async () => {
    const { url } = await WAYS[way]({ state: TOO_LONG, acr_values: TOO_LONG });
    expect([url.searchParams.get('error'), url.searchParams.has('state')]).toEqual([
      'invalid_request',
      false,
    ]);
  });

  it('the longest ones that may be lead to a code, and back with their state', async () => {
    const page = await WAYS[way]({ nonce: LONGEST, state: LONGEST, acr_values: LONGEST });
    const { url } = await page.press('Ada Lovelace');
    expect([url.searchParams.has('code'), url.searchParams.get('state')]).toEqual([true, LONGEST]);
  });
});

it.each(NAMES)('a %s that is too long cannot be pushed', async (name) => {
  const before = await keptSize();
  const agent = new Agent(assent);
  const refused = await agent.post('/oauth/par', { ...REQUEST, [name]: TOO_LONG });
  expect([refused.status, refused.json()]).toEqual([
    400,
    { error: 'invalid_request', error_description: SAYS(name) },
  ]);
  expect(await keptSize()).toBe(before);
  expect((await agent.post('/oauth/par', { ...REQUEST, [name]: LONGEST })).status).toBe(201);
});

it('a device cannot ask with a text that is too long', async () => {
  const television = new Agent(assent, { client_id: 'television', client_secret: undefined });
  const refused = await television.post('/oauth/device/code', { scope: 'openid', nonce: TOO_LONG });
  expect([refused.status, refused.json()]).toEqual([
    400,
    { error: 'invalid_request', error_description: SAYS('nonce') },
  ]);
  expect((await television.post('/oauth/device/code', { scope: 'openid', nonce: LONGEST })).status).toBe(200);
});
