// Amounts as they are written, neither rounded nor overflowing: "50.000000000000000001" is more than 50.

/** `digits` with the point moved left by `scale` places. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const WRITTEN = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<part>\d+))?(?:e(?<exponent>[+-]?\d+))?$/i;

/** More than any amount has; keeps the work small. In characters, and in powers of ten. */
const LONGEST = 100;

export const ZERO: Decimal = { digits: 0n, scale: 0 };

/** A JSON number, or a text that is one; undefined for everything else. */
export function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value);
  if (text.length > LONGEST) return undefined;
  const { sign = '', whole = '', part = '', exponent = '0' } = WRITTEN.exec(text)?.groups ?? {};
  const shift = Number(exponent);
  if (whole === '' || Math.abs(shift) > LONGEST) return undefined;
  const digits = BigInt(`${sign}${whole}${part}`);
  const scale = part.length - shift;
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b);
  return { digits: left + right, scale };
}

export function isAtMost(a: Decimal, b: Decimal): boolean {
  const [left, right] = aligned(a, b);
  return left <= right;
}

function aligned(a: Decimal, b: Decimal): [left: bigint, right: bigint, scale: number] {
  const scale = Math.max(a.scale, b.scale);
  const raised = ({ digits, scale: own }: Decimal): bigint => digits * 10n ** BigInt(scale - own);
  return [raised(a), raised(b), scale];
}
