// Durations and instants as people type and read them: +72h, +1d12h, 2030-01-01T12:00:00Z; "3 d 12 h".

const UNITS_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof UNITS_MS;

/** Milliseconds; undefined for what is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^\+(\d+(ms|[wdhms]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[wdhms])/g)].reduce(
    (sum, [, number = '', unit = '']) => sum + Number(number) * UNITS_MS[unit as Unit],
    0,
  );
}

/** The two largest units that are there, or "no time". */
export function describeSpan(ms: number): string {
  const parts: string[] = [];
  let leftMs = Math.round(ms);
  for (const [unit, size] of Object.entries(UNITS_MS)) {
    const number = Math.floor(leftMs / size);
    leftMs -= number * size;
    if (number > 0) parts.push(`${number} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || 'no time';
}
