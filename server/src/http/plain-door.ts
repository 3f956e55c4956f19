// What a server that speaks https answers to plain http, where the network can reach it: the certificate authority and how
// to trust it, because a phone cannot read that over https yet. Nothing else; whatever else a person asks for leads there.
import Koa from 'koa';
import { prefersPage, redirectInPlainText } from '../pages/index.ts';
import { Problem } from '../problem.ts';
import { mountRoutes } from '../routes.ts';
import { CA_PATH, type CaRoutesParts, caRoutes } from './ca-routes.ts';
import { answerProblems } from './problem-responses.ts';

export function createPlainDoor(parts: CaRoutesParts): Koa {
  const app = new Koa();
  redirectInPlainText(app);
  app.use(answerProblems());
  app.use((ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    return next();
  });
  app.use(mountRoutes(caRoutes(parts)));
  app.use((ctx) => {
    if ((ctx.method === 'GET' || ctx.method === 'HEAD') && prefersPage(ctx)) return ctx.redirect(CA_PATH);
    throw new Problem('bad_request', 'This port speaks https. It was asked over plain http.', {
      hint: `Use https:// and trust the certificate authority that ${CA_PATH}.pem serves; GET ${CA_PATH} says how.`,
    });
  });
  // Whoever leaves before the answer is complete is nothing to report.
  app.silent = true;
  return app;
}
