// `assent step`: what is held, where to hold, and letting it go.
import { type HeldExchange, STEP_ARROWS, type StepArrow, type Steps } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import { alignColumns } from '../columns.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatDuration } from '../log-lines.ts';
import { type Format, type Paint, showText } from '../output.ts';
import { findRunningServer } from '../running-server.ts';
import { describeSpan } from '../time-text.ts';

export interface StepsFlags {
  dataFolder?: string;
  format: Format;
}

export async function runSteps(flags: StepsFlags, context: CommandContext): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  tellSteps(await control.steps.read(), flags, context);
  return EXIT.fine;
}

export async function runStepBreak(
  arrows: ReadonlyArray<StepArrow | 'all'>,
  flags: StepsFlags & { outlast?: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  const { slow_ms } = await control.steps.read();
  const break_points = STEP_ARROWS.filter((arrow) => arrows.includes('all') || arrows.includes(arrow));
  const steps = await control.steps.set({ break_points, slow_ms, outlast: flags.outlast === true });
  tellSteps(steps, flags, context);
  return EXIT.fine;
}

export async function runStepSlow(ms: number, flags: StepsFlags, context: CommandContext): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  const { break_points, outlast } = await control.steps.read();
  tellSteps(await control.steps.set({ break_points, outlast, slow_ms: ms }), flags, context);
  return EXIT.fine;
}

export async function runStepNext(
  hold: string | undefined,
  flags: StepsFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  try {
    const released = await control.steps.next(hold);
    if (flags.format === 'text') terminal.data(formatHeld([released], terminal.paintData));
    else terminal.data(JSON.stringify(released));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    throw new Problem('not_found', error.message, {
      hint: 'See what is held:   assent step\nHold something:     assent step break decision_received',
      cause: error,
    });
  }
  return EXIT.fine;
}

export async function runStepContinue(flags: StepsFlags, context: CommandContext): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  tellSteps(await control.steps.continue(), flags, context);
  return EXIT.fine;
}

export async function runStepOff(flags: StepsFlags, context: CommandContext): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  tellSteps(await control.steps.continue({ clear: true }), flags, context);
  return EXIT.fine;
}

function tellSteps(steps: Steps, { format }: StepsFlags, { terminal, commandName }: CommandContext): void {
  if (format !== 'text') {
    const records = format === 'json' ? [steps] : steps.held;
    for (const record of records) terminal.data(JSON.stringify(record));
    return;
  }
  const { held } = steps;
  terminal.note(`  ${describePlan(steps, commandName)}`);
  if (held.length > 0) {
    terminal.data(formatHeld(held, terminal.paintData));
    terminal.note(`  Let one go:  ${commandName} step next   all:  ${commandName} step continue`);
  }
}

function describePlan(
  { break_points: arrows, slow_ms: slowMs, outlast }: Steps,
  commandName: string,
): string {
  if (arrows.length === 0 && slowMs === 0)
    return `Nothing is held on purpose.  Hold something:  ${commandName} step break decision_received`;
  const where = arrows.length === STEP_ARROWS.length ? 'every arrow' : arrows.join(', ');
  return [
    ...(arrows.length === 0
      ? []
      : [`Held: ${where}, ${outlast ? 'until let go' : 'until let go or its caller would give up'}.`]),
    ...(slowMs === 0
      ? []
      : [`Slow: every ${arrows.length === 0 ? '' : 'other '}arrow waits ${describeSpan(slowMs)}.`]),
  ].join('  ');
}

/** One line each, oldest first. */
function formatHeld(held: readonly HeldExchange[], paint: Paint): string {
  const rows = held.map((one) => {
    const { id, name = '', arrow, held_ms: heldMs, waits, goes_on_in_ms: leftMs } = one;
    const who = waits === undefined ? 'nobody waits' : `${showText(waits.program)} waits`;
    const end = leftMs === undefined ? '' : `, goes on by itself in ${formatDuration(leftMs / 1000)}`;
    return [
      ['address', id],
      name,
      arrow,
      `for ${formatDuration(heldMs / 1000)}`,
      ['quiet', `${who}${end}`],
    ] as const;
  });
  return alignColumns(rows, paint);
}
