// Sends a shot and says what was wrong with the answer. What a client would have sent is made here, at the moment of sending,
// since tokens have times and are good once.
import type { Answer, FormFields } from '../client/exchange.ts';
import { CIBA_GRANT, type RelyingParty } from '../client/relying-party.ts';
import { PAYMENTS_API } from '../lab/people.ts';
import { PLACES, type PlaceName, type Shot } from './shots.ts';
import type { Target } from './target.ts';

/** Far more than any answer takes: what is meant is a request that hangs. */
const LONGEST_ANSWER_MS = 30_000;

export async function fire(target: Target, shot: Shot): Promise<Answer> {
  const client = target.client(shot.client);
  const place = PLACES[shot.place];
  const { fields, headers } = await compose(client, shot);
  const url = new URL(place.path, target.url);
  const method = shot.method ?? place.method;
  const asQuery = shot.body === 'query' || method === 'GET';
  if (asQuery) url.search = shortened(formOf(fields));
  const sent: Sent =
    asQuery || method === 'OPTIONS' ? { headers: {}, body: undefined } : encode(shot, fields);
  return client.exchange.send(url.href, {
    method,
    headers: { ...headers, ...sent.headers, ...shot.headers },
    body: sent.body,
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
}

/** Undefined where the answer is as answers should be. */
export function complaintAbout({ place }: Shot, answer: Answer): string | undefined {
  if (answer.status >= 500 || answer.status < 200)
    return `answered ${answer.status}: ${answer.text.slice(0, 200)}`;
  // RFC 7009 §2.2, preflights, HEAD.
  if (answer.text === '') return undefined;
  const type = String(answer.headers['content-type'] ?? '');
  if (/^application\/(problem\+)?json\b/.test(type)) {
    try {
      JSON.parse(answer.text);
      return undefined;
    } catch {
      return `said to be JSON and is not: ${answer.text.slice(0, 200)}`;
    }
  }
  const isPage = PLACES[place].isPage && /^text\/html\b/.test(type);
  // A redirect of the front channel may say in words where it leads.
  const isRedirect = answer.status >= 300 && answer.status < 400;
  return isPage || isRedirect
    ? undefined
    : `answered ${answer.status} as ${type || 'nothing'}: ${answer.text.slice(0, 200)}`;
}

async function compose(
  client: RelyingParty,
  shot: Shot,
): Promise<{ fields: FormFields; headers: Record<string, string> }> {
  let fields: Array<readonly [string, string]> = Object.entries(parametersOf(client, shot.place, shot.grant));
  let headers: Record<string, string> = {};
  if (shot.isAuthenticated && !PLACES[shot.place].isPage) {
    const credentials = await client.credentials();
    headers = { ...credentials.headers };
    fields.push(...(Object.entries(credentials.fields) as Array<[string, string]>));
  }
  for (const change of shot.changes) {
    if (change.what === 'drop' || change.what === 'set')
      fields = fields.filter(([name]) => name !== change.name);
    if (change.what === 'set' || change.what === 'add') fields.push([change.name, change.value]);
    if (!client.identity.key) continue;
    if (change.what === 'sign') fields.push(['request', await client.signedRequest(change.claims)]);
    if (change.what === 'assert') {
      fields = fields.filter(([name]) => name !== 'client_assertion');
      fields.push(['client_assertion', await client.assertion(change.claims)]);
    }
  }
  return { fields, headers };
}

function parametersOf(client: RelyingParty, place: PlaceName, grant: string): Record<string, string> {
  switch (place) {
    case 'backchannel':
      return client.baseline() as Record<string, string>;
    case 'token':
      return {
        grant_type: grant,
        ...(grant === CIBA_GRANT ? { auth_req_id: 'nobody-issued-this' } : { code: 'nor-this' }),
      };
    case 'par':
    case 'authorize':
      return {
        client_id: client.clientId,
        response_type: 'code',
        redirect_uri: 'https://client.lab.example/callback',
        scope: 'openid payments',
        audience: PAYMENTS_API,
      };
    case 'introspect':
    case 'revoke':
      return { token: 'nobody-issued-this' };
    case 'register':
      return { client_name: 'Somebody', token_endpoint_auth_method: 'client_secret_basic' };
    case 'device':
      return { client_id: client.clientId, scope: 'openid' };
    default:
      return {};
  }
}

interface Sent {
  headers: Record<string, string>;
  body: string | undefined;
}

function formOf(fields: FormFields): string {
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
}

function encode(shot: Shot, fields: FormFields): Sent {
  if (typeof shot.body === 'object') {
    return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: shot.body.raw };
  }
  const isJson = shot.body === 'json' || ['register', 'enrol', 'resolve', 'pairing'].includes(shot.place);
  return isJson
    ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(Object.fromEntries(fields)) }
    : {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: formOf(fields),
      };
}

/** Node answers a longer line by itself, before anything of ours sees it. */
function shortened(query: string): string {
  return query.slice(0, 8_000);
}
