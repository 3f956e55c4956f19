// The gate as Koa middleware. Structural types, so that this entry does not depend on Koa.
import { type GateOptions, passGate, type Requirements } from './gate.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

/** The part of a Koa context that is used here. */
export interface KoaLikeContext {
  readonly req: { readonly headers: { readonly authorization?: string | undefined } };
  state: { token?: VerifiedToken };
  status: number;
  body: unknown;
  set(headers: { [name: string]: string }): void;
}

/**
 * Lets a request through only with a token that meets the requirements, and leaves it in `ctx.state.token`.
 *
 * @example
 * ```ts
 * router.post('/transfers', requireTokenInKoa(verifier, (ctx) => ({ scope: 'create:transfer', details: [toDetail(ctx.request.body)] })), move);
 * ```
 */
export function requireTokenInKoa<Context extends KoaLikeContext>(
  verifier: TokenVerifier,
  requirements: Requirements<Context>,
  options: GateOptions = {},
): (ctx: Context, next: () => Promise<unknown>) => Promise<void> {
  return async (ctx, next) => {
    const result = await passGate(verifier, ctx.req, { requirements, request: ctx, options });
    if (result.passed) {
      ctx.state.token = result.token;
      ctx.set({ ...result.headers });
      await next();
      return;
    }
    const { status, headers, body } = result.answer;
    ctx.status = status;
    ctx.set({ ...headers });
    ctx.body = body;
  };
}
