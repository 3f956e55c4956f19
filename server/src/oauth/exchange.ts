// An HTTP exchange for the trace, without anything that could be used again: secrets, assertions and tokens are shortened.
import type { Context } from 'koa';
import type { Exchange } from '../contract/index.ts';
import type { RequestParameters } from './parameters.ts';

const SECRET_PARAMETERS = [
  'client_secret',
  'client_assertion',
  'refresh_token',
  'code',
  'code_verifier',
  'password',
  'token',
];
const TOKEN_MEMBERS = ['access_token', 'id_token', 'refresh_token'];
const HEADERS = ['content-type', 'cache-control', 'retry-after'];
/** Longest value of a parameter in the trace. In characters. */
const LONGEST_VALUE = 6_000;

export function describeExchange(ctx: Context, parameters: RequestParameters): Exchange {
  const userAgent = ctx.get('user-agent');
  const contentType = ctx.get('content-type');
  return {
    request: {
      method: ctx.method,
      path: ctx.path,
      ...(contentType === '' ? {} : { content_type: contentType }),
      ...(userAgent === '' ? {} : { user_agent: userAgent }),
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => {
          const text = [value].flat().join(' ');
          return [name, SECRET_PARAMETERS.includes(name) ? redacted(text) : text.slice(0, LONGEST_VALUE)];
        }),
      ),
    },
    response: {
      status: ctx.status,
      headers: Object.fromEntries(
        HEADERS.flatMap((name) => {
          const value = ctx.response.get(name);
          return value === '' ? [] : [[name, String(value)]];
        }),
      ),
      ...(isObject(ctx.body) ? { body: withoutTokens(ctx.body) } : {}),
    },
  };
}

function withoutTokens(body: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      TOKEN_MEMBERS.includes(name) && typeof value === 'string' ? redacted(value) : (value as unknown),
    ]),
  );
}

/** Enough to recognise it, too little to use it. The payload of a JWT stays readable, its signature does not. */
function redacted(text: string): string {
  const parts = text.split('.');
  if (parts.length === 3) return `${parts[0]}.${parts[1]}.[signature removed]`;
  return `[${text.length} characters removed]`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
