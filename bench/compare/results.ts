// What a run leaves with `--write`: the results, the page and the chart that are made of them. A run of some cases leaves the
// others as they were.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawChart, type Look } from './chart.ts';
import type { Figures } from './figures.ts';
import { formatPage } from './page.ts';

const RESULTS_FILE = join(import.meta.dirname, 'results.json');
export const PAGE_FILE: string = join(import.meta.dirname, '../../docs/benchmarks.md');

export function chartFile(look: Look): string {
  return join(import.meta.dirname, `../../docs/pictures/benchmarks-${look}.svg`);
}

/** Written by nobody but this file. */
export async function readResults(): Promise<Figures> {
  return JSON.parse(await readFile(RESULTS_FILE, 'utf8').catch(() => '{}'));
}

export async function keepResults(figures: Figures): Promise<void> {
  const all = { ...(await readResults()), ...figures };
  await writeFile(RESULTS_FILE, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(PAGE_FILE, formatPage(all));
  for (const look of ['light', 'dark'] as const) {
    const chart = drawChart(all, look);
    if (chart !== undefined) await writeFile(chartFile(look), chart);
  }
}
