// What a run leaves, with `--write`.
import { join } from 'node:path';

export const FIGURES_FILE: string = join(import.meta.dirname, 'figures.json');
export const PAGE_FILE: string = join(import.meta.dirname, '../docs/timings.md');
