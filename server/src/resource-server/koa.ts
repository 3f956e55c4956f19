// The verifier as Koa middleware. Structural types, so that this entry does not depend on Koa.
import { challengeOf, refusalBody } from './bearer-refusal.ts';
import type { TokenRequirements, TokenVerifier } from './token-verifier.ts';
import type { VerifiedToken } from './verified-token.ts';

/** The part of a Koa context that is used here. */
export interface KoaLikeContext {
  readonly req: { readonly headers: { readonly authorization?: string | undefined } };
  state: { token?: VerifiedToken };
  status: number;
  body: unknown;
  set(name: string, value: string): void;
}

/**
 * Lets a request through only with a token that meets the requirements, and leaves it in `ctx.state.token`.
 *
 * @param requirementsOf builds the action at hand from the request; runs before the token is looked at
 * @param options.realm for the WWW-Authenticate header
 * @example
 * ```ts
 * router.post('/transfers', requireToken(verifier, (ctx) => ({ scope: 'create:transfer', details: [toDetail(ctx.state.transfer)] })), move);
 * ```
 */
export function requireToken<Context extends KoaLikeContext>(
  verifier: TokenVerifier,
  requirementsOf: (ctx: Context) => TokenRequirements,
  options: { realm?: string } = {},
): (ctx: Context, next: () => Promise<unknown>) => Promise<void> {
  return async (ctx, next) => {
    const verification = await verifier.verify(ctx.req, requirementsOf(ctx));
    if (verification.accepted) {
      ctx.state.token = verification.token;
      await next();
      return;
    }
    const { refusal } = verification;
    ctx.status = refusal.status;
    ctx.set('WWW-Authenticate', challengeOf(refusal, options.realm));
    ctx.body = refusalBody(refusal);
  };
}
