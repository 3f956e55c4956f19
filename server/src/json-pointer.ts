// JSON Pointer, RFC 6901: where in a JSON value something is.

/** The pointer to a member, or to an element of a list. RFC 6901 §3: `~` and `/` are escaped. */
export function appendToPointer(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The value at a pointer; undefined where there is none. RFC 6901 §4: only members of its own, and places in lists. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const name of namesInPointer(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

/** The names on the way, unescaped. RFC 6901 §4: first `~1`, then `~0`, so that `~01` is `~1`. */
export function namesInPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
