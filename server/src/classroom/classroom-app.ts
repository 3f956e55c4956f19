// The pages of a class, over HTTP: students take a place, the teacher looks after all of them. Nothing changes on GET; a form
// counts only from a page of ours. Routes translate; `Seating` and `PlaceServers` decide.
import type { RouterContext } from '@koa/router';
import Koa from 'koa';
import {
  answerProblem,
  answerProblems,
  type ControlAccess,
  caRoutes,
  requireKnownHost,
  requireSameOrigin,
} from '../http/index.ts';
import { html, type Markup, prefersPage, redirectInPlainText, sendPage } from '../pages/index.ts';
import { Problem } from '../problem.ts';
import { mountRoutes, type Route } from '../routes.ts';
import type { PlaceServers } from './place-servers.ts';
import type { Seating } from './seating.ts';
import { studentRoutes } from './student-routes.ts';
import { teacherRoutes } from './teacher-routes.ts';
import { TEXTS } from './texts.ts';

/** What somebody in the class did. */
export interface ClassNews {
  type: 'joined' | 'returned' | 'reset' | 'freed';
  number: number;
  name: string | undefined;
}

export interface ClassroomParts {
  /** Whose pages these are. */
  owner: string;
  seating: Seating;
  servers: PlaceServers;
  /** Names that students may pick. */
  names: readonly string[];
  /** Of the join page, without a slash at the end. */
  url: string;
  /** Where the room reaches it; undefined where it listens to this computer alone. */
  networkUrl: string | undefined;
  ca: { pem: string; file: string };
  access: ControlAccess | undefined;
  allowedHosts: ReadonlySet<string>;
  /** Called after each change of who sits where; resolves once that is kept. */
  keep(): Promise<void>;
  tell(news: ClassNews): void;
}

export function createClassroomApp(parts: ClassroomParts): Koa {
  const { owner, url, allowedHosts } = parts;
  const routes: Route[] = [
    ...studentRoutes(parts),
    ...teacherRoutes(parts),
    ...caRoutes({
      tenant: { displayName: owner },
      caPem: parts.ca.pem,
      goOn: { label: TEXTS.join.title, path: '/' },
    }),
  ];
  const requireOwnPage = requireSameOrigin({ allowedHosts: () => allowedHosts, issuer: `${url}/` });
  const guard = (ctx: RouterContext): void => {
    // A link from anywhere may lead here; a form, or a page under a name that is not ours, may not.
    if (ctx.method === 'GET' || ctx.method === 'HEAD') requireKnownHost(ctx, allowedHosts);
    else requireOwnPage(ctx, { isBodiless: true });
  };

  const app = new Koa();
  redirectInPlainText(app);
  app.use(answerProblems());
  app.use(async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    try {
      await next();
    } catch (error) {
      if (!(error instanceof Problem) || !prefersPage(ctx)) throw error;
      showProblem(ctx, owner, error);
    }
    if (!ctx.req.complete && !ctx.headerSent) ctx.set('Connection', 'close');
  });
  app.use(mountRoutes(routes, guard));
  app.use((ctx) => {
    const methods = routes.filter(({ path }) => path === ctx.path).map(({ method }) => method);
    if (methods.length > 0) ctx.set('Allow', methods.join(', '));
    const problem =
      methods.length > 0
        ? new Problem('method_not_allowed', `${ctx.path} does not answer ${ctx.method}.`, { status: 405 })
        : new Problem('not_found', `${ctx.method} ${ctx.path} does not exist in a class.`, {
            status: 404,
            hint: 'Each place has its own address; its page names it. Students join at /.',
          });
    if (prefersPage(ctx)) showProblem(ctx, owner, problem);
    else answerProblem(ctx, problem);
  });
  // Whoever leaves before the answer is complete is nothing to report.
  app.silent = true;
  return app;
}

function showProblem(ctx: Koa.Context, owner: string, problem: Problem): void {
  const { status, message, hint } = problem;
  const content: Markup = html`<div>
<h1>${message}</h1>
${hint !== undefined && html`<p class="lead">${hint}</p>`}
</div>
<p><a href="/">${TEXTS.missing.join}</a></p>`;
  sendPage(ctx, status, { title: TEXTS.missing.title, owner, content });
}
