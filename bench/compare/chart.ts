// Results → the chart of the README, once for a light page and once for a dark one: a panel for each question, a bar for each server,
// a line over its quartiles. Pure.
import type { Figures, RateOf } from './figures.ts';
import type { Quartiles } from './statistics.ts';
import type { PeerName } from './target.ts';

export type Look = 'light' | 'dark';

/** As in the approver app: approver-app/src/styles/tokens.css. */
const COLOURS = {
  light: {
    surface: '#ffffff',
    line: '#d5d9d3',
    text: '#12181a',
    quiet: '#3f474a',
    own: '#1f3d99',
    other: '#7d857f',
  },
  dark: {
    surface: '#161b1d',
    line: '#2d3538',
    text: '#eef1ef',
    quiet: '#c3cac9',
    own: '#a9bdff',
    other: '#7b868a',
  },
} as const;
type Colours = (typeof COLOURS)[Look];

const WIDTH = 600;
const MARGIN = 20;
const NAMES = 178;
const VALUES = 142;
const BAR = WIDTH - 2 * MARGIN - NAMES - VALUES;
const ROW = 26;
const THICKNESS = 14;
const HEAD = 46;

const NAMES_OF: Readonly<Record<PeerName, string>> = {
  assent: 'Assent',
  'oidc-provider': 'bare oidc-provider',
  'oauth2-mock-server': 'oauth2-mock-server',
  glewlwyd: 'Glewlwyd',
};

interface Panel {
  title: string;
  note: string;
  digits: number;
  bars: ReadonlyArray<{ name: string; isOwn: boolean; values: Quartiles }>;
}

/** Complete, or none: @returns undefined while a question of the chart has not been measured */
export function drawChart(figures: Figures, look: Look): string | undefined {
  const panels = panelsOf(figures);
  if (panels === undefined) return undefined;
  const colours = COLOURS[look];
  let top = MARGIN;
  const drawn = panels.map((panel) => {
    const text = drawPanel(panel, top, colours);
    top += HEAD + panel.bars.length * ROW + 14;
    return text;
  });
  const { takenAt, processor, loadAverage } = figures.cycles ?? {
    takenAt: '',
    processor: '',
    loadAverage: 0,
  };
  const height = top + 24;
  const words = panels.map(({ title, bars }) => `${title}: ${bars.map(tell).join(', ')}.`).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="15">`,
    '<title id="t">Assent beside other servers</title>',
    `<desc id="d">${encode(words)}</desc>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="${colours.surface}" stroke="${colours.line}"/>`,
    ...drawn,
    text(
      MARGIN,
      top + 4,
      `${takenAt}, ${processor}, load average ${loadAverage}`,
      colours.quiet,
      'font-size="13"',
    ),
    '</svg>',
    '',
  ].join('\n');
}

function panelsOf({ start, clientCredentials, cycles }: Figures): Panel[] | undefined {
  const atEight = (rates: readonly RateOf[], of: (rate: RateOf) => Quartiles): Panel['bars'] =>
    rates
      .filter(({ algorithm, connections }) => algorithm === 'RS256' && connections === 8)
      .map((rate) => ({ name: NAMES_OF[rate.peer], isOwn: rate.peer === 'assent', values: of(rate) }))
      .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  if (start === undefined || clientCredentials === undefined || cycles === undefined) return undefined;
  const starts = start.starts
    .filter(({ title }) => !title.startsWith('Assent as people'))
    .map(({ peer, readyMs }) => ({ name: NAMES_OF[peer], isOwn: peer === 'assent', values: readyMs }))
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  const [more, less] = ['longer is better', 'shorter is better'];
  return [
    {
      title: 'CIBA cycles a second',
      note: `8 connections, RS256; ${more}`,
      digits: 0,
      bars: atEight(cycles.rates, ({ perSecond }) => perSecond),
    },
    {
      title: 'Work for a cycle, ms of the processor',
      note: less,
      digits: 1,
      bars: atEight(cycles.rates, ({ cpuMs }) => cpuMs),
    },
    {
      title: 'Tokens by client credentials a second',
      note: `8 connections, RS256; ${more}`,
      digits: 0,
      bars: atEight(clientCredentials.rates, ({ perSecond }) => perSecond),
    },
    { title: 'From start to discovery, ms', note: less, digits: 0, bars: starts },
  ];
}

function drawPanel({ title, note, digits, bars }: Panel, top: number, colours: Colours): string {
  const most = Math.max(...bars.map(({ values }) => values.q3));
  const widthOf = (value: number): number => Math.round((value / most) * BAR * 10) / 10;
  const rows = bars.map(({ name, isOwn, values }, index) => {
    const y = top + HEAD + index * ROW;
    const left = MARGIN + NAMES;
    const middle = y + THICKNESS / 2;
    const base = y + THICKNESS - 2;
    return [
      text(MARGIN, base, name, colours.text, isOwn ? 'font-weight="600"' : ''),
      `<rect x="${left}" y="${y}" width="${Math.max(1, widthOf(values.median))}" height="${THICKNESS}" rx="2" fill="${isOwn ? colours.own : colours.other}"/>`,
      // Over a rim of the page, so that it is seen on the bar as well.
      ...[
        [colours.surface, 4.5],
        [colours.text, 1.5],
      ].map(
        ([stroke, width]) =>
          `<path d="M${left + widthOf(values.q1)} ${middle}H${left + widthOf(values.q3)}" stroke="${stroke}" stroke-width="${width}"/>`,
      ),
      text(WIDTH - MARGIN, base, tellValues(values, digits), colours.text, 'text-anchor="end"'),
    ].join('');
  });
  return [
    text(MARGIN, top + 14, title, colours.text, 'font-weight="600"'),
    text(MARGIN, top + 32, note, colours.quiet, 'font-size="13"'),
    ...rows,
  ].join('\n');
}

function text(x: number, y: number, words: string, fill: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="${fill}"${more === '' ? '' : ` ${more}`}>${encode(words)}</text>`;
}

function tellValues({ median, q1, q3 }: Quartiles, digits: number): string {
  return `${median.toFixed(digits)} (${q1.toFixed(digits)}–${q3.toFixed(digits)})`;
}

function tell({ name, values }: Panel['bars'][number]): string {
  return `${name} ${values.median}`;
}

function encode(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
