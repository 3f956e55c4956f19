// Nothing else answered. Says what was asked, what comes nearest and what to do: most often an SDK or a person has a
// path that is almost right, and the difference is the whole bug.
import type Koa from 'koa';
import { findNearestText } from '../nearest.ts';
import { html, prefersPage, sendPage } from '../pages/index.ts';
import { Problem } from '../problem.ts';
import type { RouteSummary } from '../routes.ts';
import { answerProblem } from './problem-responses.ts';

/**
 * Last middleware of all.
 *
 * @param owner whose pages these are
 * @param listRoutes every route there is
 */
export function explainUnknownRoutes(
  owner: string,
  listRoutes: () => Promise<readonly RouteSummary[]>,
): Koa.Middleware {
  return async (ctx) => {
    const routes = await listRoutes();
    // RFC 9110 §9.3.2: HEAD is answered as GET would be.
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const methods = allowedMethods(ctx.path, routes);
    const problem =
      methods.length > 0 && !methods.includes(method)
        ? wrongMethod(ctx, methods)
        : unknownPath(method, ctx.path, findNearestRoute(method, ctx.path, routes));
    if (method === 'GET' && prefersPage(ctx)) answerPage(ctx, owner, problem);
    else answerProblem(ctx, problem);
  };
}

/** The route whose method and path resemble the given ones most, with the caller's own segments in it. */
function findNearestRoute(
  method: string,
  path: string,
  routes: readonly RouteSummary[],
): RouteSummary | undefined {
  const filled = routes.map((route) => ({ ...route, path: fillParameters(route.path, path) }));
  return findNearestText(`${method} ${path}`, filled, (route) => `${route.method} ${route.path}`);
}

function allowedMethods(path: string, routes: readonly RouteSummary[]): string[] {
  const methods = routes.filter((route) => matches(route.path, path)).map((route) => route.method);
  if (methods.includes('GET')) methods.push('HEAD');
  return [...new Set(methods)].sort();
}

function matches(pattern: string, path: string): boolean {
  return pattern.split('/').length === path.split('/').length && fillParameters(pattern, path) === path;
}

/** `/requests/:ref` with the segments of `path` where it has some. */
function fillParameters(pattern: string, path: string): string {
  const segments = path.split('/');
  return pattern
    .split('/')
    .map((segment, index) => (segment.startsWith(':') ? segments[index] || segment : segment))
    .join('/');
}

function wrongMethod(ctx: Koa.Context, methods: readonly string[]): Problem {
  ctx.set('Allow', methods.join(', '));
  return new Problem(
    'method_not_allowed',
    `${ctx.path} does not answer ${ctx.method}, only ${methods.join(', ')}.`,
    {
      status: 405,
    },
  );
}

function unknownPath(method: string, path: string, nearest: RouteSummary | undefined): Problem {
  const report = 'If your SDK asked for this path, please report its name and version.';
  return new Problem('not_found', `${method} ${path} does not exist here.`, {
    status: 404,
    hint: nearest ? `Nearest: ${nearest.method} ${nearest.path} (${nearest.purpose}). ${report}` : report,
  });
}

function answerPage(ctx: Koa.Context, owner: string, problem: Problem): void {
  sendPage(ctx, problem.status, {
    title: 'There is nothing here',
    owner,
    content: html`<div>
<h1>${problem.message}</h1>
<p class="lead">${problem.hint}</p>
</div>
<p><a href="/approve">Open the approver app</a></p>`,
  });
}
