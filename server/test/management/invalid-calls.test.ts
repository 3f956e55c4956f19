// Whatever is sent to whichever route of the Management API: a refusal in Auth0's shape, nothing half-written, no breakage.
// The calls are random; the name of a test says the seed, and SEED repeats a run.
import { STATUS_CODES } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MANAGEMENT_PATH } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { MANAGEMENT_ROUTES } from '../../src/management/management.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const RUNS = 2_000;
const TIMEOUT_MS = 300_000;

type Route = (typeof MANAGEMENT_ROUTES)[number];
type Flaw = 'body' | 'syntax' | 'type' | 'query' | 'path' | 'token' | 'scope';

interface Sent {
  path: string;
  query?: string;
  body?: string;
  contentType?: string;
  token?: string;
}

let assent: RunningAssent;
let tokens: { all: string; few: string };

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  const tokenOf = async (client: string): Promise<string> =>
    (
      await new Agent(assent, {
        client_id: client,
        client_secret: `${client}-secret-not-real`,
      }).token({ grant_type: 'client_credentials', audience: `${assent.issuer}api/v2/` })
    ).json().access_token;
  tokens = { all: await tokenOf('administrator'), few: await tokenOf('aiya') };
});
afterAll(() => assent.close());

const send = (method: string, { path, query = '', body, contentType, token }: Sent): Promise<Answer> =>
  call(`${assent.url}${MANAGEMENT_PATH}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token ?? tokens.all}` }),
      ...(body === undefined ? {} : { 'Content-Type': contentType ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });

/** The tenant as a file. */
const exported = async (): Promise<string> => (await call(`${assent.url}/control/tenant`)).text;

const KNOWN_IDS: Readonly<Record<string, string>> = {
  clients: 'aiya',
  'resource-servers': encodeURIComponent('https://broker.example/api/orders'),
  users: encodeURIComponent('auth0|ada'),
  'email-templates': 'async_approval',
  prompts: 'login',
};

/** The address of something that is there, as far as it is known. */
function addressOf({ path }: Route): string {
  const [, collection = ''] = path.split('/');
  return path.replaceAll(/:\w+/g, () => KNOWN_IDS[collection] ?? 'unknown');
}

/** Which flaws a route must notice. That it looks at a body, query or path at all is seen by trying. */
async function flawsOf(route: Route): Promise<Flaw[]> {
  const path = addressOf(route);
  const flaws: Flaw[] = ['token'];
  const isOpenToFew =
    route.scopes.length === 0 || (await send(route.method, { path, token: tokens.few })).status !== 403;
  if (!isOpenToFew) flaws.push('scope');
  if (route.method === 'GET') {
    if ((await send('GET', { path, query: 'per_page=0' })).status === 400) flaws.push('query');
    if (path !== route.path && (await send('GET', { path: strange(route, 'x') })).status >= 400)
      flaws.push('path');
  } else if (route.method !== 'DELETE') {
    if ((await send(route.method, { path, body: '5' })).status >= 400) flaws.push('body');
    flaws.push('syntax', 'type');
  }
  return flaws;
}

function strange({ path }: Route, id: string): string {
  return path.replaceAll(/:\w+/g, () => encodeURIComponent(`x${id}`));
}

/** Names that some route knows, so that a wrong value is met where it is looked at. */
const MEMBERS = [
  ...['name', 'identifier', 'scopes', 'scope', 'client_id', 'audience', 'grant_types', 'callbacks', 'email'],
  ...['password', 'connection', 'options', 'enabled_clients', 'strategy', 'credentials', 'template', 'body'],
  ...['session_lifetime', 'default_audience', 'enabled', 'provider', 'permissions', 'roles', 'user_id'],
  ...['client_authentication_methods', 'refresh_token', 'jwt_configuration', 'authorization_details', 'pem'],
  ...['signing_alg', 'signing_secret', 'token_lifetime', 'app_metadata', 'user_metadata', 'friendly_name'],
  ...[
    'async_approval_notification_channels',
    'subject_type_authorization',
    'credential_type',
    'message_types',
  ],
] as const;

// A lone surrogate cannot be sent as UTF-8.
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const value = fc.jsonValue({ maxDepth: 3 });
const members = fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 6 });

const wrongBody = fc.oneof(
  fc.constantFrom('null', 'true', '7', '"text"', '[[]]', '[7]'),
  // A member that nobody knows, beside some that somebody does.
  fc
    .tuple(members, text, fc.oneof(fc.integer(), fc.boolean()))
    .map(([known, name, unknown]) => JSON.stringify({ ...known, [`unknown-${name}`]: unknown })),
);
const brokenJson = fc.oneof(
  value.map((whole) => `${JSON.stringify(whole)}}`),
  text.map((some) => `{"name": ${some}`),
);
const wrongQuery = fc
  .tuple(
    fc.constantFrom('page', 'per_page', 'take', 'include_totals'),
    fc.oneof(
      fc.integer({ max: -1 }).map(String),
      text.map((some) => `n${some}`),
      fc.constantFrom('1.5', '1e3', '99999999999999999999', 'NaN', ''),
    ),
  )
  .map(([name, given]) => new URLSearchParams([[name, given]]).toString());
const wrongToken = fc.oneof(
  fc.constant(''),
  fc.base64String({ maxLength: 60 }).map((some) => `${some}x`),
  fc.constant('eyJhbGciOiJub25lIn0.e30.'),
);

function flawed(route: Route, flaw: Flaw): fc.Arbitrary<Sent> {
  const path = addressOf(route);
  const isWrite = !['GET', 'DELETE'].includes(route.method);
  switch (flaw) {
    case 'body':
      return wrongBody.map((body) => ({ path, body }));
    case 'syntax':
      return brokenJson.map((body) => ({ path, body }));
    case 'type':
      return fc
        .constantFrom('text/plain', 'application/x-www-form-urlencoded', 'application/xml')
        .map((contentType) => ({ path, body: '{}', contentType }));
    case 'query':
      return wrongQuery.map((query) => ({ path, query }));
    case 'path':
      return text.map((id) => ({ path: strange(route, id) }));
    case 'token':
      return wrongToken.map((token) => ({ path, token, ...(isWrite ? { body: '{}' } : {}) }));
    case 'scope':
      return fc.constant({ path, token: tokens.few, ...(isWrite ? { body: '{}' } : {}) });
  }
}

describe(`random calls, seed ${seed}`, () => {
  it(
    `that are invalid are refused in Auth0's shape, and leave the tenant as it was`,
    async () => {
      const choices: Array<{ route: Route; flaw: Flaw }> = [];
      for (const route of MANAGEMENT_ROUTES) {
        for (const flaw of await flawsOf(route)) choices.push({ route, flaw });
      }
      expect(new Set(choices.map(({ route }) => route)).size).toBe(MANAGEMENT_ROUTES.length);
      const before = await exported();
      const calls = fc
        .constantFrom(...choices)
        .chain(({ route, flaw }) => fc.tuple(fc.constant({ route, flaw }), flawed(route, flaw)));
      let count = 0;
      await fc.assert(
        fc.asyncProperty(calls, async ([{ route }, sent]) => {
          const answer = await send(route.method, sent);
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          expect(answer.json()).toEqual({
            statusCode: answer.status,
            error: STATUS_CODES[answer.status],
            message: expect.stringMatching(/\S/),
            errorCode: expect.stringMatching(/^[a-z_]+$/),
          });
          count += 1;
          if (count % 100 === 0) expect(await exported()).toBe(before);
        }),
        { numRuns: RUNS, seed },
      );
      expect(await exported()).toBe(before);
    },
    TIMEOUT_MS,
  );

  it(
    'that may be anything break nothing: whoever asks is answered, and the tenant stays one that could be a file',
    async () => {
      const writes = MANAGEMENT_ROUTES.filter(
        ({ method, path }) => method !== 'GET' && !(method === 'DELETE' && path === '/clients/:id'),
      );
      const calls = fc.tuple(
        fc.constantFrom(...writes),
        members,
        fc.record(Object.fromEntries(['q', 'sort', 'fields', 'from'].map((name) => [name, text]))),
      );
      await fc.assert(
        fc.asyncProperty(calls, async ([route, body, query]) => {
          const answer = await send(route.method, { path: addressOf(route), body: JSON.stringify(body) });
          expect(answer.status, answer.text).toBeLessThan(500);
          const [, collection = ''] = route.path.split('/');
          const listed = await send('GET', {
            path: `/${collection}`,
            query: new URLSearchParams(query).toString(),
          });
          expect(listed.status, listed.text).toBeLessThan(500);
        }),
        { numRuns: 500, seed },
      );
      expect(JSON.parse(await exported())).toHaveProperty('clients');
    },
    TIMEOUT_MS,
  );
});
