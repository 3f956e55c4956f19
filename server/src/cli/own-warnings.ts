// What a running server warns of itself (an AssentWarning), as lines of the log of the command that runs it. Warnings of Node and of
// packages stay as Node prints them. Their time is the computer's, as nothing of a tenant is known where they come from.
import { WARNING_NAME, type WarningCode } from '../warnings.ts';
import type { CommandContext } from './context.ts';
import { createTimeOfDay, formatLogLine, type TimeOfDay } from './log-line.ts';
import { type Format, type Paint, showText } from './output.ts';

/** What else a failed start says itself: that its store cannot be used. */
const OF_THE_STORE: readonly WarningCode[] = ['STORE_UNAVAILABLE', 'STORE_AVAILABLE'];

/** Below a first line: of a failure that nobody foresaw, where it was. */
const INDENT = ' '.repeat(4);

interface Told {
  at: Date;
  code: WarningCode;
  message: string;
}

export interface OwnWarnings {
  /** Runs what starts the server. That its store is away is said once it has started: if it does not, the failure says so. */
  whileStarting<R>(start: () => Promise<R>): Promise<R>;
}

/** Takes the place of what prints warnings, for as long as the process lives: what closes at its end may warn, too. */
export function tellOwnWarnings(
  format: Format,
  { terminal }: Pick<CommandContext, 'terminal'>,
  now: () => Date = () => new Date(),
): OwnWarnings {
  let timeOfDay: TimeOfDay | undefined;
  let held: Told[] | undefined;
  const tell = (told: Told): void => {
    if (format !== 'text') terminal.note(JSON.stringify({ warning: told }));
    else {
      timeOfDay ??= createTimeOfDay();
      terminal.note(formatWarning(told, timeOfDay, terminal.paintNote));
    }
  };
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error) => {
    if (!isOurs(warning)) {
      for (const print of others) Reflect.apply(print, process, [warning]);
      return;
    }
    const told = { at: now(), code: warning.code, message: warning.message };
    if (held && OF_THE_STORE.includes(told.code)) held.push(told);
    else tell(told);
  });
  return {
    async whileStarting(start) {
      held = [];
      const started = await start();
      const untold = held;
      held = undefined;
      for (const told of untold) tell(told);
      return started;
    },
  };
}

function isOurs(warning: Error): warning is Error & { code: WarningCode } {
  return warning.name === WARNING_NAME;
}

/** Texts of others may be in it, of a request for instance; its lines are ours. */
function formatWarning({ at, code, message }: Told, timeOfDay: TimeOfDay, paint: Paint): string {
  const [first = '', ...below] = message.split('\n').map(showText);
  const text = `${paint('warning', code)}  ${first}`;
  const line = formatLogLine({ time: timeOfDay.format(at), verb: 'warn', name: '', text }, paint);
  return [line, ...below.map((more) => `${INDENT}${paint('quiet', more)}`)].join('\n');
}
