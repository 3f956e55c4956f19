// One random request: what a client would have sent, and what was done to it on the way. Data alone, so that fast-check can
// make a failing one smaller and show it.
import fc from 'fast-check';
import { oddClaims, oddDetails, oddHeaderValue, oddText, oddToken } from './oddities.ts';
import { CLIENT_NAMES, type ClientName } from './target.ts';

/** Where programs send requests, and where browsers are sent: those may answer with a page. */
export const PLACES = {
  backchannel: { path: '/bc-authorize', method: 'POST', isPage: false },
  token: { path: '/oauth/token', method: 'POST', isPage: false },
  par: { path: '/oauth/par', method: 'POST', isPage: false },
  introspect: { path: '/oauth/introspect', method: 'POST', isPage: false },
  revoke: { path: '/oauth/revoke', method: 'POST', isPage: false },
  device: { path: '/oauth/device/code', method: 'POST', isPage: false },
  register: { path: '/oidc/register', method: 'POST', isPage: false },
  userinfo: { path: '/userinfo', method: 'GET', isPage: false },
  discovery: { path: '/.well-known/openid-configuration', method: 'GET', isPage: false },
  enrol: { path: '/appliance-mfa/api/enroll', method: 'POST', isPage: false },
  resolve: { path: '/appliance-mfa/api/resolve-transaction', method: 'POST', isPage: false },
  pairing: { path: '/approver/devices', method: 'POST', isPage: false },
  authorize: { path: '/authorize', method: 'GET', isPage: true },
  logout: { path: '/oidc/logout', method: 'GET', isPage: true },
} as const;
export type PlaceName = keyof typeof PLACES;

const PARAMETERS = [
  ...['scope', 'login_hint', 'id_token_hint', 'login_hint_token', 'binding_message', 'requested_expiry'],
  ...[
    'acr_values',
    'user_code',
    'client_notification_token',
    'authorization_details',
    'request',
    'request_uri',
  ],
  ...['audience', 'resource', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'],
  ...['grant_type', 'auth_req_id', 'refresh_token', 'code', 'redirect_uri', 'code_verifier', 'device_code'],
  ...[
    'response_type',
    'response_mode',
    'prompt',
    'max_age',
    'state',
    'nonce',
    'claims',
    'token',
    'token_type_hint',
  ],
] as const;

const HEADERS = [
  ...[
    'authorization',
    'dpop',
    'accept',
    'content-type',
    'cookie',
    'origin',
    'x-forwarded-for',
    'x-forwarded-host',
  ],
  ...['content-encoding', 'if-none-match', 'accept-language', 'x-fapi-interaction-id', 'sec-fetch-site'],
] as const;

const GRANTS = [
  'urn:openid:params:grant-type:ciba',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'password',
  'nonsense',
] as const;

type Change =
  | { what: 'set' | 'add'; name: string; value: string }
  | { what: 'drop'; name: string }
  /** Its parameters are put into a JWT that the client signs, with these claims changed. */
  | { what: 'sign'; claims: Record<string, unknown> }
  /** The client proves itself by an assertion with these claims changed. */
  | { what: 'assert'; claims: Record<string, unknown> };

export interface Shot {
  place: PlaceName;
  client: ClientName;
  isAuthenticated: boolean;
  grant: string;
  changes: readonly Change[];
  headers: Readonly<Record<string, string>>;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS' | undefined;
  /** How the parameters travel. `raw` is sent as it is in their place. */
  body: 'form' | 'json' | 'query' | { raw: string };
}

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: valued('set') },
  { weight: 2, arbitrary: valued('add') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...PARAMETERS).map((name): Change => ({ what: 'drop', name })),
  },
  { weight: 1, arbitrary: oddClaims.map((claims): Change => ({ what: 'sign', claims })) },
  { weight: 1, arbitrary: oddClaims.map((claims): Change => ({ what: 'assert', claims })) },
);

function valued(what: 'set' | 'add'): fc.Arbitrary<Change> {
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom<string>(...PARAMETERS) },
    { weight: 1, arbitrary: oddText },
  );
  return name.chain((chosen) => oddValueOf(chosen).map((value): Change => ({ what, name: chosen, value })));
}

function oddValueOf(name: string): fc.Arbitrary<string> {
  if (name === 'authorization_details') return fc.oneof(oddDetails, oddText);
  if (/^(request|token|code|refresh_token|client_assertion|.*_hint.*)$/.test(name)) return oddToken;
  return oddText;
}

export const shot: fc.Arbitrary<Shot> = fc.record({
  place: fc.oneof(
    // Where people are asked and where they are answered most of all.
    { weight: 4, arbitrary: fc.constant<PlaceName>('backchannel') },
    { weight: 3, arbitrary: fc.constant<PlaceName>('token') },
    { weight: 7, arbitrary: fc.constantFrom(...(Object.keys(PLACES) as PlaceName[])) },
  ),
  client: fc.constantFrom(...CLIENT_NAMES),
  isAuthenticated: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  grant: fc.constantFrom<string>(...GRANTS),
  changes: fc.array(change, { maxLength: 4 }),
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom(...HEADERS),
        fc.oneof(oddHeaderValue, oddToken.map(toHeader)),
        { maxKeys: 3 },
      ),
    },
  ),
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS') },
  ),
  body: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Shot['body']>('form') },
    { weight: 2, arbitrary: fc.constant<Shot['body']>('json') },
    { weight: 1, arbitrary: fc.constant<Shot['body']>('query') },
    { weight: 1, arbitrary: oddText.map((raw): Shot['body'] => ({ raw })) },
  ),
});

/** A header takes no control characters and nothing beyond Latin-1. */
function toHeader(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, 4_000);
}
