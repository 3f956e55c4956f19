// `assent clock`: what time the tenant has, and putting it forward.
import type { ClockReading } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format, Paint } from '../output.ts';
import { findRunningServer } from '../running-server.ts';
import { describeSpan, parseDuration } from '../time-text.ts';

export interface ClockFlags {
  dataFolder?: string;
  format: Format;
}

/** @param move how far (`+72h`) or to which instant; undefined only reads */
export async function runClock(
  move: string | undefined,
  flags: ClockFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const wanted = move === undefined ? undefined : readMove(move);
  const { control } = await findRunningServer(context, flags);
  const reading =
    wanted === undefined
      ? await control.clock.read()
      : await ('ms' in wanted ? control.clock.advance(wanted.ms) : control.clock.moveTo(wanted.to));
  terminal.data(
    flags.format === 'text' ? describeClock(reading, terminal.paintData) : JSON.stringify(reading),
  );
  return EXIT.fine;
}

function readMove(text: string): { ms: number } | { to: Date } {
  if (text.startsWith('-')) {
    throw new Problem('usage', `Received "${text}", and the clock goes forwards only.`, {
      hint: 'A server that is started anew has the time of the computer.',
    });
  }
  const ms = parseDuration(text);
  if (ms !== undefined) return { ms };
  const to = new Date(/^\d{4}-\d{2}-\d{2}/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(to.getTime())) return { to };
  throw new Problem(
    'usage',
    `Received "${text}", expected + and how far, in w, d, h, m, s or ms, or an instant.`,
    {
      hint: 'assent clock +72h\nassent clock +1d12h30m\nassent clock 2030-01-01T12:00:00Z',
    },
  );
}

function describeClock({ now, offset_ms: offsetMs }: ClockReading, paint: Paint): string {
  const lead = offsetMs === 0 ? 'never put forward' : `put forward by ${describeSpan(offsetMs)}`;
  return `  ${paint('address', now)}   ${paint('quiet', lead)}`;
}
