// The gate as middleware of Express, and of whatever else has Node's request and response and calls `next`: Connect, Polka,
// Restify. Structural types, so that this entry depends on none of them.
import { type GateOptions, passGate, type Requirements } from './gate.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

/** The part of a request that is used here. */
export interface NodeLikeRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/** The part of a response that is used here. */
export interface NodeLikeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export interface NodeGate<Request extends NodeLikeRequest> {
  (request: Request, response: NodeLikeResponse, next: (error?: unknown) => void): void;
  /** The token with which this request has passed. @throws TypeError where it has not */
  tokenOf(request: NodeLikeRequest): VerifiedToken;
}

/**
 * Lets a request through only with a token that meets the requirements. The route gets it from `tokenOf`.
 *
 * @param requirements where they are read from `request.body`, the body parser comes first
 * @example
 * ```ts
 * const gate = requireTokenInExpress(verifier, (request) => ({ scope: 'create:transfer', details: [toDetail(request.body)] }));
 * app.post('/transfers', express.json(), gate, (request, response) => move(gate.tokenOf(request), response));
 * ```
 */
export function requireTokenInExpress<Request extends NodeLikeRequest>(
  verifier: TokenVerifier,
  requirements: Requirements<Request>,
  options: GateOptions = {},
): NodeGate<Request> {
  const tokens = new WeakMap<NodeLikeRequest, VerifiedToken>();
  const pass = async (request: Request, response: NodeLikeResponse): Promise<boolean> => {
    const result = await passGate(verifier, request, { requirements, request, options });
    if (result.passed) {
      tokens.set(request, result.token);
      for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value);
      return true;
    }
    const { status, headers, body } = result.answer;
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(JSON.stringify(body));
    return false;
  };
  const gate = (request: Request, response: NodeLikeResponse, next: (error?: unknown) => void): void => {
    pass(request, response).then((passed) => {
      // Outside of the promise's reach: what a later route throws is not an error of the gate.
      if (passed) queueMicrotask(() => next());
    }, next);
  };
  return Object.assign(gate, { tokenOf: tokenFrom(tokens) });
}

/** Reads what a gate has kept for its requests. */
export function tokenFrom(tokens: WeakMap<object, VerifiedToken>): (request: object) => VerifiedToken {
  return (request) => {
    const token = tokens.get(request);
    if (!token) throw new TypeError('this request has not passed the gate whose token was asked for');
    return token;
  };
}
