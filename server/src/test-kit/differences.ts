// Whether a request is the one that a test means, and if not, where it differs. Behind `nextApproval` and the matchers, so
// that what is waited for and what is expected are judged alike.
import type { ApprovalView, AuthorizationDetail } from '../contract/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';

/**
 * Part of one authorization detail: members that are named must be equal, others may be there. A RegExp fits a text, and
 * `expect.any(…)` and its kind fit what they fit. Lists must have the same length.
 */
export type ExpectedDetail = Readonly<Record<string, unknown>>;

/** One detail among those that are asked for; a list of exactly these, in this order; or a judgement over all of them. */
export type ExpectedDetails =
  | ExpectedDetail
  | readonly ExpectedDetail[]
  | ((details: readonly AuthorizationDetail[]) => boolean);

export interface ExpectedRequest {
  /** `user_id` or name of the person who is asked. */
  user?: string;
  /** `client_id` or name of the program that asks. */
  client?: string;
  /** Text that is equal, or an expression that fits. */
  bindingMessage?: string | RegExp;
  details?: ExpectedDetails;
}

/** Every difference in words; none means that the request is the one that is meant. */
export function findRequestDifferences(asked: ApprovalView, expected: ExpectedRequest): string[] {
  const { user, client, bindingMessage, details } = expected;
  return [
    ...(user === undefined
      ? []
      : differsFromAll('user', [asked.approver.user_id, asked.approver.name], user)),
    ...(client === undefined
      ? []
      : differsFromAll('client', [asked.client.client_id, asked.client.name], client)),
    ...(bindingMessage === undefined
      ? []
      : findBindingMessageDifference(asked.binding_message, bindingMessage)),
    ...(details === undefined ? [] : findDetailsDifferences(asked.authorization_details ?? [], details)),
  ];
}

function differsFromAll(what: string, asked: readonly string[], expected: string): string[] {
  return asked.includes(expected)
    ? []
    : [`${what}: asked ${show(asked[0])} (${asked[1]}), expected ${show(expected)}`];
}

export function findBindingMessageDifference(asked: string, expected: string | RegExp): string[] {
  return fits(asked, expected) ? [] : [`binding message: asked ${show(asked)}, expected ${show(expected)}`];
}

export function findDetailsDifferences(
  asked: readonly AuthorizationDetail[],
  expected: ExpectedDetails,
): string[] {
  if (typeof expected === 'function') {
    // An unfinished judgement must not pass: only `true` does.
    return expected(asked) === true ? [] : [`details: asked ${show(asked)}, which the function refuses`];
  }
  const found: string[] = [];
  if (isList(expected)) {
    compare(asked, expected, '', found);
    return found;
  }
  if (asked.length === 0) return [`details: asked none, expected ${show(expected)}`];
  const each = asked.map((detail, index) => {
    const differences: string[] = [];
    compare(detail, expected, `/${index}`, differences);
    return differences;
  });
  // The nearest one is what was meant.
  return each.reduce((nearest, one) => (one.length < nearest.length ? one : nearest));
}

function isList(value: ExpectedDetail | readonly ExpectedDetail[]): value is readonly ExpectedDetail[] {
  return Array.isArray(value);
}

function compare(asked: unknown, expected: unknown, path: string, found: string[]): void {
  if (Array.isArray(asked) && Array.isArray(expected)) {
    if (asked.length !== expected.length)
      found.push(`${path || 'details'}: asked ${asked.length} elements, expected ${expected.length}`);
    expected.forEach((element, index) => {
      if (index < asked.length) compare(asked[index], element, appendToPointer(path, index), found);
    });
  } else if (isJsonObject(asked) && isPlainObject(expected)) {
    for (const [name, member] of Object.entries(expected))
      compare(asked[name], member, appendToPointer(path, name), found);
  } else if (!fits(asked, expected)) {
    found.push(`${path || 'details'}: asked ${show(asked)}, expected ${show(expected)}`);
  }
}

function isPlainObject(value: unknown): value is JsonObject {
  return isJsonObject(value) && !(value instanceof RegExp) && !isAsymmetric(value);
}

function fits(asked: unknown, expected: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(asked);
  if (!(expected instanceof RegExp)) return Object.is(asked, expected);
  // An expression with the flag g or y goes on from its last match; each question begins anew.
  return (
    typeof asked === 'string' && new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(asked)
  );
}

/** What `expect.any`, `expect.stringContaining` and their kind return, in Vitest and in Playwright. */
interface Asymmetric {
  asymmetricMatch(other: unknown): boolean;
  sample?: unknown;
  toAsymmetricMatcher?(): string;
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return isJsonObject(value) && typeof value['asymmetricMatch'] === 'function';
}

const LONGEST_SHOWN_VALUE = 200;

export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof RegExp || isAsymmetric(value)) return nameMatcher(value);
  const text = JSON.stringify(value, nameMatchersWithin) ?? String(value);
  return text.length > LONGEST_SHOWN_VALUE ? `${text.slice(0, LONGEST_SHOWN_VALUE)}…` : text;
}

function nameMatchersWithin(_name: string, value: unknown): unknown {
  return value instanceof RegExp || isAsymmetric(value) ? nameMatcher(value) : value;
}

function nameMatcher(value: RegExp | Asymmetric): string {
  if (value instanceof RegExp) return String(value);
  return value.toAsymmetricMatcher?.() ?? `${String(value)} ${show(value.sample)}`;
}
