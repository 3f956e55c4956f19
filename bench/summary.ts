// Rounds → figures. Pure.
import { formatMachine, type Machine } from './machine.ts';
import type { Pace, Round, Times } from './messages.ts';

export interface Spread {
  median: number;
  /** 5th and 95th percentile. */
  low: number;
  high: number;
}

interface Summary {
  tests: number;
  parts: Record<keyof Times, Spread>;
}

export interface Figures extends Machine {
  rounds: number;
  quick: Summary;
  auth0: Summary;
  /** How many quick tests fit into one at Auth0's pace, by round. */
  ratio: Spread;
}

const PARTS = ['whole', 'request', 'decide', 'token', 'verify'] as const;

export function summarize(rounds: readonly Round[], machine: Machine): Figures {
  const of = (pace: Pace): Summary => {
    const times = rounds.flatMap((round) => round[pace]);
    const parts = PARTS.map((part) => [part, spreadOf(times.map((one) => one[part]))] as const);
    return { tests: times.length, parts: Object.fromEntries(parts) as Summary['parts'] };
  };
  const ratios = rounds.map(
    ({ quick, auth0 }) =>
      spreadOf(auth0.map(({ whole }) => whole)).median / spreadOf(quick.map(({ whole }) => whole)).median,
  );
  return {
    ...machine,
    rounds: rounds.length,
    quick: of('quick'),
    auth0: of('auth0'),
    ratio: spreadOf(ratios),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN) * 10) / 10;
  return { median: at(0.5), low: at(0.05), high: at(0.95) };
}

/** As Markdown, which a terminal shows as well. */
export function formatFigures(figures: Figures): string {
  const { quick, auth0, ratio, rounds } = figures;
  const cell = ({ median, low, high }: Spread): string =>
    `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
  const row = (title: string, part: keyof Times): string =>
    `| ${title} | ${cell(quick.parts[part])} | ${cell(auth0.parts[part])} |`;
  return [
    '| ms, median (5 to 95 %) | quick answers | Auth0’s pace |',
    '| --- | --- | --- |',
    row('**the whole test**', 'whole'),
    row('request: until the test sees it', 'request'),
    row('decide: until the approval is acknowledged', 'decide'),
    row('token: from there until the tool runs', 'token'),
    row('verify: until the API has accepted it', 'verify'),
    '',
    `A test with quick answers is **${ratio.median.toFixed(0)} times** as quick (${ratio.low.toFixed(0)} to ${ratio.high.toFixed(0)} by round): ${quick.tests} tests beside ${auth0.tests}, in ${rounds} rounds of one run.`,
    formatMachine(figures),
  ].join('\n');
}
