// Reads what callers send, never more than fits, and names every finding of the schema at once.
import type Koa from 'koa';
import { getRawBody } from 'raw-body';
import { DEEPEST_LEVEL, isNestedTooDeeply } from '../json-object.ts';
import { Problem } from '../problem.ts';

/** Longest body that most routes need is a few hundred bytes of JSON and two signatures. */
const LONGEST_BODY_BYTES = 64 * 1024;

/** The part of a zod schema that reading needs. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: ReadonlyArray<{ path: PropertyKey[]; message: string }> } };
}

/** The JSON body, checked against `schema`. The content type is checked for all routes, by `requireSameOrigin`. */
export async function readJson<T>(
  ctx: Koa.Context,
  schema: Schema<T>,
  longestBytes = LONGEST_BODY_BYTES,
  deepestLevel = DEEPEST_LEVEL,
): Promise<T> {
  const text = await readText(ctx, longestBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const received = text.trim() === '' ? 'an empty body' : 'a body that is not JSON';
    throw new Problem('bad_request', `Received ${received}, expected a JSON object.`, { cause });
  }
  if (isNestedTooDeeply(value, deepestLevel)) {
    throw new Problem('bad_request', `Received a body that is nested more than ${deepestLevel} deep.`);
  }
  return check(value, schema, 'body');
}

/** The query, checked against `schema`. */
export function readQuery<T>(ctx: Koa.Context, schema: Schema<T>): T {
  return check({ ...ctx.query }, schema, 'query');
}

/**
 * Only a content type that browsers ask permission for: a foreign page's form or beacon cannot send it.
 * Fetch Standard §2.2.2, "CORS-safelisted request-header".
 */
export function requireJson(ctx: Koa.Context): void {
  if (ctx.request.type !== 'application/json') {
    const received = ctx.request.type === '' ? 'no content type' : ctx.request.type;
    throw new Problem('unsupported_media_type', `Received ${received}, expected application/json.`, {
      status: 415,
      hint: 'Send the header Content-Type: application/json and a JSON body.',
    });
  }
  const coding = ctx.get('Content-Encoding');
  if (coding !== '' && coding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported_media_type', `Received a body in ${coding}, expected it uncompressed.`, {
      status: 415,
    });
  }
}

async function readText(ctx: Koa.Context, longestBytes: number): Promise<string> {
  try {
    return await getRawBody(ctx.req, {
      length: ctx.req.headers['content-length'] ?? null,
      limit: longestBytes,
      encoding: 'utf-8',
    });
  } catch (cause) {
    if (!(cause instanceof Error && 'type' in cause)) throw cause;
    if (cause.type !== 'entity.too.large') {
      throw new Problem('bad_request', 'The body ended early or has another length than announced.', {
        cause,
      });
    }
    throw new Problem('too_large', `Received a body of more than ${longestBytes / 1024} KB.`, {
      status: 413,
      cause,
    });
  }
}

function check<T>(value: unknown, schema: Schema<T>, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const findings = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new Problem('bad_request', `The ${where} is not as expected: ${findings.join('; ')}.`, { findings });
}
