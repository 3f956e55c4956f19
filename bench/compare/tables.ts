// Figures → tables in Markdown, which a terminal shows as well. Pure.
import type { Figures, RateOf, StartOf } from './figures.ts';
import type { Quartiles } from './statistics.ts';
import type { PeerName } from './target.ts';

const TITLES: Readonly<Record<PeerName, string>> = {
  assent: '**Assent**',
  'oidc-provider': 'bare oidc-provider',
  'oauth2-mock-server': 'oauth2-mock-server',
  glewlwyd: 'Glewlwyd',
};

/** All that was measured, for a terminal. */
export function formatFigures({ start, clientCredentials, cycles }: Figures): string {
  return [
    ...(start ? [formatStarts(start.starts)] : []),
    ...(clientCredentials ? [formatRates(clientCredentials.rates, 'tokens', 'oauth2-mock-server')] : []),
    ...(cycles ? [formatRates(cycles.rates, 'cycles', 'bare oidc-provider')] : []),
  ].join('\n\n');
}

function formatStarts(starts: readonly StartOf[]): string {
  return table(
    ['started', 'ms to discovery', 'of oauth2-mock-server', 'ms to the first token', 'MiB at rest'],
    starts.map(({ peer, title, readyMs, tokenMs, rssMiB, ratio }) => [
      peer === 'assent' ? `**${title}**` : title,
      spread(readyMs, 0),
      spread(ratio, 2),
      spread(tokenMs, 0),
      spread(rssMiB, 0),
    ]),
  );
}

function formatRates(rates: readonly RateOf[], unit: string, comparedTo: string): string {
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
    rates.map(({ peer, algorithm, connections, perSecond, cpuMs, p99Ms, rssMiB, rateRatio, cpuRatio }) => [
      algorithm,
      String(connections),
      TITLES[peer],
      spread(perSecond, 0),
      spread(rateRatio, 2),
      spread(cpuMs, 2),
      spread(cpuRatio, 2),
      spread(p99Ms, 1),
      String(rssMiB),
    ]),
  );
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** Median and quartiles. */
function spread(values: Quartiles | undefined, digits: number): string {
  if (values === undefined) return '';
  const { median, q1, q3 } = values;
  return `${median.toFixed(digits)} (${q1.toFixed(digits)}–${q3.toFixed(digits)})`;
}
