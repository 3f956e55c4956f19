// A span of time in words, exactly: `1 d 2 h`, `1 min 30 s`, `0.25 s`.

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

export function describeSpan(ms: number): string {
  let rest = Math.abs(ms);
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = unit === 's' ? rest / length : Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
