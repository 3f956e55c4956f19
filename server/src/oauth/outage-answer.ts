// What OAuth endpoints say while the store is away, or the tenant begins anew: RFC 6749 §4.1.2.1 has the word for it, RFC 9110 §15.6.4
// the status. Where the store went away meanwhile nobody knows whether what was asked has been done, so that is what is said.
import type { Context } from 'koa';
import { Problem } from '../problem.ts';
import { ROUTES } from './auth0-dialect.ts';

const TEMPORARY: readonly string[] = ['store_unavailable', 'not_ready'];

/** By path: what may have become of it. */
const IN_DOUBT: Readonly<Record<string, string>> = {
  [ROUTES.token]:
    'Ask again in a moment. Tokens may have been made and lost; that is answered invalid_grant then.',
  [ROUTES.backchannel_authentication]:
    'Ask again in a moment. A request may have been opened whose id you were not told; it ends in its time.',
};

/** Whether that is what failed; it has been answered then. */
export function answersOutage(ctx: Context, error: unknown): error is Problem {
  if (!(error instanceof Problem) || !TEMPORARY.includes(error.code)) return false;
  ctx.status = 503;
  ctx.set('Retry-After', '1');
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: [error.message, adviceOf(error, ctx.path)].filter(Boolean).join(' '),
  };
  return true;
}

function adviceOf({ code, hasChangedNothing, hint }: Problem, path: string): string | undefined {
  if (code !== 'store_unavailable') return undefined;
  return hasChangedNothing ? hint : IN_DOUBT[path];
}
