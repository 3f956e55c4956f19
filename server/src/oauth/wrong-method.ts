// Which methods a protocol endpoint answers, and how it says so: programs read an error there as OAuth has it, whatever went wrong.
import type { Context } from 'koa';
import { prefersPage } from '../pages/index.ts';
import { API_PATHS, ROUTES } from './auth0-dialect.ts';

/** Read by programs that look for an `error`. RFC 6749 §5.2, RFC 6750 §3.1. */
const ERROR_PATHS: readonly string[] = [...API_PATHS, ROUTES.userinfo];

/** @param readOnlyPaths documents, which nobody sends anything to */
export function methodsOf(path: string, readOnlyPaths: readonly string[]): readonly string[] {
  if (API_PATHS.includes(path)) return ['POST'];
  return readOnlyPaths.includes(path) ? ['GET', 'HEAD'] : ['GET', 'HEAD', 'POST'];
}

/** RFC 9110 §15.5.6. False where somebody else explains it: a person with a browser reads a page. */
export function refuseMethod(ctx: Context, methods: readonly string[]): boolean {
  if (!ERROR_PATHS.includes(ctx.path) || (ctx.method === 'GET' && prefersPage(ctx))) return false;
  const allowed = methods.join(', ');
  ctx.status = 405;
  ctx.set('Allow', allowed);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = {
    error: 'invalid_request',
    error_description: `${ctx.path} does not answer ${ctx.method}, only ${allowed}`,
  };
  return true;
}
