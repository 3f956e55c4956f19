// The one place where an exchange loses what could be used again: secrets, assertions, signatures, tokens. What leaves here may
// be shown, logged and exported, so a parameter that nobody listed is not shown, and neither is a member that names a secret.
import type { ReadToken } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';

/** Parameters that may be read by everybody who may see the trace. Whatever is not listed is not shown. */
const PLAIN_PARAMETERS = new Set([
  'acr_values',
  'audience',
  'authorization_details',
  'binding_message',
  'client_assertion_type',
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'login_hint',
  'nonce',
  'prompt',
  'redirect_uri',
  'requested_expiry',
  'request_expiry',
  'resource',
  'response_type',
  'scope',
  'state',
]);
/** Claims that are about a JWT itself. RFC 7519 §4.1. */
const JWT_CLAIMS = new Set(['iss', 'aud', 'exp', 'iat', 'nbf', 'jti']);
/** Members of answers that are tokens of ours: their claims may be read, their signature may not be copied. */
const TOKEN_MEMBERS = new Set(['access_token', 'id_token', 'refresh_token']);
/** Enough of them is left to recognise them in every step. */
const RECOGNISED_MEMBERS = new Set(['auth_req_id', 'challenge']);
/** Members of answers that let their reader do something. */
const SECRET_MEMBERS = new Set([
  'client_secret',
  'code',
  'device_code',
  'registration_access_token',
  'ticket_id',
  'ticket_url',
  'transaction_token',
]);
/** What was asked is shown as it was asked, whatever its members are called. */
const ASKED_MEMBERS = new Set(['authorization_details']);
/** Bounds of what one exchange may take in the trace. In characters. */
const LONGEST_VALUE = 1_000;
const LONGEST_DETAILS = 6_000;
const LONGEST_REQUEST = 10_000;

/** A parameter of a request, by its name. */
export function redactParameter(name: string, text: string): string {
  if (name === 'auth_req_id') return shorten(text);
  if (name === 'request') return redactRequest(text);
  if (!PLAIN_PARAMETERS.has(name)) return removed(text);
  return text.slice(0, name === 'authorization_details' ? LONGEST_DETAILS : LONGEST_VALUE);
}

/** A signed request, each claim as the parameter of its name would be shown. Without its signature it is good for nothing. */
function redactRequest(jwt: string): string {
  const read = readToken(jwt);
  if (!read) return removed(jwt);
  const claims = Object.entries(read.claims).map(([name, value]) => [name, redactClaim(name, value)]);
  const shown = `${writePart(read.header)}.${writePart(Object.fromEntries(claims))}.[signature removed]`;
  return shown.length > LONGEST_REQUEST ? removed(jwt) : shown;
}

function redactClaim(name: string, value: unknown): unknown {
  if (JWT_CLAIMS.has(name)) return value;
  if (typeof value === 'string') return redactParameter(name === 'request' ? 'other' : name, value);
  return PLAIN_PARAMETERS.has(name) ? value : removed(JSON.stringify(value));
}

/** The body of an answer. */
export function redactBody(body: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => [name, redactMember(name, value)]),
  );
}

/** What a JWT says, to be read by everybody; undefined for anything else. */
export function readToken(token: unknown): ReadToken | undefined {
  if (typeof token !== 'string') return undefined;
  const [header, claims, signature, ...more] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined;
  try {
    const [readHeader, readClaims] = [parsePart(header), parsePart(claims)];
    return isJsonObject(readHeader) && isJsonObject(readClaims)
      ? { header: readHeader, claims: readClaims }
      : undefined;
  } catch {
    // Not JSON, so not a JWT.
    return undefined;
  }
}

/** What a device has signed: the challenge is a secret of its push, so enough to recognise it is left. */
export function readAnswer(token: string): ReadToken | undefined {
  const read = readToken(token);
  const challenge = read?.claims['sub'];
  if (read === undefined || typeof challenge !== 'string') return read;
  return { ...read, claims: { ...read.claims, sub: shorten(challenge) } };
}

export function removed(secret: string): string {
  return `[${secret.length} characters removed]`;
}

function redactMember(name: string, value: unknown): unknown {
  if (ASKED_MEMBERS.has(name)) return value;
  if (typeof value === 'string') {
    if (TOKEN_MEMBERS.has(name)) return withoutSignature(value);
    if (RECOGNISED_MEMBERS.has(name)) return shorten(value);
    return SECRET_MEMBERS.has(name) ? removed(value) : value;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => redactMember(name, one));
  return isJsonObject(value) ? redactBody(value) : value;
}

/** Enough to recognise it in every step, too little to use it. */
function shorten(secret: string): string {
  return `${secret.slice(0, 8)}…[${secret.length} characters]`;
}

/** The payload of a JWT of ours stays readable; an opaque token goes altogether. */
function withoutSignature(token: string): string {
  const [header, payload, signature] = token.split('.');
  return signature === undefined ? removed(token) : `${header}.${payload}.[signature removed]`;
}

function writePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function parsePart(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
