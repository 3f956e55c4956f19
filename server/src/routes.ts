// A list of routes that reads like a table of contents. The same list answers requests, names the allowed methods and
// feeds the suggestions for paths that do not exist.
import { Router, type RouterContext } from '@koa/router';
import type { Middleware } from 'koa';

/** What may be told about a route. */
export interface RouteSummary {
  method: string;
  /** Segments that begin with a colon stand for any text. */
  path: string;
  /** In a few words, after the path: "start a CIBA request". */
  purpose: string;
}

export interface Route extends RouteSummary {
  answer: (ctx: RouterContext) => Promise<void> | void;
}

/**
 * Koa middleware that answers exactly these routes; HEAD wherever GET works.
 *
 * @param guard stands before each of them. It hangs on the route and not on the path, so that no spelling of a path
 *   leads around it.
 */
export function mountRoutes<R extends Route>(
  routes: readonly R[],
  guard: (ctx: RouterContext, route: R) => void = () => {},
): Middleware {
  const router = new Router({ sensitive: true, strict: true });
  const firstSegments = new Set(routes.map(({ path }) => firstSegmentOf(path)));
  for (const route of routes) {
    router.register(route.path, [route.method], async (ctx) => {
      guard(ctx, route);
      await route.answer(ctx);
    });
  }
  // The router adds the parameters that the type of its middleware asks for.
  const enter = router.routes() as Middleware;
  // It tries the patterns of all its routes, one after the other; most requests are for none of them.
  return (ctx, next) =>
    firstSegments.has(firstSegmentOf(ctx.path)) || firstSegments.has(ANY_SEGMENT) ? enter(ctx, next) : next();
}

const ANY_SEGMENT = ':';

/** `/control` of `/control/health`; a colon where it may be any text. */
function firstSegmentOf(path: string): string {
  const end = path.indexOf('/', 1);
  const segment = end === -1 ? path : path.slice(0, end);
  return segment.startsWith('/:') ? ANY_SEGMENT : segment;
}

/** The segment that a route calls `:name`. Routes are only entered when all their segments are there. */
export function pathParameter(ctx: RouterContext, name: string): string {
  return ctx.params[name] ?? '';
}
