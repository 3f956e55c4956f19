// A run as a picture of its own: SVG without a script or anything from elsewhere, in colours that print well.
import { findRedacted } from './redacted-names.ts';
import { exportTexts, fillText } from './sentences.ts';
import {
  type Arrow,
  type Letter,
  type Mark,
  PARTICIPANTS,
  type Participant,
  type Run,
  type Step,
} from './step.ts';

const WIDTH = 960;
const ROW = 47;
const HEAD = 92;
const X: Readonly<Record<Participant, number>> = {
  agent: 150,
  server: 372,
  push: 562,
  approver: 752,
  api: 905,
};
const TIME_X = 118;
const CHARACTER = 7.5;

const INK = '#12181a';
const QUIET = '#5a6265';
const OUTCOMES: Readonly<Record<Arrow['outcome'], string>> = {
  plain: INK,
  good: '#0a5a39',
  bad: '#951d19',
  stopped: '#8f3300',
};
const LETTERS: Readonly<Record<Letter, readonly [ink: string, soft: string]>> = {
  a: ['#6a2b9c', '#f0e6f9'],
  b: ['#07595d', '#d9f0ef'],
  d: ['#93175a', '#fbe3ee'],
  c: ['#80400f', '#f9e7d8'],
  t: ['#4d5708', '#edf1cd'],
};
const MARKS: Readonly<Record<Mark['tone'], readonly [ink: string, soft: string]>> = {
  plain: [INK, '#eaece8'],
  pending: ['#744700', '#f8ebcf'],
  danger: ['#8f3300', '#fce6d8'],
};

/** Of a longer story the beginning is drawn: no reader opens such a picture, and no text may become as long as the one of all. */
const MOST_ROWS = 2_000;

export function writeSvg(run: Run): string {
  const drawn = run.rows.slice(0, MOST_ROWS);
  const left = run.rows.length - drawn.length;
  const foot = HEAD + drawn.length * ROW + 24;
  const height = foot + (left === 0 ? 24 : 48);
  const steps = drawn.flatMap((row) => (row.type === 'step' ? [row.step] : []));
  const redacted = findRedacted(run.events);
  const title = `${run.name} ${run.title}`;
  const rows = drawn.map((row, index) => {
    const y = HEAD + index * ROW;
    return row.type === 'step' ? drawStep(row.step, y) : drawMark(row.mark, y);
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title steps">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="steps">${escapeXml(steps.map(({ number, sentence }) => `${number}. ${sentence}`).join(' '))}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(20, 28, title, { size: 16, weight: 600 }),
    ...PARTICIPANTS.flatMap((participant) => drawColumn(run, participant, height)),
    ...rows,
    ...(left === 0
      ? []
      : [text(20, foot, fillText(exportTexts.notDrawn, { count: left }), { fill: QUIET, size: 12 })]),
    ...(redacted.length === 0
      ? []
      : [
          text(20, height - 16, fillText(exportTexts.redacted, { names: redacted.join(', ') }), {
            fill: QUIET,
            size: 12,
          }),
        ]),
    '</svg>',
  ].join('\n')}\n`;
}

function drawColumn(run: Run, participant: Participant, height: number): string[] {
  const x = X[participant];
  const name = run.names[participant];
  return [
    `<path d="M${x} ${HEAD - 6}V${height - 40}" stroke="#7d857f" stroke-dasharray="2 4"/>`,
    text(x, 58, exportTexts.participants[participant], { weight: 600, anchor: 'middle' }),
    ...(name === undefined ? [] : [text(x, 75, clip(name, 22), { fill: QUIET, size: 12, anchor: 'middle' })]),
  ];
}

function drawStep(step: Step, y: number): string {
  const { from, to, isResponse, outcome, values, arrows } = step;
  const line = y + 29;
  const ink = OUTCOMES[outcome];
  const direction = X[to] > X[from] ? 1 : -1;
  const tip = outcome === 'stopped' ? X[from] + (X[to] - X[from]) * 0.72 : X[to] - direction;
  const back = tip - direction * 9;
  const head =
    outcome === 'stopped'
      ? `M${tip - 5} ${line - 5}L${tip + 5} ${line + 5}M${tip + 5} ${line - 5}L${tip - 5} ${line + 5}`
      : `M${back} ${line - 5}L${tip} ${line}L${back} ${line + 5}${isResponse ? '' : 'Z'}`;
  const isFilled = !isResponse && outcome !== 'stopped';
  const times = arrows.length === 1 ? '' : ` ×${arrows.length}`;
  const label = `${clip(step.label, 40)}${times}`;
  const whole = label.length * CHARACTER + values.length * 20;
  const left = Math.max(Math.min(X[from], X[to]) + 14, (X[from] + X[to]) / 2 - whole / 2);
  return [
    text(TIME_X, line + 4, step.at.slice(11, 23), { fill: QUIET, size: 12, anchor: 'end', isCode: true }),
    `<path d="M${X[from] + direction * 10} ${line}H${tip}" stroke="${ink}" stroke-width="1.6"${isResponse ? ' stroke-dasharray="6 4"' : ''}/>`,
    `<path d="${head}" stroke="${ink}" stroke-width="1.6" fill="${isFilled ? ink : 'none'}"/>`,
    `<circle cx="${X[from]}" cy="${line}" r="10" fill="${ink}"/>`,
    text(X[from], line + 4, String(step.number), { fill: '#fff', size: 11, weight: 600, anchor: 'middle' }),
    text(left, line - 8, label, { isCode: true, size: 12.5 }),
    ...values.map((letter, index) =>
      drawLetter(letter, left + label.length * CHARACTER + 6 + index * 20, line - 21),
    ),
  ].join('');
}

function drawLetter(letter: Letter, x: number, y: number): string {
  const [ink, soft] = LETTERS[letter];
  return `<rect x="${x}" y="${y}" width="17" height="17" rx="3" fill="${soft}" stroke="${ink}"/>${text(x + 8.5, y + 13, letter, { fill: ink, size: 12, weight: 600, anchor: 'middle', isCode: true })}`;
}

function drawMark(mark: Mark, y: number): string {
  const [ink, soft] = MARKS[mark.tone];
  return `<rect x="${X.agent - 20}" y="${y + 7}" width="${X.api - X.agent + 40}" height="32" rx="6" fill="${soft}" stroke="${ink}"/>${text(X.agent, y + 28, clip(mark.text, 110), { fill: ink, size: 13 })}`;
}

interface TextStyle {
  fill?: string;
  size?: number;
  weight?: number;
  anchor?: 'middle' | 'end';
  isCode?: boolean;
}

function text(x: number, y: number, words: string, style: TextStyle): string {
  const { fill = INK, size = 14, weight = 400, anchor = 'start', isCode = false } = style;
  const family = isCode ? 'ui-monospace,Menlo,Consolas,monospace' : 'system-ui,sans-serif';
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" font-weight="${weight}" font-family="${family}" text-anchor="${anchor}">${escapeXml(words)}</text>`;
}

function clip(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

/** XML 1.0 §2.2 allows no other control characters, however they are spelled. Nor may a name turn the line around it. */
function escapeXml(words: string): string {
  return words
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\ufffe\uffff]/gu, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
