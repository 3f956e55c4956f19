// How much of each case is played. A quick run shows where things stand; what is written down comes from a full one.
export const CASES = [
  'start',
  'client-credentials',
  'cycles',
  'pending',
  'drift',
  'watchers',
  'notification',
] as const;
export type Case = (typeof CASES)[number];

export interface Plan {
  rounds: number;
  sliceMs: number;
  /** Before the first round, at each server and variant. */
  warmUpMs: number;
  /** Between the first answer of a server and the look at its memory. */
  settleMs: number;
  connections: readonly number[];
  /** From few to many. */
  pendingCounts: readonly number[];
  driftCycles: number;
  driftStretch: number;
  watchers: number;
  notifiedCycles: number;
}

export const FULL: Plan = {
  rounds: 10,
  sliceMs: 1500,
  warmUpMs: 3000,
  settleMs: 1000,
  connections: [1, 8, 32],
  pendingCounts: [100, 10_000, 100_000],
  driftCycles: 100_000,
  driftStretch: 1000,
  watchers: 100,
  notifiedCycles: 100,
};

export const QUICK: Plan = {
  ...FULL,
  rounds: 3,
  sliceMs: 700,
  warmUpMs: 1500,
  pendingCounts: [100, 10_000],
  driftCycles: 10_000,
  driftStretch: 500,
  notifiedCycles: 30,
};
