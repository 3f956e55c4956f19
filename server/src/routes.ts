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
  for (const route of routes) {
    router.register(route.path, [route.method], async (ctx) => {
      guard(ctx, route);
      await route.answer(ctx);
    });
  }
  // The router adds the parameters that the type of its middleware asks for.
  return router.routes() as Middleware;
}

/** The segment that a route calls `:name`. Routes are only entered when all their segments are there. */
export function pathParameter(ctx: RouterContext, name: string): string {
  return ctx.params[name] ?? '';
}
