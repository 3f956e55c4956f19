// Whatever the server can say is explained: every kind of step, every parameter and header, every claim. What there is, is read
// from the server itself: from its sources, and from a story that it tells.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAssent } from 'assent';
import { STEP_KINDS, sentenceTexts } from 'assent/sequence';
import { expect, onTestFinished, test } from 'vitest';
import { BASES, DOCUMENTS } from '../src/texts/explanations/explanation.ts';
import { explanations } from '../src/texts/explanations/explanations.ts';
import { jsonTexts } from '../src/texts/json.ts';
import { panelTexts } from '../src/texts/panel.ts';
import { headerWords, memberWords, parameterWords } from '../src/texts/parameters.ts';

const SERVER = join(import.meta.dirname, '../../server/src');

async function readSources(...folders: string[]): Promise<string> {
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(SERVER, folder), { recursive: true });
      return names
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => join(SERVER, folder, name));
    }),
  );
  return (await Promise.all(files.flat().map((file) => readFile(file, 'utf8')))).join('\n');
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** Names in the lists and records whose name ends with `suffix`. */
function listedIn(text: string, suffix: string): string[] {
  const lists = namesIn(
    text,
    new RegExp(`const [A-Z_]*${suffix}\\b[^=]*= (?:new Set\\()?([[{][^\\]}]*)[\\]}]`, 'g'),
  );
  return lists.flatMap((list) => [...namesIn(list, /'([\w-]+)'/g), ...namesIn(list, /^\s+(\w+):/gm)]);
}

const without = (names: Iterable<string>, words: Readonly<Record<string, string>>): string[] =>
  [...new Set(names)].filter((name) => !Object.hasOwn(words, name)).sort();

test('every kind of step says why it exists, what would happen if it failed, and where that is written', () => {
  expect(Object.keys(explanations).sort()).toEqual([...STEP_KINDS].sort());
  expect(Object.keys(explanations).sort()).toEqual(Object.keys(sentenceTexts.steps).sort());
  for (const [kind, { why, failure, written, auth0 }] of Object.entries(explanations)) {
    expect([kind, why.length > 40, failure.length > 20]).toEqual([kind, true, true]);
    expect([kind, written.length + auth0.length > 0]).toEqual([kind, true]);
    for (const { document, section, says } of written) {
      expect([kind, document in DOCUMENTS, /^\d+(\.\d+)*$/.test(section), says !== '']).toEqual([
        kind,
        true,
        true,
        true,
      ]);
    }
    for (const { basis, says } of auth0)
      expect([kind, basis in BASES, says !== '']).toEqual([kind, true, true]);
  }
});

test('the marks of code and stress in the explanations are closed, so that no sign is left over', () => {
  const texts = Object.values(explanations).flatMap(({ why, failure, written, auth0 }) => [
    why,
    failure,
    ...[...written, ...auth0].map(({ says }) => says),
  ]);
  const words = [parameterWords, headerWords, memberWords, jsonTexts.claims, jsonTexts.header].flatMap(
    (each) => Object.values(each),
  );
  for (const text of [...texts, ...words]) {
    const plain = text.replaceAll(/`[^`]+`|\*[^*]+\*/g, '');
    expect([text, /[`*{}]/.test(plain)]).toEqual([text, false]);
  }
});

test('every parameter that the server reads or shows has its words', async () => {
  const sources = await readSources('oauth', 'exchange', 'guardian');
  const read = namesIn(sources, /\bparameter\(\w+, '(\w+)'\)/g);
  const listed = listedIn(sources, 'PARAMETERS');
  // The walk itself has to find what is known to be there.
  expect(read).toEqual(expect.arrayContaining(['binding_message', 'requested_expiry', 'auth_req_id']));
  expect(listed).toEqual(expect.arrayContaining(['code_challenge', 'client_assertion_type', 'screen_hint']));
  expect(without([...read, ...listed], parameterWords)).toEqual([]);
});

test('every header that the trace keeps has its words, and so has every claim that a token of ours can have', async () => {
  const sources = await readSources('oauth', 'exchange');
  const headers = listedIn(sources, 'HEADERS');
  expect(headers).toContain('retry-after');
  expect(without(headers, headerWords)).toEqual([]);
  const shape = await readFile(join(SERVER, 'oauth/token-shape.ts'), 'utf8');
  const scopes = await readFile(join(SERVER, 'oauth/scopes.ts'), 'utf8');
  const byScope = /CLAIMS_BY_SCOPE = \{([^}]*)\}/.exec(scopes)?.[1] ?? '';
  const claims = [...namesIn(shape, /payload\['(\w+)'\]/g), ...namesIn(byScope, /'(\w+)'/g)];
  expect(claims).toEqual(expect.arrayContaining(['gty', 'permissions', 'email_verified']));
  expect(without(claims, jsonTexts.claims)).toEqual([]);
});

test('a story that the server tells has no parameter, header, member or claim without words', async () => {
  const assent = await startAssent({ tls: false, quickAnswers: true });
  onTestFinished(() => assent.close());
  const {
    AUTH0_CLIENT_ID: client_id = '',
    AUTH0_CLIENT_SECRET: client_secret = '',
    AUTH0_AUDIENCE: audience = '',
  } = assent.env;
  const post = async (path: string, parameters: Record<string, string>): Promise<Record<string, string>> => {
    const body = new URLSearchParams({ client_id, client_secret, ...parameters });
    return (await fetch(new URL(path, assent.issuer), { method: 'POST', body })).json();
  };
  const asked = await post('bc-authorize', {
    audience,
    scope: 'openid profile offline_access',
    binding_message: 'RENT-4K9',
    requested_expiry: '120',
    login_hint: JSON.stringify({ format: 'iss_sub', iss: assent.issuer, sub: 'auth0|ada' }),
    authorization_details: JSON.stringify([
      { type: 'transfer_funds', amount: '1.00', currency: 'EUR', to: 'Grace' },
    ]),
  });
  const grant = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: asked['auth_req_id'] ?? '' };
  await post('oauth/token', grant);
  await assent.control.approve('latest');
  await post('oauth/token', grant);
  await post('oauth/token', grant);
  await post('bc-authorize', {});
  const { events } = await assent.control.story();
  const exchanges = events.flatMap((event) =>
    'exchange' in event && event.exchange ? [event.exchange] : [],
  );
  expect(exchanges).toHaveLength(5);
  expect(
    without(
      exchanges.flatMap(({ request }) => Object.keys(request.parameters)),
      parameterWords,
    ),
  ).toEqual([]);
  expect(
    without(
      exchanges.flatMap(({ response }) => Object.keys(response.headers)),
      headerWords,
    ),
  ).toEqual([]);
  expect(
    without(
      exchanges.flatMap(({ response }) => Object.keys(response.body ?? {})),
      memberWords,
    ),
  ).toEqual([]);
  const statuses = exchanges.map(({ response }) => String(response.status));
  expect(without(statuses, panelTexts.statuses as Readonly<Record<string, string>>)).toEqual([]);
  const tokens = events.flatMap((event) =>
    event.type === 'token.issued' && event.access_token ? [event.access_token] : [],
  );
  expect(tokens).toHaveLength(1);
  expect(
    without(
      tokens.flatMap(({ header }) => Object.keys(header)),
      jsonTexts.header,
    ),
  ).toEqual([]);
  expect(
    without(
      tokens.flatMap(({ claims }) => Object.keys(claims)),
      jsonTexts.claims,
    ),
  ).toEqual([]);
});
