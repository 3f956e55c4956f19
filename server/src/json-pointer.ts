// JSON Pointer, RFC 6901: where in a JSON value something is.

/** The pointer to a member, or to an element of a list. RFC 6901 §3: `~` and `/` are escaped. */
export function appendToPointer(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The names on the way, unescaped. RFC 6901 §4: first `~1`, then `~0`, so that `~01` is `~1`. */
export function namesInPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
