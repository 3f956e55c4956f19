// `assent reset`: everything back to how the server started, behind the same address.
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format } from '../output.ts';
import { findRunningServer } from '../running-server.ts';

export interface ResetFlags {
  dataFolder?: string;
  format: Format;
}

export async function runReset(flags: ResetFlags, context: CommandContext): Promise<ExitCode> {
  const { control } = await findRunningServer(context, flags);
  const world = await control.reset();
  context.terminal.data(
    flags.format === 'text'
      ? `  ${world.tenant} is as at its start: no requests, no devices but its own, the time of the computer`
      : JSON.stringify(world),
  );
  return EXIT.fine;
}
