// The body of a request, put together again from its parameters as the trace keeps them. Pure.
import type { Exchange } from 'assent/contract';

type Request = Exchange['request'];

/** As the trace writes what it left out: all of a secret, or most of a reference. */
const REMOVED = /^\[\d+ characters removed\]$/;
const SHORTENED = /…\[\d+ characters\]$/;
const WITHOUT_SIGNATURE = /\.\[signature removed\]$/;

export function isRemoved(text: string): boolean {
  return REMOVED.test(text) || SHORTENED.test(text) || WITHOUT_SIGNATURE.test(text);
}

/** Names of the parameters that are not here as they were sent. */
export function readRemoved(request: Request): string[] {
  return Object.entries(request.parameters)
    .filter(([, text]) => isRemoved(text))
    .map(([name]) => name);
}

export function isJson(request: Request): boolean {
  return request.content_type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/** JSON members keep their text: whether one was a number or a list is not known any more, so only lists and objects are put back. */
export function readBody(request: Request): string {
  const { parameters } = request;
  if (!isJson(request)) return new URLSearchParams(parameters).toString();
  const members = Object.entries(parameters).map(
    ([name, text]) => `  ${JSON.stringify(name)}: ${jsonOf(text)}`,
  );
  return `{\n${members.join(',\n')}\n}`;
}

function jsonOf(text: string): string {
  return /^[[{]/.test(text) && isReadable(text) ? text : JSON.stringify(text);
}

function isReadable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
