// Lists as the Management API gives them: a bare array, one page with totals, or a stretch after a checkpoint.
// auth0: Pagination. Also `fields`, which picks members of each item.
import { z } from 'zod';
import { invalidQuery } from './management-error.ts';
import { booleanText, integerText } from './payload.ts';

const MOST_PER_PAGE = 100;
const USUAL_PER_PAGE = 50;

export const fieldsQuery = {
  fields: z.string().optional(),
  include_fields: booleanText.optional(),
};

export const fieldsQuerySchema = z.object(fieldsQuery);

/** Members that every list takes. */
export const listQuery = {
  ...fieldsQuery,
  page: integerText(0, 1_000_000).optional(),
  per_page: integerText(1, MOST_PER_PAGE).optional(),
  include_totals: booleanText.optional(),
  from: z.string().optional(),
  take: integerText(1, MOST_PER_PAGE).optional(),
};

export const listQuerySchema = z.object(listQuery);
export type ListQuery = z.output<typeof listQuerySchema>;

export interface ListOptions<T> {
  /** Name of the array where it stands in an object: `clients`. */
  name: string;
  /** What a checkpoint says: the last item that was given. */
  idOf(item: T): string;
  /** Of lists that never come as a bare array. */
  isAlwaysWrapped?: boolean;
}

/** One answer of a list. */
export function listOf<T extends object>(
  items: readonly T[],
  query: ListQuery,
  options: ListOptions<T>,
): unknown {
  const pick = (stretch: readonly T[]): unknown[] => stretch.map((item) => pickFields(item, query));
  if (query.take !== undefined || query.from !== undefined || (options.isAlwaysWrapped && !isPaged(query))) {
    const { stretch, next } = stretchAfter(items, query, options);
    return { [options.name]: pick(stretch), ...(next === undefined ? {} : { next }) };
  }
  const limit = query.per_page ?? USUAL_PER_PAGE;
  const start = (query.page ?? 0) * limit;
  const stretch = isPaged(query) ? items.slice(start, start + limit) : items;
  if (!query.include_totals)
    return options.isAlwaysWrapped ? { [options.name]: pick(stretch) } : pick(stretch);
  return {
    start,
    limit,
    length: stretch.length,
    total: items.length,
    [options.name]: pick(stretch),
  };
}

function isPaged(query: ListQuery): boolean {
  return query.page !== undefined || query.per_page !== undefined || query.include_totals === true;
}

function stretchAfter<T>(
  items: readonly T[],
  query: ListQuery,
  { idOf }: ListOptions<T>,
): { stretch: readonly T[]; next: string | undefined } {
  let begin = 0;
  if (query.from !== undefined) {
    const last = Buffer.from(query.from, 'base64url').toString();
    const place = items.findIndex((item) => idOf(item) === last);
    if (place < 0) {
      throw invalidQuery(
        `'from' is no checkpoint of this list: "${query.from}". Leave it out to begin again.`,
      );
    }
    begin = place + 1;
  }
  const end = begin + (query.take ?? USUAL_PER_PAGE);
  const stretch = items.slice(begin, end);
  const last = stretch.at(-1);
  const next =
    end < items.length && last !== undefined ? Buffer.from(idOf(last)).toString('base64url') : undefined;
  return { stretch, next };
}

/** The members that `fields` names, or all but those. */
export function pickFields(
  item: object,
  query: { fields?: string | undefined; include_fields?: boolean | undefined },
): object {
  if (query.fields === undefined || query.fields === '') return item;
  const named = new Set(query.fields.split(',').map((name) => name.trim()));
  const isIncluded = query.include_fields ?? true;
  return Object.fromEntries(Object.entries(item).filter(([name]) => named.has(name) === isIncluded));
}
