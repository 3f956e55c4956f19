// JSON that keeps every value. What JavaScript would change in silence is refused instead: a number that a double cannot
// hold, and a member that is named twice, of which only the last would be seen.

/** What matters here of a valid JSON text: strings, numbers and what holds them together. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:]/g;

/** Parses `text`. `refuse` makes the error for a value that would not survive; the text itself may be a plain SyntaxError. */
export function parseExactJson(text: string, refuse: (why: string) => Error): unknown {
  const parsed: unknown = JSON.parse(text);
  // The tokens are read after the parser; asked by it for each value, it would take many times as long.
  const tokens = text.match(TOKENS) ?? [];
  const inexact = tokens.find((token) => /^[-\d]/.test(token) && !isExact(Number(token), token));
  if (inexact !== undefined)
    throw refuse(`the number ${inexact.slice(0, 40)} cannot be carried exactly; send it as text`);
  const twice = findRepeatedName(tokens);
  if (twice !== undefined) throw refuse(`the member "${twice.slice(0, 40)}" is there twice`);
  return parsed;
}

/** The first name that one object of a valid JSON text uses twice. RFC 8259 §4: names should be unique. */
function findRepeatedName(tokens: readonly string[]): string | undefined {
  const open: Array<Set<string> | undefined> = [];
  let previous = '';
  for (const token of tokens) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const name = previous.includes('\\') ? (JSON.parse(previous) as string) : previous.slice(1, -1);
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
    previous = token;
  }
  return undefined;
}

/** Whether the digits of `source` survive being a double. */
function isExact(value: number, source: string): boolean {
  return Number.isFinite(value) && decimalOf(String(value)) === decimalOf(source);
}

/** Sign, digits without surrounding zeros, and exponent: equal for equal decimal numbers, however spelt. */
function decimalOf(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const trimmed = withoutTrailingZeros(digits);
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}

/** Not by a pattern: one would look for the end of every run of zeros, and somebody sends a number of ten thousands of them. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
