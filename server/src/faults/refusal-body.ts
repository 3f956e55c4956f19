// What a server under strain says, in the shape of the API that was asked. auth0: Rate Limit Policy, with its three headers.
import { STATUS_CODES } from 'node:http';
import type { Context } from 'koa';

/** Of a tenant that has been asked too often. */
const RATE_LIMIT = { limit: 10, windowSeconds: 1 };

const OAUTH_CODES: Readonly<Record<number, string>> = {
  429: 'too_many_requests',
  // RFC 6749 §4.1.2.1 has the two words that follow.
  503: 'temporarily_unavailable',
};

export function answerInstead(
  ctx: Context,
  {
    status,
    retryAfter,
    places,
    nowMs,
  }: { status: number; retryAfter: number | undefined; places: readonly string[]; nowMs: number },
): void {
  ctx.status = status;
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  if (status === 429) {
    ctx.set('x-ratelimit-limit', String(RATE_LIMIT.limit));
    ctx.set('x-ratelimit-remaining', '0');
    ctx.set('x-ratelimit-reset', String(Math.floor(nowMs / 1000) + (retryAfter ?? RATE_LIMIT.windowSeconds)));
  }
  const reason = STATUS_CODES[status] ?? 'Error';
  const message = status === 429 ? 'Global limit has been reached' : reason;
  const errorCode = OAUTH_CODES[status] ?? 'server_error';
  if (places.includes('management')) ctx.body = { statusCode: status, error: reason, message, errorCode };
  else if (places.includes('guardian')) {
    ctx.body = { statusCode: status, error: reason, message, errorCode, description: message };
  } else ctx.body = { error: errorCode, error_description: message };
}
