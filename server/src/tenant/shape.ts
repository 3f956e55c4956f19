// What values must look like, in words that need no library: enough for a tenant that is right, which is checked by them long before
// the schemas are there (`config-shapes`, written from those). Where they cannot tell, they say so, and the schemas are asked. So they
// may know less than the schemas; what they let pass is what the schemas make of it. decisions/0044-start-and-weight.md.

type Members = Readonly<Record<string, Node>>;

export type Node =
  | { readonly is: 'anything' | 'flag' | 'unsure' }
  | { readonly is: 'text'; readonly least?: number; readonly most?: number; readonly like?: RegExp }
  | {
      readonly is: 'number' | 'whole';
      readonly least?: number;
      readonly above?: number;
      readonly most?: number;
    }
  | { readonly is: 'one'; readonly of: readonly unknown[] }
  | { readonly is: 'list'; readonly of: Node; readonly least?: number; readonly most?: number }
  | { readonly is: 'map' | 'optional' | 'nullable'; readonly of: Node }
  | { readonly is: 'members'; readonly of: Members; readonly others: 'refused' | 'kept' | 'dropped' }
  | { readonly is: 'either'; readonly of: readonly Node[] }
  /** Where there is nothing: the value as it is, the value read as if it had been there, and the same where there is something wrong. */
  | { readonly is: 'default' | 'prefault' | 'catch'; readonly of: Node; readonly value: unknown };

/** Of values that become a `T`. */
export interface Shape<T> {
  readonly node: Node;
  /** For the compiler alone. */
  readonly makes?: T;
}

const WRONG = Symbol('wrong');
const UNSURE = Symbol('unsure');

/** What the schema would make of `value`; undefined where it is wrong, or where a shape cannot tell. */
export function readShape<T>(shape: Shape<T>, value: unknown): T | undefined {
  const made = read(shape.node, value);
  return made === WRONG || made === UNSURE ? undefined : (made as T);
}

function read(node: Node, value: unknown): unknown {
  switch (node.is) {
    case 'anything':
      return value === undefined ? UNSURE : value;
    case 'flag':
      return typeof value === 'boolean' ? value : WRONG;
    case 'unsure':
      return UNSURE;
    case 'text':
      return typeof value === 'string' &&
        isWithin(node, () => countSigns(value)) &&
        node.like?.test(value) !== false
        ? value
        : WRONG;
    case 'number':
    case 'whole':
      return typeof value === 'number' &&
        (node.is === 'whole' ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
        isWithin(node, () => value) &&
        (node.above === undefined || value > node.above)
        ? value
        : WRONG;
    case 'one':
      return node.of.includes(value) ? value : WRONG;
    case 'list':
      return readList(node, value);
    case 'map':
      return isPlain(value) ? readMap(node.of, value) : isObject(value) ? UNSURE : WRONG;
    case 'members':
      return isPlain(value) ? readMembers(node, value) : isObject(value) ? UNSURE : WRONG;
    case 'either':
      return readEither(node.of, value);
    case 'optional':
      return value === undefined ? undefined : read(node.of, value);
    case 'nullable':
      return value === null ? null : read(node.of, value);
    case 'default':
      return value === undefined ? copy(node.value) : read(node.of, value);
    case 'prefault':
      return read(node.of, value === undefined ? node.value : value);
    case 'catch': {
      const made = read(node.of, value);
      return made === WRONG ? copy(node.value) : made;
    }
  }
}

function readList(node: Extract<Node, { is: 'list' }>, value: unknown): unknown {
  if (!Array.isArray(value) || !isWithin(node, () => value.length)) return WRONG;
  const made: unknown[] = [];
  for (const entry of value) {
    const one = read(node.of, entry);
    if (one === WRONG || one === UNSURE) return one;
    made.push(one);
  }
  return made;
}

function readMap(node: Node, value: Readonly<Record<string, unknown>>): unknown {
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const one = name === '__proto__' ? UNSURE : read(node, member);
    if (one === WRONG || one === UNSURE) return one;
    made[name] = one;
  }
  return made;
}

function readMembers(
  { of, others }: Extract<Node, { is: 'members' }>,
  value: Readonly<Record<string, unknown>>,
): unknown {
  const made: Record<string, unknown> = {};
  let known = 0;
  for (const [name, node] of Object.entries(of)) {
    const isThere = Object.hasOwn(value, name);
    if (isThere) known += 1;
    const member = isThere ? value[name] : undefined;
    // Whether a member that is there and undefined counts as one is for the schemas to say.
    const one = isThere && member === undefined ? UNSURE : read(node, member);
    if (one === WRONG || one === UNSURE) return one;
    if (one !== undefined) made[name] = one;
  }
  const names = Object.keys(value);
  if (others === 'dropped' || known === names.length) return made;
  if (others === 'refused') return WRONG;
  for (const name of names) {
    if (name === '__proto__') return UNSURE;
    if (!Object.hasOwn(of, name)) made[name] = value[name];
  }
  return made;
}

function readEither(nodes: readonly Node[], value: unknown): unknown {
  for (const node of nodes) {
    const made = read(node, value);
    if (made !== WRONG) return made;
  }
  return WRONG;
}

function isWithin({ least, most }: { least?: number; most?: number }, measure: () => number): boolean {
  if (least === undefined && most === undefined) return true;
  const size = measure();
  return size >= (least ?? size) && size <= (most ?? size);
}

/** A sign beyond the first 65,536 is one, though JavaScript counts two. */
function countSigns(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON and YAML make them. Of others it may matter what is inherited, or hidden. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isObject(value) &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Reflect.ownKeys(value).length === Object.keys(value).length
  );
}

/** So that nobody shares what a shape has. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]))
    : value;
}
