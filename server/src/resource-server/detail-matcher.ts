// Judges approved details of one type with the type's own shape, where equality with the action at hand is not the question:
// "up to 50 EUR", "to somebody in this list". Takes any schema that speaks Standard Schema (zod, valibot, arktype).
import type { AuthorizationDetail } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';
import type { DetailsMatcher } from './token-verifier.ts';

/** The part of Standard Schema 1 that is used here. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    validate(value: unknown): Judged<Output> | Promise<Judged<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type Judged<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: ReadonlyArray<{
        readonly message: string;
        readonly path?: readonly unknown[] | undefined;
      }>;
    };

export interface DetailMatcherOptions<Detail> {
  /** The one type that must have been approved. */
  readonly type: string;
  /** What such a detail looks like. A member that it drops is a right that nobody has looked at, and refuses the token. */
  readonly schema: StandardSchema<Detail>;
  /** Accepts by answering `true`; text says why not. */
  readonly judge: (detail: Detail) => true | string;
}

/**
 * Makes a matcher for exactly one approved detail.
 *
 * @example
 * ```ts
 * const upTo50 = matchDetail({
 *   type: 'transfer_funds',
 *   schema: z.strictObject({ type: z.string(), to: z.string(), amount: z.coerce.number(), currency: z.literal('EUR') }),
 *   judge: ({ amount }) => amount <= 50 || `${amount} EUR is more than 50`,
 * });
 * verifier.verify(request, { details: upTo50 });
 * ```
 */
export function matchDetail<Detail>(options: DetailMatcherOptions<Detail>): DetailsMatcher {
  const { type, schema, judge } = options;
  return (approved) => {
    const [detail, ...more] = approved;
    if (!detail || more.length > 0)
      return `${approved.length} were approved, expected exactly one of ${type}`;
    if (detail.type !== type) return `${detail.type} was approved, expected ${type}`;
    const judged = schema['~standard'].validate(detail);
    if (judged instanceof Promise) throw new TypeError('the schema of a detail must not be asynchronous');
    if (judged.issues) return judged.issues.map(describeIssue).join('; ');
    const ignored = findIgnored(detail, judged.value, '/0');
    if (ignored.length > 0) return `nobody looks at ${ignored.join(' and ')}`;
    return judge(judged.value);
  };
}

function describeIssue({
  message,
  path = [],
}: {
  message: string;
  path?: readonly unknown[] | undefined;
}): string {
  // Standard Schema: a segment is a key, or an object that has one.
  const keys = path.map((segment) => (isJsonObject(segment) ? segment['key'] : segment));
  return `/0${keys.map((key) => `/${String(key)}`).join('')}: ${message}`;
}

/** Members of the approved detail that are gone in what the schema made of it. */
function findIgnored(detail: AuthorizationDetail | unknown, kept: unknown, path: string): string[] {
  if (Array.isArray(detail) && Array.isArray(kept)) {
    return detail.flatMap((item, index) => {
      const inside = appendToPointer(path, index);
      return index < kept.length ? findIgnored(item, kept[index], inside) : [inside];
    });
  }
  if (!isJsonObject(detail) || !isJsonObject(kept)) return [];
  return Object.keys(detail).flatMap((key) => {
    const inside = appendToPointer(path, key);
    return Object.hasOwn(kept, key) ? findIgnored(detail[key], kept[key], inside) : [inside];
  });
}
