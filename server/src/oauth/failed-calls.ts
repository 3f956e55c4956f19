// What programs are told when something fails that nobody foresaw, whichever way their answer was to take: the words of
// RFC 6749 §5.2 and §4.1.2.1, never the cause. That is for whoever runs the server.
import type { Context, Middleware } from 'koa';
import { Problem } from '../problem.ts';
import { warnOfFailure } from '../warnings.ts';
import { API_PATHS, ROUTES } from './auth0-dialect.ts';
import { answersOutage } from './outage-answer.ts';

/** What programs call, and read errors of as OAuth writes them. */
export const CALLED_PATHS: readonly string[] = [...API_PATHS, ROUTES.userinfo];

export interface FailedCallsParts {
  /** Whether this is such a path. */
  isCall(path: string): boolean;
  /** Whoever still works then finds things closed, which is no failure. */
  isStopping(): boolean;
}

/** In front of everything that can fail on the way to an answer. What is the caller's mistake passes. */
export function answerFailedCalls({ isCall, isStopping }: FailedCallsParts): Middleware {
  const answer = (ctx: Context, error: unknown): void => {
    if (isMistakeOfCaller(error)) throw error;
    // The provider was to write the answer, and never came to it.
    if (!ctx.headerSent) ctx.respond = true;
    if (answersOutage(ctx, error)) return;
    const stopping = new Problem('not_ready', 'The server is stopping.', { status: 503 });
    if (isStopping() && answersOutage(ctx, stopping)) return;
    warnOfFailedCall(ctx, error);
    answerServerError(ctx, error);
  };
  return (ctx, next) => (isCall(ctx.path) ? next().catch((error: unknown) => answer(ctx, error)) : next());
}

/** Tells whoever runs the server. */
export function warnOfFailedCall(ctx: Context, error: unknown): void {
  warnOfFailure(`${ctx.method} ${ctx.path} failed`, error);
}

/** Tells the caller, whose mistake it was not. */
export function answerServerError(ctx: Context, error: unknown): void {
  ctx.status = 500;
  ctx.body = {
    error: 'server_error',
    error_description:
      error instanceof Problem ? error.message : 'Assent failed to answer. Its log has the cause.',
  };
}

/** Packages mark errors that may be shown with `expose` and a 4xx `status` (http-errors). */
function isMistakeOfCaller(error: unknown): boolean {
  if (error instanceof Problem) return error.status < 500;
  return error instanceof Error && 'expose' in error && error.expose === true;
}
