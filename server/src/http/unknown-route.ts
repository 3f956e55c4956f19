// Nothing else answered. Says what was asked, what comes nearest and what to do: most often an SDK or a person has a
// path that is almost right, and the difference is the whole bug.
import type Koa from 'koa';
import leven from 'leven';
import { Problem } from '../problem.ts';
import { answerProblem } from './problem-responses.ts';
import type { RouteSummary } from './routes.ts';

/** A route that differs in more than this part of the longer of the two is no suggestion. */
const FARTHEST = 0.45;

/** Last middleware of all. @param routes every route there is */
export function explainUnknownRoutes(routes: readonly RouteSummary[]): Koa.Middleware {
  return (ctx) => {
    // RFC 9110 §9.3.2: HEAD is answered as GET would be.
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const methods = allowedMethods(ctx.path, routes);
    const problem =
      methods.length > 0 && !methods.includes(method)
        ? wrongMethod(ctx, methods)
        : unknownPath(method, ctx.path, findNearest(method, ctx.path, routes));
    // A browser says that it prefers HTML; API callers say JSON, anything, or nothing.
    const isForPeople = method === 'GET' && ctx.accepts('json', 'html') === 'html';
    if (isForPeople) answerPage(ctx, problem);
    else answerProblem(ctx, problem);
  };
}

/** The route whose method and path resemble the given ones most; undefined if none comes near. */
function findNearest(
  method: string,
  path: string,
  routes: readonly RouteSummary[],
): RouteSummary | undefined {
  const asked = `${method} ${path}`;
  let nearest: { route: RouteSummary; distance: number } | undefined;
  for (const route of routes) {
    const filled = { ...route, path: fillParameters(route.path, path) };
    const candidate = `${filled.method} ${filled.path}`;
    const distance = leven(asked, candidate) / Math.max(asked.length, candidate.length);
    if (distance <= FARTHEST && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      nearest = { route: filled, distance };
    }
  }
  return nearest?.route;
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

function answerPage(ctx: Koa.Context, problem: Problem): void {
  ctx.status = problem.status;
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  ctx.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Assent: nothing here</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
  h1 { font-size: 1.25rem; overflow-wrap: anywhere }
</style>
<h1>${escapeHtml(problem.message)}</h1>
<p>${escapeHtml(problem.hint ?? '')}</p>
<p><a href="/approve">Open the approver app</a></p>
</html>
`;
  ctx.type = 'html';
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
