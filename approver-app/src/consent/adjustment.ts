// What the person at the screen makes of a request, as far as its types let them: struck out and chosen. Nothing of it leaves
// the page but the array of details that it comes to, inside the signed answer. The server judges that array again.
import type { ApprovalView, AuthorizationDetail, ConsentChoice, ConsentView } from 'assent/contract';

export interface Adjustment {
  /** What was struck out: the number of a detail, or number and JSON Pointer of a list's member. */
  readonly struck: ReadonlySet<string>;
  /** Places of the chosen options, by number and JSON Pointer of the member. */
  readonly chosen: ReadonlyMap<string, readonly number[]>;
}

export const AS_ASKED: Adjustment = { struck: new Set(), chosen: new Map() };

/** Names something in one of the details. */
export function placeOf(entry: number, path = ''): string {
  return `${entry}${path}`;
}

export function toggleStruck({ struck, chosen }: Adjustment, place: string): Adjustment {
  const next = new Set(struck);
  if (!next.delete(place)) next.add(place);
  return { struck: next, chosen };
}

export function toggleChosen(
  { struck, chosen }: Adjustment,
  place: string,
  option: number,
  isMany: boolean,
): Adjustment {
  const before = chosen.get(place) ?? [];
  const without = before.filter((one) => one !== option);
  const now = !isMany ? [option] : without.length < before.length ? without : [...before, option];
  return {
    struck,
    chosen: new Map(chosen).set(
      place,
      now.toSorted((a, b) => a - b),
    ),
  };
}

/** Whether something is left to choose before the person can say that this is what they grant. */
export function hasOpenChoice({ sections }: ConsentView, { struck, chosen }: Adjustment): boolean {
  return sections.some(
    ({ may }, entry) =>
      !struck.has(placeOf(entry)) &&
      may?.choose.some(({ path }) => (chosen.get(placeOf(entry, path)) ?? []).length === 0) === true,
  );
}

/** How many things differ from what was asked. */
export function countChanges({ struck, chosen }: Adjustment): number {
  return struck.size + [...chosen.values()].filter((options) => options.length > 0).length;
}

/** What is granted; undefined where that is all that was asked. */
export function grantedDetails(
  { authorization_details: asked = [], consent }: Pick<ApprovalView, 'authorization_details' | 'consent'>,
  adjustment: Adjustment,
): AuthorizationDetail[] | undefined {
  if (countChanges(adjustment) === 0) return undefined;
  return asked.flatMap((detail, entry) => {
    if (adjustment.struck.has(placeOf(entry))) return [];
    const may = consent.sections[entry]?.may;
    let granted: unknown = detail;
    for (const path of may?.shorten ?? [])
      granted = replaceAt(granted, path, (list) => without(list, adjustment, entry, path));
    for (const choice of may?.choose ?? []) {
      const options = adjustment.chosen.get(placeOf(entry, choice.path)) ?? [];
      if (options.length > 0) granted = replaceAt(granted, choice.path, () => valueFrom(choice, options));
    }
    // What is replaced is in it, not it.
    return [granted as AuthorizationDetail];
  });
}

function without(list: unknown, { struck }: Adjustment, entry: number, path: string): unknown {
  return Array.isArray(list)
    ? list.filter((_member, at) => !struck.has(placeOf(entry, `${path}/${at}`)))
    : list;
}

function valueFrom({ many, options }: ConsentChoice, chosen: readonly number[]): unknown {
  const values = chosen.map((at) => options[at]?.value);
  return many ? values : values[0];
}

/** A copy in which another value stands at a JSON Pointer. RFC 6901 §4. */
function replaceAt(value: unknown, pointer: string, replace: (before: unknown) => unknown): unknown {
  if (pointer === '') return replace(value);
  const [, name = '', ...rest] = pointer.split('/');
  const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
  const after = rest.map((part) => `/${part}`).join('');
  if (Array.isArray(value))
    return value.map((one, at) => (String(at) === key ? replaceAt(one, after, replace) : one));
  if (typeof value !== 'object' || value === null) return value;
  const before: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return { ...value, [key]: replaceAt(before, after, replace) };
}
