// docs/timings.md: one section for each measurement, of the figures that its last run with `--write` left.
import { readFile, writeFile } from 'node:fs/promises';
import { type ClassFigures, formatClass } from './class-summary.ts';
import { FIGURES_FILE, PAGE_FILE } from './files.ts';
import { formatSequence, type SequenceFigures } from './sequence-summary.ts';
import { type Figures, formatFigures } from './summary.ts';

export interface AllFigures {
  quickAnswers: Figures;
  class?: ClassFigures;
  sequence?: SequenceFigures;
}

/** Keeps what was measured beside the other measurements, and writes the page anew. */
export async function keepFigures<Name extends keyof AllFigures>(
  name: Name,
  figures: NonNullable<AllFigures[Name]>,
): Promise<void> {
  const all: AllFigures = { ...(await readFigures()), [name]: figures };
  await writeFile(FIGURES_FILE, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(PAGE_FILE, formatPage(all));
}

/** Written by nobody but this file. */
export async function readFigures(): Promise<AllFigures> {
  return JSON.parse(await readFile(FIGURES_FILE, 'utf8'));
}

export function formatPage({ quickAnswers, class: ofClass, sequence }: AllFigures): string {
  return [
    '<!-- Written by `pnpm bench --write`. Edits will be lost. -->',
    '',
    '# How long a test takes',
    '',
    'A whole test with an unmodified `@auth0/ai-vercel` tool in block mode: the tool asks, the test sees the request and approves it',
    'through the control API, the tool runs with its token, and the API takes that for exactly this action. The agent and the test are',
    'in one process, Assent in another, over https on the same computer.',
    '',
    formatFigures(quickAnswers),
    '',
    'The two paces take turns, so that what else the computer does meets both. At Auth0’s pace the tool asks at once, is told to wait,',
    'and asks again five seconds later. [Quick answers](quick-answers.md) says what makes the difference.',
    '',
    ...(ofClass === undefined
      ? []
      : [
          '# How a class fares',
          '',
          'Each place of a class has an agent that asks and a page of the approver app that is open at its inbox.',
          '',
          formatClass(ofClass),
          '',
        ]),
    ...(sequence === undefined
      ? []
      : [
          '# How smooth a long story is',
          '',
          'The sequence view in Chromium, 1440 by 900, without a graphics card, while it draws a long story.',
          '',
          formatSequence(sequence),
          '',
        ]),
  ].join('\n');
}
