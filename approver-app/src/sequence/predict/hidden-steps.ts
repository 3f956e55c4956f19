// A run as it looked before its next arrow: what comes later is not there, neither as steps nor in what is said of the run. Pure.
import { LETTERS, type Letter, type Run, readRun } from 'assent/sequence';

/** @param shown how many steps are there; all of them leave the run as it is */
export function runUpTo(run: Run, shown: number): Run {
  if (shown >= run.steps.length) return run;
  const steps = run.steps.slice(0, shown);
  const lastEvent = Math.max(0, ...steps.flatMap(({ events }) => events));
  // The heading tells how it ended, and the names who answered: both as far as they are known by then.
  const known = readRun(
    run.events.filter(({ number }) => number <= lastEvent),
    run.id,
  );
  const carried = new Set<Letter>(steps.flatMap(({ values }) => values));
  const end = run.rows.findLastIndex((row) => row.type === 'step' && row.step.number <= shown);
  return {
    ...(known ?? run),
    outcome: known?.outcome ?? 'pending',
    values: Object.fromEntries(
      LETTERS.flatMap((letter) =>
        carried.has(letter) && run.values[letter] !== undefined ? [[letter, run.values[letter]]] : [],
      ),
    ),
    steps,
    rows: run.rows.slice(0, end + 1),
    events: run.events.filter(({ number }) => number <= lastEvent),
  };
}
