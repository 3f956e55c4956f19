// A text that is JSON and means the same as YAML, read the short way.

/** Undefined for what has to be read as YAML: no JSON, a name twice in one object, or a merge key. */
export function readPlainJson(text: string): { value: unknown } | undefined {
  const first = text.trimStart().at(0);
  if (first !== '{' || text.includes('"<<"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // YAML refuses a name that is there twice; of those JSON keeps the last.
    return countMembers(value) === countNames(text) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: unknown[] = Object.values(value);
  return members.reduce<number>(
    (sum, member) => sum + countMembers(member),
    Array.isArray(value) ? 0 : members.length,
  );
}

/** Of a text that is JSON: strings that a colon follows. */
function countNames(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g))
    if (colon !== undefined) count += 1;
  return count;
}
