// Reads what a form of these pages sends.
import type Koa from 'koa';
import { getRawBody } from 'raw-body';
import { Problem } from '../problem.ts';

/** A name, a token and little else. */
const LONGEST_FORM_BYTES = 4 * 1024;

/** Of a field that was sent twice, the first. @throws Problem `unsupported_media_type`, `too_large`, `bad_request` */
export async function readForm(ctx: Koa.Context): Promise<(name: string) => string | undefined> {
  if (ctx.request.type !== 'application/x-www-form-urlencoded') {
    const received = ctx.request.type === '' ? 'no content type' : ctx.request.type;
    throw new Problem(
      'unsupported_media_type',
      `Received ${received}, expected application/x-www-form-urlencoded.`,
      { status: 415, hint: 'Use the form of the page.' },
    );
  }
  try {
    const length = ctx.req.headers['content-length'] ?? null;
    const text = await getRawBody(ctx.req, { length, limit: LONGEST_FORM_BYTES, encoding: 'utf-8' });
    const fields = new URLSearchParams(text);
    return (name) => fields.get(name) ?? undefined;
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'type' in cause && cause.type === 'entity.too.large';
    if (isTooLarge)
      throw new Problem('too_large', `Received a form of more than ${LONGEST_FORM_BYTES / 1024} KB.`, {
        status: 413,
        cause,
      });
    throw new Problem('bad_request', 'The form ended early or has another length than announced.', { cause });
  }
}
