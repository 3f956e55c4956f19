// The gate as a hook of Fastify. Structural types, so that this entry does not depend on Fastify.
import { tokenFrom } from './express.ts';
import { type GateOptions, passGate, type Requirements } from './gate.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

/** The part of a request that is used here. */
export interface FastifyLikeRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/** The part of a reply that is used here. */
export interface FastifyLikeReply {
  code(status: number): FastifyLikeReply;
  headers(values: { [name: string]: string }): FastifyLikeReply;
  send(body: unknown): unknown;
}

export interface FastifyGate<Request extends FastifyLikeRequest> {
  (request: Request, reply: FastifyLikeReply): Promise<unknown>;
  /** The token with which this request has passed. @throws TypeError where it has not */
  tokenOf(request: FastifyLikeRequest): VerifiedToken;
}

/**
 * Lets a request through only with a token that meets the requirements: as `preHandler`, when the body has been read.
 *
 * @example
 * ```ts
 * const gate = requireTokenInFastify(verifier, (request) => ({ scope: 'create:transfer', details: [toDetail(request.body)] }));
 * app.post('/transfers', { preHandler: gate }, (request) => move(gate.tokenOf(request)));
 * ```
 */
export function requireTokenInFastify<Request extends FastifyLikeRequest>(
  verifier: TokenVerifier,
  requirements: Requirements<Request>,
  options: GateOptions = {},
): FastifyGate<Request> {
  const tokens = new WeakMap<FastifyLikeRequest, VerifiedToken>();
  const gate = async (request: Request, reply: FastifyLikeReply): Promise<unknown> => {
    const result = await passGate(verifier, request, { requirements, request, options });
    if (result.passed) {
      tokens.set(request, result.token);
      reply.headers({ ...result.headers });
      return undefined;
    }
    const { status, headers, body } = result.answer;
    // A hook that gives the reply back has answered.
    return reply
      .code(status)
      .headers({ ...headers })
      .send(body);
  };
  return Object.assign(gate, { tokenOf: tokenFrom(tokens) });
}
