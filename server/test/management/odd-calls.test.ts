// Bodies and queries that nobody meant, against the routes for people, roles and Guardian: what is refused is refused with a
// 4xx and Auth0's members, and the tenant still works afterwards.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from './administrator.ts';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

/** Mulberry32: the same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = createRandom(4711);
const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;

const NAMES = [
  'user_id',
  'email',
  'connection',
  'password',
  'name',
  'nickname',
  'blocked',
  'user_metadata',
  'app_metadata',
  'roles',
  'permissions',
  'permission_name',
  'resource_server_identifier',
  'users',
  'enabled',
  'provider',
  'factor',
  'send_mail',
  'allow_multiple_enrollments',
  'picture',
  'phone_number',
  'description',
  'type',
  'message_types',
  '__proto__',
  'constructor',
  'toString',
  '',
  'p12',
  'sandbox',
] as const;
const ODD = [
  '',
  ' ',
  '\u0000',
  '💥',
  '{{7*7}}',
  '../../etc',
  'a'.repeat(5000),
  'auth0|ada',
  'true',
  '-1',
  '<b>',
  '\ud800',
];

function oddValue(depth: number): unknown {
  if (depth > 3) return null;
  switch (pick(['text', 'number', 'flag', 'null', 'list', 'object'] as const)) {
    case 'text':
      return pick(ODD);
    case 'number':
      return pick([0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER]);
    case 'flag':
      return random() < 0.5;
    case 'null':
      return null;
    case 'list':
      return Array.from({ length: Math.floor(random() * 4) }, () => oddValue(depth + 1));
    case 'object':
      return oddObject(depth + 1);
  }
}

function oddObject(depth: number): Record<string, unknown> {
  const names = Array.from({ length: Math.floor(random() * 4) }, () => pick(NAMES));
  return Object.fromEntries(names.map((name) => [name, oddValue(depth)]));
}

const WRITES = [
  ['POST', '/users'],
  ['PATCH', '/users/auth0%7Cada'],
  ['POST', '/users/auth0%7Cada/roles'],
  ['DELETE', '/users/auth0%7Cada/roles'],
  ['POST', '/users/auth0%7Cada/permissions'],
  ['DELETE', '/users/auth0%7Cada/permissions'],
  ['POST', '/roles'],
  ['PATCH', '/roles/rol_none'],
  ['POST', '/roles/rol_none/users'],
  ['POST', '/roles/rol_none/permissions'],
  ['POST', '/guardian/enrollments/ticket'],
  ['PUT', '/guardian/factors/otp'],
  ['PUT', '/guardian/policies'],
  ['PUT', '/guardian/factors/push-notification/selected-provider'],
  ['PUT', '/guardian/factors/push-notification/providers/apns'],
  ['PATCH', '/guardian/factors/push-notification/providers/sns'],
  ['PATCH', '/prompts/mfa-push'],
  ['POST', '/users/auth0%7Cada/authentication-methods'],
  ['PUT', '/users/auth0%7Cada/authentication-methods'],
  ['PATCH', '/users/auth0%7Cada/authentication-methods/push%7Cdev_none'],
] as const;
const READS = [
  '/users',
  '/users-by-email',
  '/users/%F0%9F%92%A5',
  '/users/auth0%7Cada',
  '/users/auth0%7Cada/roles',
  '/roles',
  '/roles/x',
  '/roles/x/users',
  '/users/auth0%7Cada/permissions',
  '/users/auth0%7Cada/enrollments',
  '/users/auth0%7Cada/authentication-methods',
  '/guardian/enrollments/x',
] as const;
const QUERY_NAMES = [
  'q',
  'sort',
  'page',
  'per_page',
  'include_totals',
  'from',
  'take',
  'fields',
  'include_fields',
  'email',
  'connection',
  'search_engine',
  'name_filter',
];
const QUERY_PIECES = [
  'name:',
  '"',
  '(',
  ')',
  ' AND ',
  ' OR ',
  'NOT ',
  '[',
  ' TO ',
  ']',
  '*',
  '\\',
  '~',
  'x',
  '_exists_:',
  '>=',
  '%',
  '🙂',
  '1',
  'true',
  '-1',
  ':',
  '{',
  '}',
  '!',
  '-',
];

const isDocumented = (status: number, text: string): boolean => {
  if (status < 400) return true;
  if (status >= 500) return false;
  const body = JSON.parse(text);
  return (
    body.statusCode === status &&
    ['error', 'message', 'errorCode'].every((name) => typeof body[name] === 'string')
  );
};

it('two thousand odd calls are answered by what they are, and leave a tenant that still works', async () => {
  const bad: string[] = [];
  for (let call = 0; call < 1000; call += 1) {
    const [method, path] = pick(WRITES);
    const body = random() < 0.9 ? oddObject(0) : oddValue(0);
    const send = {
      POST: administrator.post,
      PUT: administrator.put,
      PATCH: administrator.patch,
      DELETE: administrator.delete,
    }[method];
    const answer = await send(path, body ?? null);
    if (!isDocumented(answer.status, answer.text))
      bad.push(`${method} ${path} ${JSON.stringify(body)} → ${answer.status} ${answer.text}`);
  }
  for (let call = 0; call < 1000; call += 1) {
    const query = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
      const value = Array.from({ length: Math.floor(random() * 6) }, () => pick(QUERY_PIECES)).join('');
      return `${pick(QUERY_NAMES)}=${encodeURIComponent(value)}`;
    }).join('&');
    const path = `${pick(READS)}?${query}`;
    const answer = await administrator.get(path);
    if (!isDocumented(answer.status, answer.text)) bad.push(`GET ${path} → ${answer.status} ${answer.text}`);
  }
  expect(bad).toEqual([]);
  expect((await administrator.get('/users/auth0%7Cada')).json()).toMatchObject({ user_id: 'auth0|ada' });
  expect((await administrator.post('/roles', { name: 'After all' })).status).toBe(200);
});
