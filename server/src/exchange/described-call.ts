// A call that a program of ours made as an agent would, redacted like everything that the server itself records.
import type { Exchange } from '../contract/index.ts';
import type { JsonObject } from '../json-object.ts';
import { redactBody, redactParameter } from './redaction.ts';

export interface MadeCall {
  method: string;
  path: string;
  /** A form, or JSON. */
  body?: URLSearchParams | JsonObject;
  headers?: Readonly<Record<string, string>>;
}

const SHOWN_HEADERS = ['content-type', 'cache-control', 'retry-after', 'www-authenticate'];

export function describeCall(
  { method, path, body, headers = {} }: MadeCall,
  answer: { status: number; headers: Readonly<Record<string, string>>; body: JsonObject },
): Exchange {
  const isForm = body instanceof URLSearchParams;
  return {
    request: {
      method,
      path: path.split('?', 1)[0] ?? path,
      ...(body === undefined
        ? {}
        : { content_type: isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
      parameters: {
        ...Object.fromEntries(isForm ? readForm(body) : readJson(body ?? {})),
        ...(headers['authorization'] === undefined ? {} : { '(Authorization header)': 'Bearer [removed]' }),
      },
    },
    response: {
      status: answer.status,
      headers: Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => SHOWN_HEADERS.includes(name)),
      ),
      body: redactBody(answer.body),
    },
  };
}

function readForm(body: URLSearchParams): Array<[string, string]> {
  return [...body].map(([name, value]) => [name, redactParameter(name, value)]);
}

function readJson(body: JsonObject): Array<[string, string]> {
  return Object.entries(redactBody(body)).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  ]);
}
