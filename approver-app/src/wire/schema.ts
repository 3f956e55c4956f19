// Checks what arrives. A few small schemas in place of a library: what the phone loads, its service worker as well, stays
// small. The contract is written elsewhere and in full; wire/contract.ts is made from it, and a test lets both judge alike.

export interface Schema<out Value> {
  /** Answers what was read, without what the schema does not know. What is wrong is added to `findings`. */
  read(value: unknown, at: string, findings: string[]): Value;
}

/** A member that may be missing. */
interface Optional<out Value> extends Schema<Value> {
  readonly isOptional: true;
}

/** An object, whose members can be asked for in another way. */
export interface ObjectSchema<out Value> extends Schema<Value> {
  readonly members: Members;
}

export type Output<Of> = Of extends Schema<infer Value> ? Value : never;

type Members = Readonly<Record<string, Schema<unknown>>>;
type OptionalNames<M> = { [K in keyof M]: M[K] extends Optional<unknown> ? K : never }[keyof M];
type ValueOf<M> = { [K in Exclude<keyof M, OptionalNames<M>>]: Output<M[K]> } & {
  [K in OptionalNames<M>]?: Output<M[K]>;
};

/** @throws with every finding if it is anything else */
export function parseAs<Value>(schema: Schema<Value>, value: unknown): Value {
  const findings: string[] = [];
  const read = schema.read(value, '', findings);
  if (findings.length > 0) throw new TypeError(findings.join('\n'));
  return read;
}

/** Undefined if it is anything else. */
export function readAs<Value>(schema: Schema<Value>, value: unknown): Value | undefined {
  const findings: string[] = [];
  const read = schema.read(value, '', findings);
  return findings.length > 0 ? undefined : read;
}

/* @__NO_SIDE_EFFECTS__ */
function simple<Value>(expected: string, accepts: (value: unknown) => value is Value): Schema<Value> {
  return {
    read(value, at, findings) {
      if (!accepts(value)) findings.push(`${at || 'it'}: expected ${expected}, received ${nameOf(value)}`);
      // What is returned beside a finding is never seen.
      return value as Value;
    },
  };
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 60)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Whatever JSON has. */
/* @__NO_SIDE_EFFECTS__ */
export function anything(): Schema<unknown> {
  return { read: (value) => value };
}

/* @__NO_SIDE_EFFECTS__ */
export function text(): Schema<string> {
  return simple('a text', (value) => typeof value === 'string');
}

/* @__NO_SIDE_EFFECTS__ */
export function textLike(pattern: RegExp, expected: string): Schema<string> {
  return simple(expected, (value): value is string => typeof value === 'string' && pattern.test(value));
}

/* @__NO_SIDE_EFFECTS__ */
export function url(most = Number.POSITIVE_INFINITY): Schema<string> {
  const accepts = (value: unknown): value is string =>
    typeof value === 'string' && value.length <= most && URL.canParse(value);
  return simple('a URL', accepts);
}

/* @__NO_SIDE_EFFECTS__ */
export function number(): Schema<number> {
  return simple('a number', (value): value is number => Number.isFinite(value));
}

/* @__NO_SIDE_EFFECTS__ */
export function integer(
  least = Number.MIN_SAFE_INTEGER,
  most: number = Number.MAX_SAFE_INTEGER,
): Schema<number> {
  const accepts = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
  return simple('a whole number that is possible here', accepts);
}

/* @__NO_SIDE_EFFECTS__ */
export function flag(): Schema<boolean> {
  return simple('true or false', (value) => typeof value === 'boolean');
}

/** One of these values. */
/* @__NO_SIDE_EFFECTS__ */
export function one<const Value extends string | number | boolean>(...values: Value[]): Schema<Value> {
  return simple(values.join(', '), (value): value is Value => values.some((each) => each === value));
}

/* @__NO_SIDE_EFFECTS__ */
export function instance<Value>(of: abstract new (...args: never) => Value): Schema<Value> {
  return simple(`an instance of ${of.name}`, (value): value is Value => value instanceof of);
}

/* @__NO_SIDE_EFFECTS__ */
export function list<Value>(each: Schema<Value>): Schema<Value[]> {
  const any = simple('a list', Array.isArray);
  return {
    read(value, at, findings) {
      any.read(value, at, findings);
      if (!Array.isArray(value)) return [];
      return value.map((item, index) => each.read(item, `${at}[${index}]`, findings));
    },
  };
}

/** May be missing, or `undefined`. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<Value>(schema: Schema<Value>): Optional<Value | undefined> {
  return {
    isOptional: true,
    read: (value, at, findings) => (value === undefined ? undefined : schema.read(value, at, findings)),
  };
}

/** May be missing. */
/* @__NO_SIDE_EFFECTS__ */
export function missable<Value>(schema: Schema<Value>): Optional<Value> {
  return { isOptional: true, read: schema.read };
}

/** May be missing, or nothing at all. */
/* @__NO_SIDE_EFFECTS__ */
export function nullish<Value>(schema: Schema<Value>): Optional<Value | null | undefined> {
  return {
    isOptional: true,
    read: (value, at, findings) => (value == null ? value : schema.read(value, at, findings)),
  };
}

/** With these members and no others. */
/* @__NO_SIDE_EFFECTS__ */
export function exactly<M extends Members>(members: M): ObjectSchema<ValueOf<M>> {
  return {
    members,
    read(value, at, findings) {
      for (const name of Object.keys(isObject(value) ? value : {}))
        if (!Object.hasOwn(members, name)) findings.push(`${join(at, name)}: not known here`);
      return readMembers(members, value, at, findings);
    },
  };
}

/** With these members; others are left out. */
/* @__NO_SIDE_EFFECTS__ */
export function atLeast<M extends Members>(members: M): ObjectSchema<ValueOf<M>> {
  return { members, read: (value, at, findings) => readMembers(members, value, at, findings) };
}

/** The same, but members that it does not know are left out. */
/* @__NO_SIDE_EFFECTS__ */
export function ignoringOthers<Value>({ members }: ObjectSchema<Value>): Schema<Value> {
  // Of the same members, so it gives the same.
  return atLeast(members) as Schema<Value>;
}

/** With these members; others are kept. */
/* @__NO_SIDE_EFFECTS__ */
export function open<M extends Members>(members: M): ObjectSchema<ValueOf<M> & Record<string, unknown>> {
  return {
    members,
    read: (value, at, findings) => ({
      ...(isObject(value) ? value : {}),
      ...readMembers(members, value, at, findings),
    }),
  };
}

/** One of several objects, told apart by the text in one member. */
/* @__NO_SIDE_EFFECTS__ */
export function oneBy<S extends Readonly<Record<string, Schema<unknown>>>>(
  name: string,
  schemas: S,
): Schema<Output<S[keyof S]>> {
  const kind = one(...Object.keys(schemas));
  return {
    read(value, at, findings) {
      const found = isObject(value) ? value[name] : undefined;
      const isKnown = typeof found === 'string' && Object.hasOwn(schemas, found);
      const schema = isKnown ? schemas[found] : undefined;
      if (schema === undefined) kind.read(found, join(at, name), findings);
      // Its own schema read it, so it is what that schema gives.
      return schema?.read(value, at, findings) as Output<S[keyof S]>;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMembers<M extends Members>(
  members: M,
  value: unknown,
  at: string,
  findings: string[],
): ValueOf<M> {
  const read: [string, unknown][] = [];
  if (!isObject(value)) findings.push(`${at || 'it'}: expected an object, received ${nameOf(value)}`);
  else {
    for (const [name, schema] of Object.entries(members)) {
      const isThere = Object.hasOwn(value, name);
      if (isThere || !('isOptional' in schema))
        read.push([name, schema.read(isThere ? value[name] : undefined, join(at, name), findings)]);
    }
  }
  // Each member was read by its own schema.
  return Object.fromEntries(read) as ValueOf<M>;
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
