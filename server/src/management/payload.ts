// Checks what callers send against a schema, and words the first finding as Auth0's validator does, because programs and
// people recognise it: Payload validation error: 'Expected type string but found type number' on property name.
import { z } from 'zod';
import { invalidBody, invalidQuery, type ManagementError } from './management-error.ts';

type Issue = z.core.$ZodIssue;

/** @throws ManagementError 400 `invalid_body` */
export function checkBody<T extends z.ZodType>(body: unknown, schema: T): z.output<T> {
  return check(body, schema, invalidBody);
}

/** @throws ManagementError 400 `invalid_query_string` */
export function checkQuery<T extends z.ZodType>(query: unknown, schema: T): z.output<T> {
  return check(query, schema, invalidQuery);
}

function check<T extends z.ZodType>(
  value: unknown,
  schema: T,
  refuse: (message: string) => ManagementError,
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(issue ? wordIssue(issue, value) : 'The value is not as expected.');
}

function wordIssue(issue: Issue, value: unknown): string {
  const found = issue.path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
  const property = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return `'Additional properties not allowed: ${issue.keys.join(', ')}'${on(property)}.`;
  }
  if (found === undefined && issue.path.length > 0) {
    const parent = issue.path.slice(0, -1).map(String).join('.');
    return `'Missing required property: ${String(issue.path.at(-1))}'${on(parent)}.`;
  }
  return `'${wordMismatch(issue, found)}'${on(property)}.`;
}

function on(property: string): string {
  return property === '' ? '' : ` on property ${property}`;
}

function wordMismatch(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected type ${typeNames[issue.expected] ?? issue.expected} but found type ${typeOf(found)}`;
    case 'invalid_value':
      return `No enum match for: ${String(found)}, expected one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `String is too short (${String(found).length} chars), minimum ${issue.minimum}`
        : issue.origin === 'array'
          ? `Array is too short (${lengthOf(found)}), minimum ${issue.minimum}`
          : `Value ${String(found)} is less than minimum ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `String is too long (${String(found).length} chars), maximum ${issue.maximum}`
        : issue.origin === 'array'
          ? `Array is too long (${lengthOf(found)}), maximum ${issue.maximum}`
          : `Value ${String(found)} is greater than maximum ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? `String does not match pattern ${issue.pattern ?? ''}: ${String(found)}`
        : `Object didn't pass validation for format ${issue.format}: ${String(found)}`;
    case 'invalid_union':
      return issue.errors
        .flat()
        .map((one) => wordMismatch(one, found))
        .join(', or ');
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = { int: 'integer', record: 'object' };

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && Number.isInteger(value)) return 'integer';
  return typeof value;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** A number in a query. */
export const integerText = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'Expected type integer but found type string')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum));

/** `true` or `false` in a query. */
export const booleanText = z.enum(['true', 'false']).transform((text) => text === 'true');
