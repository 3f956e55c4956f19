// `assent faults`: what fails on purpose; shown, added, ended.
import type { Fault, FaultKind } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import { alignColumns } from '../columns.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type FaultFlags, faultFromFlags } from '../fault-from-flags.ts';
import { type Format, type Paint, showText } from '../output.ts';
import { findRunningServer } from '../running-server.ts';

export interface FaultsFlags {
  dataFolder?: string;
  format: Format;
}

export async function runFaults(flags: FaultsFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal, commandName } = context;
  const { control } = await findRunningServer(context, flags);
  const faults = await control.faults.list();
  if (flags.format !== 'text') tellFaults(faults, flags.format, context);
  else if (faults.length > 0) terminal.data(formatFaults(faults, terminal.paintData));
  else {
    const example = `${commandName} faults add answer --on token --status 429 --times 2`;
    terminal.note(`  Nothing fails on purpose.  Have something fail:  ${example}`);
  }
  return EXIT.fine;
}

export async function runFaultAdd(
  what: FaultKind,
  flags: FaultsFlags & FaultFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, commandName } = context;
  const wanted = faultFromFlags(what, flags);
  const { control } = await findRunningServer(context, flags);
  const fault = await control.faults.inject(wanted);
  if (flags.format !== 'text') terminal.data(JSON.stringify(fault));
  else {
    terminal.data(formatFaults([fault], terminal.paintData));
    terminal.note(`  From now on.  End it:  ${commandName} faults remove ${fault.id}`);
  }
  return EXIT.fine;
}

export async function runFaultRemove(
  id: string,
  flags: FaultsFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  try {
    const fault = await control.faults.remove(id);
    if (flags.format === 'text') terminal.note(`  Over: ${fault.id}  ${showText(fault.text)}`);
    else terminal.data(JSON.stringify(fault));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    throw new Problem('not_found', error.message, {
      hint: 'See what there is:   assent faults',
      cause: error,
    });
  }
  return EXIT.fine;
}

export async function runFaultsClear(flags: FaultsFlags, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { control } = await findRunningServer(context, flags);
  await control.faults.clear();
  if (flags.format === 'text') terminal.note('  Nothing fails on purpose any more.');
  else tellFaults([], flags.format, context);
  return EXIT.fine;
}

function tellFaults(faults: readonly Fault[], format: Format, { terminal }: CommandContext): void {
  if (format === 'json') terminal.data(JSON.stringify(faults));
  else for (const fault of faults) terminal.data(JSON.stringify(fault));
}

/** One line each, oldest first. */
function formatFaults(faults: readonly Fault[], paint: Paint): string {
  const rows = faults.map(({ id, text, applied }) => {
    const often = applied === 0 ? 'not yet' : `applied ${applied === 1 ? 'once' : `${applied} times`}`;
    return [['address', id], showText(text), ['quiet', often]] as const;
  });
  return alignColumns(rows, paint);
}
