// Figures → tables in Markdown, which a terminal shows as well. Pure.
import type {
  DriftOf,
  Figures,
  NotificationFigures,
  PendingOf,
  RateFigures,
  StartFigures,
  WatchedOf,
} from './figures.ts';
import { type Quartiles, quantileOf } from './statistics.ts';
import type { PeerName } from './target.ts';

const TITLES: Readonly<Record<PeerName, string>> = {
  assent: '**Assent**',
  'oidc-provider': 'bare oidc-provider',
  'oauth2-mock-server': 'oauth2-mock-server',
  glewlwyd: 'Glewlwyd',
};

/** All that was measured, for a terminal. */
export function formatFigures(figures: Figures): string {
  const { start, clientCredentials, cycles, pending, drift, watchers, notification } = figures;
  return [
    ...(start ? [formatStarts(start)] : []),
    ...(clientCredentials ? [formatRates(clientCredentials, 'tokens', 'oauth2-mock-server')] : []),
    ...(cycles ? [formatRates(cycles, 'cycles', 'bare oidc-provider')] : []),
    ...(pending ? [formatPending(pending.pending)] : []),
    ...(drift ? [formatDrift(drift.drift)] : []),
    ...(watchers ? [formatWatchers(watchers.watched)] : []),
    ...(notification ? [formatNotification(notification)] : []),
  ].join('\n\n');
}

export function formatStarts({ starts, failed = [] }: Pick<StartFigures, 'starts' | 'failed'>): string {
  return table(
    [
      'started',
      'ms to discovery',
      'of oauth2-mock-server',
      'CPU ms until then',
      'of oauth2-mock-server',
      'ms to the first token',
      'MiB at rest',
    ],
    [
      ...starts.map(({ peer, title, readyMs, cpuMs, tokenMs, rssMiB, ratio, cpuRatio }) => [
        peer === 'assent' ? `**${title}**` : title,
        spread(readyMs, 0),
        spread(ratio, 2),
        spread(cpuMs, 0),
        spread(cpuRatio, 2),
        spread(tokenMs, 0),
        spread(rssMiB, 0),
      ]),
      ...failed.map(({ title, error }) => [title, `failed: ${inCell(error)}`, '', '', '', '', '']),
    ],
  );
}

export function formatRates(
  { rates, failed = [] }: Pick<RateFigures, 'rates' | 'failed'>,
  unit: string,
  comparedTo: string,
): string {
  return table(
    [
      'keys',
      'connections',
      'server',
      `${unit}/s`,
      `of ${comparedTo}`,
      'CPU ms for each',
      `of ${comparedTo}`,
      'p99 ms',
      'MiB',
    ],
    [
      ...rates.map(
        ({ peer, algorithm, connections, perSecond, cpuMs, p99Ms, rssMiB, rateRatio, cpuRatio }) => [
          algorithm,
          String(connections),
          TITLES[peer],
          spread(perSecond, 0),
          spread(rateRatio, 2),
          spread(cpuMs, 2),
          spread(cpuRatio, 2),
          spread(p99Ms, 1),
          String(rssMiB),
        ],
      ),
      ...failed.map(({ peer, algorithm, connections, error }) => [
        algorithm,
        String(connections),
        TITLES[peer],
        `failed: ${inCell(error)}`,
        ...Array.from({ length: 5 }, () => ''),
      ]),
    ],
  );
}

export function formatPending(pending: readonly PendingOf[]): string {
  return table(
    [
      'requests that wait',
      'server',
      'p50 ms of a poll',
      'p99 ms',
      'p99 of that with the fewest',
      'CPU ms for each',
      'of that with the fewest',
      'MiB',
      'CPU ms to open one',
    ],
    pending.map(({ peer, count, p50Ms, p99Ms, p99Ratio, cpuMs, cpuRatio, rssMiB, openCpuMs }) => [
      count.toLocaleString('en'),
      TITLES[peer],
      spread(p50Ms, 2),
      spread(p99Ms, 2),
      spread(p99Ratio, 2),
      spread(cpuMs, 2),
      spread(cpuRatio, 2),
      String(rssMiB),
      openCpuMs.toFixed(2),
    ]),
  );
}

export function formatDrift(drift: readonly DriftOf[]): string {
  return table(
    [
      'server',
      'cycles',
      'first',
      'after a tenth',
      'at the end',
      'end of the first',
      'end of a tenth',
      'CPU ms for each',
      'MiB',
      'end of a tenth',
      'of that the heap',
      'end of a tenth',
    ],
    drift.map((one) => {
      const { first, early, middle, last } = stationsOf(one);
      const arrow = (values: readonly number[]): string => values.join(' → ');
      return [
        TITLES[one.peer],
        one.cycles.toLocaleString('en'),
        `${first.perSecond}/s`,
        `${early.perSecond}/s`,
        `${last.perSecond}/s`,
        (last.perSecond / first.perSecond).toFixed(2),
        (last.perSecond / early.perSecond).toFixed(2),
        arrow([first, early, last].map(({ cpuMs }) => cpuMs)),
        arrow([first, early, middle, last].map(({ rssMiB }) => Math.round(rssMiB))),
        (last.rssMiB / early.rssMiB).toFixed(2),
        ...formatHeap(early.heapMiB, middle.heapMiB, last.heapMiB),
      ];
    }),
  );
}

/** Empty where V8 had no need so far to look through the heap, as in a short run. */
function formatHeap(early?: number, middle?: number, last?: number): [path: string, ratio: string] {
  if (early === undefined || middle === undefined || last === undefined) return ['', ''];
  return [[early, middle, last].join(' → '), (last / early).toFixed(2)];
}

/** The first stretch, and the median of a tenth of them after a tenth of the way, after half of it and at the end: by then all code is warm. */
export function stationsOf({
  stretches,
}: DriftOf): Record<'first' | 'early' | 'middle' | 'last', DriftOf['stretches'][number]> {
  const tenth = Math.max(1, Math.floor(stretches.length / 10));
  const half = Math.floor(stretches.length / 2);
  const summarize = (some: DriftOf['stretches']): DriftOf['stretches'][number] => {
    const median = (of: (one: DriftOf['stretches'][number]) => number): number =>
      quantileOf(some.map(of), 0.5);
    const heaps = some.flatMap(({ heapMiB }) => heapMiB ?? []);
    return {
      perSecond: median(({ perSecond }) => perSecond),
      cpuMs: median(({ cpuMs }) => cpuMs),
      rssMiB: median(({ rssMiB }) => rssMiB),
      ...(heaps.length === 0 ? {} : { heapMiB: quantileOf(heaps, 0.5) }),
    };
  };
  return {
    first: summarize(stretches.slice(0, 1)),
    early: summarize(stretches.slice(tenth, 2 * tenth)),
    middle: summarize(stretches.slice(half, half + tenth)),
    last: summarize(stretches.slice(-tenth)),
  };
}

export function formatWatchers(watched: readonly WatchedOf[]): string {
  return table(
    ['who watch', 'cycles/s', 'CPU ms for each', 'of that without', 'events/s that arrive'],
    watched.map(({ watchers, perSecond, cpuMs, cpuRatio, eventsPerSecond }) => [
      String(watchers),
      spread(perSecond, 0),
      spread(cpuMs, 2),
      spread(cpuRatio, 2),
      watchers === 0 ? '' : spread(eventsPerSecond, 0),
    ]),
  );
}

const PARTS: ReadonlyArray<readonly [string, string]> = [
  ['notification', 'from the agent’s call until the browser has the request'],
  ['decision', 'from there until its signed answer is acknowledged'],
  ['token', 'from there until the agent, whose poll is held, has the token; 0 where it is there first'],
  ['whole', 'all of it'],
];

export function formatNotification({ parts, cpuMs }: NotificationFigures): string {
  return [
    table(
      ['ms', '50 %', '95 %'],
      PARTS.map(([part, title]) => [title, String(parts[part]?.p50), String(parts[part]?.p95)]),
    ),
    '',
    `${parts['whole']?.samples} cycles, ${spread(cpuMs, 2)} ms of the processor for each.`,
  ].join('\n');
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** What somebody else said may hold anything: the first line of it, as text. */
function inCell(words: string): string {
  const [line = ''] = words.split('\n');
  return line.replace(/[\\|<[\]`*_]/g, '\\$&');
}

/** Median and quartiles. */
function spread(values: Quartiles | undefined, digits: number): string {
  if (values === undefined) return '';
  const { median, q1, q3 } = values;
  return `${median.toFixed(digits)} (${q1.toFixed(digits)}–${q3.toFixed(digits)})`;
}
