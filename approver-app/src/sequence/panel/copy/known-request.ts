// A request as far as the trace knows it, ready to be written down for a shell or a program. Pure.
import type { Exchange } from 'assent/contract';
import { isJson, isRemoved } from '../request-body.ts';
import { type Piece, variableOf } from './source-text.ts';

export interface KnownRequest {
  method: string;
  url: string;
  isJson: boolean;
  /** A query, for a request without a body. */
  hasBody: boolean;
  parameters: readonly (readonly [name: string, value: readonly Piece[]])[];
  /** The client showed its secret in the header, which the trace does not keep. */
  usesBasic: boolean;
}

/** Where clients authenticate. */
const CLIENT_ENDPOINTS = ['/bc-authorize', '/oauth/token', '/oauth/par', '/oauth/revoke'];

export function readKnownRequest({ request }: Exchange, origin: string): KnownRequest {
  const { method, path, parameters } = request;
  return {
    method,
    url: `${origin}${path}`,
    isJson: isJson(request),
    hasBody: method !== 'GET' && method !== 'HEAD',
    parameters: Object.entries(parameters).map(([name, text]) => [
      name,
      isRemoved(text) ? [{ variable: variableOf(name) }] : [text],
    ]),
    usesBasic:
      CLIENT_ENDPOINTS.includes(path) &&
      !['client_id', 'client_secret', 'client_assertion'].some((name) => name in parameters),
  };
}

/** The JSON body, with the variables in its strings. */
export function jsonPieces({ parameters }: KnownRequest): Piece[] {
  const pieces: Piece[] = ['{'];
  parameters.forEach(([name, value], index) => {
    pieces.push(`${index === 0 ? '' : ', '}${JSON.stringify(name)}: `);
    const [only] = value;
    if (typeof only === 'string') pieces.push(JSON.stringify(only));
    else pieces.push('"', ...value, '"');
  });
  pieces.push('}');
  return joinTexts(pieces);
}

function joinTexts(pieces: readonly Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((joined, piece) => {
    const last = joined.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece;
    else joined.push(piece);
    return joined;
  }, []);
}
