// Samples → what is said of them. Pure.

/** Of values that were measured: every one named here is among them, but for the median of an even number. */
export interface Quartiles {
  median: number;
  q1: number;
  q3: number;
  samples: number;
}

/** The value below which that share lies: the smallest one that at least so many do not exceed. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function quartilesOf(values: readonly number[]): Quartiles {
  const [low, high] = [
    quantileOf(values, 0.5),
    -quantileOf(
      values.map((value) => -value),
      0.5,
    ),
  ];
  return {
    median: round((low + high) / 2),
    q1: round(quantileOf(values, 0.25)),
    q3: round(quantileOf(values, 0.75)),
    samples: values.length,
  };
}

/** Pair by pair: a slow minute of the computer slows both sides of a pair, and their ratio stays. */
export function ratiosOf(of: readonly number[], to: readonly number[]): Quartiles {
  if (of.length !== to.length) throw new TypeError(`${of.length} samples have no ratio to ${to.length}`);
  return quartilesOf(of.map((value, index) => value / (to[index] ?? Number.NaN)));
}

/** To four digits: more were never measured. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
