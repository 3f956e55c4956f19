// Problem → HTTP, after RFC 9457. Whatever a caller sends is answered with a 4xx and logged nowhere; only what went wrong
// on this side becomes a 500, whose cause is reported here and never shown.
import type Koa from 'koa';
import { Problem, type ProblemCode } from '../problem.ts';
import { warnOfFailure } from '../warnings.ts';

/** `title` of each code: the same for every occurrence. RFC 9457 §3.1.3. */
export const PROBLEM_TITLES: Record<ProblemCode, string> = {
  bad_request: 'The request cannot be understood',
  browser_failed: 'The browser does not start',
  browser_missing: 'There is no such browser',
  certificate_unusable: 'The certificate cannot be used',
  command_missing: 'There is no such command',
  command_not_executable: 'The command may not be run',
  config_invalid: 'The tenant file has mistakes',
  config_unreadable: 'The tenant file cannot be read',
  control_token_invalid: 'The control API needs its token',
  data_file_in_use: 'Another process uses the data file',
  data_file_unusable: 'The data file cannot be used',
  data_folder_in_use: 'Another server uses the data folder',
  device_unknown: 'This device is not paired',
  file_exists: 'The file is there already',
  forbidden: 'Not from here',
  method_not_allowed: 'Not with this method',
  not_found: 'There is no such thing',
  not_ready: 'Not ready yet',
  output_unwritable: 'The result cannot be written',
  passkey_invalid: 'The passkey does not prove it',
  passkey_required: 'Approving needs a passkey',
  passkey_unavailable: 'No passkey can be used here',
  port_in_use: 'The port is in use',
  port_not_allowed: 'The port may not be used',
  profile_in_use: 'The browser profile is in use',
  proof_invalid: 'The signature does not prove it',
  scene_stuck: 'The scene cannot be played to its end',
  server_unreachable: 'The server does not answer',
  signing_key_unusable: 'The signing key cannot be used',
  snapshot_unusable: 'The snapshot cannot be used',
  store_unavailable: 'What is kept cannot be used right now',
  store_unusable: 'The store cannot be used',
  too_large: 'Too large',
  unsupported_media_type: 'Not the expected content type',
  usage: 'Wrong usage',
};

/** Codes for the statuses that packages below us throw. */
const CODES_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  415: 'unsupported_media_type',
};

/** RFC 9457 §3. */
export function describeProblem({ code, status, message, hint, findings }: Problem): object {
  return {
    type: `urn:assent:problem:${code}`,
    title: PROBLEM_TITLES[code],
    status,
    detail: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(findings.length === 0 ? {} : { findings }),
  };
}

/** Writes `problem` as the answer. */
export function answerProblem(ctx: Koa.Context, problem: Problem): void {
  const { status } = problem;
  ctx.status = status;
  // RFC 9110 §11.6.1: a 401 names the scheme that would help.
  if (status === 401 && !ctx.response.get('WWW-Authenticate')) ctx.set('WWW-Authenticate', 'Device');
  // RFC 9110 §15.6.4: what passes by itself is worth another try.
  if (status === 503 && !ctx.response.get('Retry-After')) ctx.set('Retry-After', '1');
  ctx.body = describeProblem(problem);
  ctx.type = 'application/problem+json';
}

/**
 * Outermost middleware: every failure below it becomes an answer.
 *
 * @param isStopping whoever still works then finds things closed; that is no failure, and most have nobody left to answer
 */
export function answerProblems(isStopping: () => boolean = () => false): Koa.Middleware {
  return async (ctx, next) => {
    try {
      requireReadableTarget(ctx);
      await next();
    } catch (error) {
      const problem = error instanceof Problem ? error : findCallersMistake(error);
      if (problem) return answerProblem(ctx, problem);
      if (isStopping())
        return answerProblem(ctx, new Problem('not_ready', 'The server is stopping.', { status: 503 }));
      warnOfFailure(`${ctx.method} ${ctx['_matchedRoute'] ?? ctx.path} failed`, error);
      ctx.status = 500;
      ctx.body = {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'Assent failed to answer. Its log has the cause.',
      };
      ctx.type = 'application/problem+json';
    }
  };
}

/** A request may name a whole URL, RFC 9112 §3.2.2. Koa reads it at the first use of the path, and throws where it is none. */
function requireReadableTarget(ctx: Koa.Context): void {
  try {
    void ctx.path;
  } catch (cause) {
    throw new Problem('bad_request', 'Received a request for something that is no URL.', { cause });
  }
}

/** Packages mark errors that may be shown with `expose` and a 4xx `status` (http-errors). */
function findCallersMistake(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('expose' in error) || error.expose !== true) return undefined;
  if (!('status' in error) || typeof error.status !== 'number') return undefined;
  const { status } = error;
  if (status < 400 || status > 499) return undefined;
  return new Problem(CODES_BY_STATUS[status] ?? 'bad_request', error.message, { status });
}
