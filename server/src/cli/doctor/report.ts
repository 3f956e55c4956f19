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
const LABEL_WIDTH = 10;
const MARGIN = ' '.repeat(4 + ABOUT_WIDTH);

/** @param columns of the terminal that shows it; undefined breaks no line */
export function formatFinding(
  { about, state, found, expected, type = [] }: Finding,
  paint: Paint,
  columns?: number,
): string {
  const [symbol, style] = SYMBOLS[state];
  const label = (text: string): string => paint('quiet', text.padEnd(LABEL_WIDTH));
  const wrapAt = (margin: string, text: string): string =>
    wrap(showText(text), (columns ?? Number.POSITIVE_INFINITY) - margin.length).join(`\n${margin}`);
  const wide = `${MARGIN}${' '.repeat(LABEL_WIDTH)}`;
  return [
    `  ${paint(style, symbol)} ${about.padEnd(ABOUT_WIDTH)}${wrapAt(MARGIN, found)}`,
    ...(expected === undefined ? [] : [`${MARGIN}${label('expected')}${wrapAt(wide, expected)}`]),
    // Never broken: it is there to be copied.
    ...type.map((line, place) => `${MARGIN}${label(place === 0 ? 'type' : '')}${showText(line)}`),
  ].join('\n');
}

/** Lines of whole words, each at most `width` wide where a word is not wider. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Not being there outweighs everything else. */
export function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  const isAbsent = findings.some(({ about, state }) => about === 'server' && state === 'wrong');
  if (isAbsent) return EXIT.notReady;
  return findings.some(({ state }) => state === 'wrong') ? EXIT.amiss : EXIT.fine;
}
