// Filters as people type them: `state:pending client:demo-agent rent`. What has a name is compared with that field; the rest is looked
// for everywhere. Pure.

export interface FilterTerm {
  /** As typed: `state:pending`. */
  text: string;
  /** Undefined: anywhere. */
  field: string | undefined;
  value: string;
}

/** What a row offers to be compared with, by name. */
export type FilterFields = Readonly<Record<string, readonly string[]>>;

export function readFilter(text: string): FilterTerm[] {
  return [...text.matchAll(/(?:([\w-]+):)?("[^"]*"?|\S+)/g)].map(([whole, field, value = '']) => ({
    text: whole,
    field: field?.toLowerCase(),
    value: value.replaceAll('"', '').toLowerCase(),
  }));
}

/** Names that no row of this list has. */
export function unknownFields(terms: readonly FilterTerm[], known: readonly string[]): string[] {
  return terms.flatMap(({ field }) => (field === undefined || known.includes(field) ? [] : [field]));
}

/** All terms must hold. Of a field named `state` the whole value must be right, of others a part is enough. */
export function matchesFilter(terms: readonly FilterTerm[], fields: FilterFields): boolean {
  return terms.every(({ field, value }) => {
    if (field === undefined)
      return Object.values(fields).some((values) => values.some((one) => one.toLowerCase().includes(value)));
    const values = fields[field];
    if (values === undefined) return true;
    return values.some((one) =>
      field === 'state' ? one.toLowerCase() === value : one.toLowerCase().includes(value),
    );
  });
}

/** `client:demo-agent`, with quotes where the value needs them. */
export function writeTerm(field: string, value: string): string {
  return `${field}:${/\s/.test(value) ? `"${value}"` : value}`;
}

export function withoutTerm(terms: readonly FilterTerm[], gone: FilterTerm): string {
  return terms
    .filter((term) => term !== gone)
    .map(({ text }) => text)
    .join(' ');
}
