// An HTTP exchange for the trace, without anything that could be used again: secrets, assertions and tokens are shortened.
import type { Context } from 'koa';
import type { Exchange } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import type { RequestParameters } from './parameters.ts';

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
/** Members of answers that are tokens of ours: their claims may be read, their signature may not be copied. */
const TOKEN_MEMBERS = ['access_token', 'id_token', 'refresh_token'];
const HEADERS = ['content-type', 'cache-control', 'retry-after'];
/** Bounds of what one exchange may take in the trace. In characters and parameters. */
const LONGEST_VALUE = 1_000;
const LONGEST_DETAILS = 6_000;
const MOST_PARAMETERS = 40;

export function describeExchange(ctx: Context, parameters: RequestParameters): Exchange {
  const contentType = ctx.get('content-type');
  return {
    request: {
      method: ctx.method,
      path: ctx.path,
      ...(contentType === '' ? {} : { content_type: contentType }),
      ...describeCaller(ctx),
      parameters: Object.fromEntries(
        Object.entries(parameters)
          .slice(0, MOST_PARAMETERS)
          .map(([name, value]) => [name.slice(0, 100), parameterText(name, [value].flat().join(' '))]),
      ),
    },
    response: {
      status: ctx.status,
      headers: Object.fromEntries(
        HEADERS.flatMap((name) => {
          const value = ctx.response.get(name);
          return value === undefined || value === '' ? [] : [[name, String(value)]];
        }),
      ),
      ...(isJsonObject(ctx.body) ? { body: withoutTokens(ctx.body) } : {}),
    },
  };
}

function parameterText(name: string, text: string): string {
  if (name === 'auth_req_id') return shortened(text);
  if (!PLAIN_PARAMETERS.has(name)) return `[${text.length} characters removed]`;
  return text.slice(0, name === 'authorization_details' ? LONGEST_DETAILS : LONGEST_VALUE);
}

function withoutTokens(body: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      if (typeof value !== 'string') return [name, value];
      if (name === 'auth_req_id') return [name, shortened(value)];
      return [name, TOKEN_MEMBERS.includes(name) ? withoutSignature(value) : value];
    }),
  );
}

/** Enough to recognise it in every step, too little to poll with it. */
function shortened(authReqId: string): string {
  return `${authReqId.slice(0, 8)}…[${authReqId.length} characters]`;
}

/** The payload of a JWT of ours stays readable; an opaque token goes altogether. */
function withoutSignature(token: string): string {
  const [header, payload, signature] = token.split('.');
  return signature === undefined
    ? `[${token.length} characters removed]`
    : `${header}.${payload}.[signature removed]`;
}
