// How the findings of `assent doctor` read, and what the command ends with.
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Paint, type Style, showText } from '../output.ts';
import type { Finding, FindingState } from './finding.ts';

const SYMBOLS: Readonly<Record<FindingState, readonly [string, Style]>> = {
  ok: ['✓', 'good'],
  note: ['·', 'quiet'],
  wrong: ['✕', 'bad'],
};

const ABOUT_WIDTH = 11;
const MARGIN = ' '.repeat(4 + ABOUT_WIDTH);

export function formatFinding({ about, state, found, expected, type = [] }: Finding, paint: Paint): string {
  const [symbol, style] = SYMBOLS[state];
  const label = (text: string): string => paint('quiet', text.padEnd(10));
  return [
    `  ${paint(style, symbol)} ${about.padEnd(ABOUT_WIDTH)}${showText(found)}`,
    ...(expected === undefined ? [] : [`${MARGIN}${label('expected')}${showText(expected)}`]),
    ...type.map((line, place) => `${MARGIN}${label(place === 0 ? 'type' : '')}${showText(line)}`),
  ].join('\n');
}

/** Not being there outweighs everything else. */
export function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  const isAbsent = findings.some(({ about, state }) => about === 'server' && state === 'wrong');
  if (isAbsent) return EXIT.notReady;
  return findings.some(({ state }) => state === 'wrong') ? EXIT.amiss : EXIT.fine;
}
