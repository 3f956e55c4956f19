// A value as the lines of a YAML file, each with the place in the value that it tells. Pure. Written for this one purpose: what
// must be quoted is quoted as JSON, which YAML 1.2 contains.

/** Names of members and places in lists, from the top. */
export type Path = readonly (string | number)[];

export interface YamlLine {
  text: string;
  path: Path;
}

export function toYamlLines(value: unknown): YamlLine[] {
  return linesOf(value, [], '');
}

export function toYamlText(lines: readonly YamlLine[]): string {
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

function linesOf(value: unknown, path: Path, indent: string): YamlLine[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item: unknown, place) => itemLines(item, [...path, place], indent));
  }
  if (isMap(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, member]) => memberLines(name, member, path, indent));
  }
  return [{ text: `${indent}${scalarOf(value)}`, path }];
}

function memberLines(name: string, member: unknown, path: Path, indent: string): YamlLine[] {
  const own = [...path, name];
  const key = `${indent}${scalarOf(name)}:`;
  if (!isNested(member)) return [{ text: `${key} ${scalarOf(member)}`, path: own }];
  return [{ text: key, path: own }, ...linesOf(member, own, `${indent}  `)];
}

/** The first line of what an item holds stands behind its dash. */
function itemLines(item: unknown, path: Path, indent: string): YamlLine[] {
  const [first, ...others] = linesOf(item, path, `${indent}  `);
  if (first === undefined) return [];
  return [{ ...first, text: `${indent}- ${first.text.slice(indent.length + 2)}` }, ...others];
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Begins with a letter, and holds nothing that YAML could take for something else than text. YAML 1.2 §7.3.3. */
const PLAIN = /^[A-Za-z](?:[\w|./@+,() -]|:(?=[^\s]))*$/;
/** Words that YAML, or an older reader of it, takes for something else. */
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

function scalarOf(value: unknown): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object' && value !== null) return '{}';
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  return PLAIN.test(value) && !value.endsWith(' ') && !WORDS.test(value) ? value : JSON.stringify(value);
}
