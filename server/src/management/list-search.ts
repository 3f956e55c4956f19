// Which items of a list a query means, people or log entries, and in which order. Compares as Auth0's search does: whole values, without regard to case,
// any item of a list. auth0: User Search Query Syntax, Sort Search Results.
import { type Bound, parseLucene, type Query } from './lucene-query.ts';
import { invalidQuery } from './management-error.ts';

/** Where a person is looked for by a value without a field. */
export const NAMING_FIELDS: readonly string[] = [
  'user_id',
  'email',
  'name',
  'nickname',
  'given_name',
  'family_name',
  'username',
  'phone_number',
];

/**
 * @param namingFields where a value without a field is looked for
 * @throws ManagementError 400 `invalid_query_string`
 */
export function searchItems<T extends object>(
  items: readonly T[],
  query: string | undefined,
  namingFields: readonly string[],
): readonly T[] {
  if (query === undefined || query.trim() === '') return items;
  const isMeant = toTest(parseLucene(query), namingFields);
  return items.filter((item) => isMeant(new Values(item)));
}

/** @param order `created_at:-1`; auth0: Sort Search Results */
export function sortItems<T extends object>(items: readonly T[], order: string | undefined): readonly T[] {
  if (order === undefined || order === '') return items;
  const [, field = '', direction] = /^([\w.-]+):(1|-1)$/.exec(order) ?? [];
  if (direction === undefined) {
    throw invalidQuery(`'sort' is "${order}", expected a field and a direction, such as created_at:-1.`);
  }
  const key = (item: T): string | undefined => valuesAt(item, field)[0];
  return [...items].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    // Whatever has no such value stands at the end, either way.
    if (one === undefined || other === undefined)
      return Number(one === undefined) - Number(other === undefined);
    return compare(one, other) * Number(direction);
  });
}

/** What is at each path of one item, found once, however often a query asks. */
class Values {
  readonly #item: object;
  readonly #found = new Map<string, readonly string[]>();

  constructor(item: object) {
    this.#item = item;
  }

  at(path: string): readonly string[] {
    const found = this.#found.get(path) ?? valuesAt(this.#item, path).map((value) => value.toLowerCase());
    this.#found.set(path, found);
    return found;
  }
}

type Test = (values: Values) => boolean;

/** What a query asks of each item, prepared once for all of them. */
function toTest(query: Query, namingFields: readonly string[]): Test {
  switch (query.kind) {
    case 'and': {
      const parts = query.parts.map((part) => toTest(part, namingFields));
      return (values) => parts.every((part) => part(values));
    }
    case 'or': {
      const parts = query.parts.map((part) => toTest(part, namingFields));
      return (values) => parts.some((part) => part(values));
    }
    case 'not': {
      const part = toTest(query.part, namingFields);
      return (values) => !part(values);
    }
    case 'exists':
      return (values) => values.at(query.field).length > 0;
    case 'match': {
      const fields = query.field === undefined ? namingFields : [query.field];
      const isMatch = toMatch(query);
      return (values) => fields.some((field) => values.at(field).some(isMatch));
    }
    case 'range':
      return (values) =>
        values
          .at(query.field)
          .some((value) => isWithin(value, query.from, 1) && isWithin(value, query.to, -1));
  }
}

/** Everything at a path such as `app_metadata.plan.name`, as text. Lists along the way are entered. */
function valuesAt(item: object, path: string): string[] {
  let found: unknown[] = [item];
  for (const name of path.split('.')) {
    found = found.flatMap((value) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? [Reflect.get(value, name) as unknown].flat()
        : [],
    );
  }
  return found.flatMap((value) => {
    if (value === undefined || value === null) return [];
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

function toMatch({ text, isQuoted }: Query & { kind: 'match' }): (found: string) => boolean {
  const wanted = text.toLowerCase();
  if (isQuoted) return (found) => found === wanted;
  // An escaped star is one of the value.
  const pieces = wanted.split(/(?<!\\)\*/).map((piece) => piece.replaceAll('\\*', '*'));
  return (found) => isInOrder(pieces, found);
}

/** Whether `found` is the pieces with any text between them. Each is looked for once, so no pattern takes long. */
function isInOrder(pieces: readonly string[], found: string): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return first === found;
  if (!found.startsWith(first)) return false;
  let place = first.length;
  for (const piece of rest) {
    const at = found.indexOf(piece, place);
    if (at < 0) return false;
    place = at + piece.length;
  }
  return found.length - last.length >= place && found.endsWith(last);
}

/** @param side 1 for a lower bound, -1 for an upper one */
function isWithin(value: string, bound: Bound | undefined, side: 1 | -1): boolean {
  if (bound === undefined) return true;
  const order = compare(value, bound.text) * side;
  return order > 0 || (order === 0 && bound.isIncluded);
}

/** Numbers as numbers; all other texts by their letters, which is right for dates as well. */
function compare(one: string, other: string): number {
  const [a, b] = [Number(one), Number(other)];
  if (one.trim() !== '' && other.trim() !== '' && !Number.isNaN(a) && !Number.isNaN(b))
    return Math.sign(a - b);
  const [x, y] = [one.toLowerCase(), other.toLowerCase()];
  return x < y ? -1 : Number(x > y);
}
