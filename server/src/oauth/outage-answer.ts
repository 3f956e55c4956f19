// What OAuth endpoints say while the store is away, or the tenant begins anew: RFC 6749 §4.1.2.1 has the word for it, RFC 9110 §15.6.4 the status. Nothing has
// changed, so whoever asks may ask again.
import type { Context } from 'koa';
import { Problem } from '../problem.ts';

const TEMPORARY: readonly string[] = ['store_unavailable', 'not_ready'];

/** Whether that is what failed; it has been answered then. */
export function answersOutage(ctx: Context, error: unknown): boolean {
  if (!(error instanceof Problem) || !TEMPORARY.includes(error.code)) return false;
  ctx.status = 503;
  ctx.set('Retry-After', '1');
  ctx.body = { error: 'temporarily_unavailable', error_description: error.message };
  return true;
}
