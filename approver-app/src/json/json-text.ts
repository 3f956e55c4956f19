// JSON as it was received. The tree keeps the digits of every number, the escapes of every string, members that are there
// twice, and their order: whatever goes through JavaScript's own numbers and objects may lose any of these. Pure.

interface NodeBase {
  /** RFC 6901. Two members of one name share it, so `id` tells them apart. */
  pointer: string;
  /** The pointer, with a number behind a name that was there before: what folding is remembered by. */
  id: string;
  /** The part of the received text that this value takes. */
  source: string;
}
interface JsonMember {
  name: string;
  value: JsonNode;
}
export type JsonNode =
  | (NodeBase & { kind: 'object'; members: readonly JsonMember[] })
  | (NodeBase & { kind: 'array'; items: readonly JsonNode[] })
  | (NodeBase & { kind: 'string'; text: string })
  | (NodeBase & { kind: 'number' | 'boolean' | 'null' });

export type JsonReading = { ok: true; root: JsonNode } | { ok: false; position: number };

/** Deeper values are shown as text only: no message of the protocol is, and each level takes a part of the stack. */
const DEEPEST = 100;

const SPACE = /[ \t\n\r]*/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7, they must be escaped within a string
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const WORD = /true|false|null/;

class Unreadable extends Error {
  readonly position: number;
  constructor(position: number) {
    super(`Not JSON at ${position}.`);
    this.position = position;
  }
}

/** Reads a JSON text, RFC 8259. What cannot be read is reported by its position, never guessed. */
export function readJson(text: string): JsonReading {
  let at = 0;

  function take(pattern: RegExp): string | undefined {
    const here = new RegExp(pattern, 'y');
    here.lastIndex = at;
    const found = here.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function takeSign(sign: string): boolean {
    take(SPACE);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  }

  function expectSign(sign: string): void {
    if (!takeSign(sign)) throw new Unreadable(at);
  }

  function readString(): string | undefined {
    const source = take(STRING);
    return source === undefined ? undefined : (JSON.parse(source) as string);
  }

  function readMembers(base: Pick<NodeBase, 'pointer' | 'id'>, depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    const seen = new Map<string, number>();
    if (takeSign('}')) return members;
    do {
      take(SPACE);
      const name = readString();
      if (name === undefined) throw new Unreadable(at);
      expectSign(':');
      const step = `/${escapeName(name)}`;
      const earlier = seen.get(name) ?? 0;
      seen.set(name, earlier + 1);
      const id = `${base.id}${step}${earlier === 0 ? '' : `#${earlier + 1}`}`;
      members.push({ name, value: readValue({ pointer: `${base.pointer}${step}`, id }, depth) });
    } while (takeSign(','));
    expectSign('}');
    return members;
  }

  function readItems(base: Pick<NodeBase, 'pointer' | 'id'>, depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    if (takeSign(']')) return items;
    do {
      const step = `/${items.length}`;
      items.push(readValue({ pointer: `${base.pointer}${step}`, id: `${base.id}${step}` }, depth));
    } while (takeSign(','));
    expectSign(']');
    return items;
  }

  function readValue(base: Pick<NodeBase, 'pointer' | 'id'>, depth: number): JsonNode {
    take(SPACE);
    const start = at;
    if (depth > DEEPEST) throw new Unreadable(at);
    const source = (): string => text.slice(start, at);
    if (takeSign('{')) {
      const members = readMembers(base, depth + 1);
      return { ...base, kind: 'object', members, source: source() };
    }
    if (takeSign('[')) {
      const items = readItems(base, depth + 1);
      return { ...base, kind: 'array', items, source: source() };
    }
    const string = readString();
    if (string !== undefined) return { ...base, kind: 'string', text: string, source: source() };
    if (take(NUMBER) !== undefined) return { ...base, kind: 'number', source: source() };
    const word = take(WORD);
    if (word === undefined) throw new Unreadable(at);
    return { ...base, kind: word === 'null' ? 'null' : 'boolean', source: word };
  }

  try {
    const root = readValue({ pointer: '', id: '' }, 0);
    take(SPACE);
    return at === text.length ? { ok: true, root } : { ok: false, position: at };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, position: error.position };
    throw error;
  }
}

/** The same value, indented, with every token as it was received. */
export function indentJson(node: JsonNode, indent = ''): string {
  const inner = `${indent}  `;
  if (node.kind === 'object') {
    const lines = node.members.map(
      ({ name, value }) => `${inner}${JSON.stringify(name)}: ${indentJson(value, inner)}`,
    );
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
  }
  if (node.kind === 'array') {
    const lines = node.items.map((item) => `${inner}${indentJson(item, inner)}`);
    return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n${indent}]`;
  }
  return node.source;
}

/** What *copy value* gives: a string without its quotes, everything else as it was received. */
export function copyText(node: JsonNode): string {
  return node.kind === 'string' ? node.text : node.source;
}

/** The member of that name of an object; the last one where it is there twice, as parsers have it. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  if (node?.kind !== 'object') return undefined;
  return node.members.findLast((member) => member.name === name)?.value;
}

function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
