// The command's entry: wires streams, commands and the exit code. Everything it decides is in the files beside it.
import { CommanderError } from 'commander';
import { runAsk } from './commands/ask.ts';
import { runDecide } from './commands/decide.ts';
import { runEnv } from './commands/env.ts';
import { runRequests, runShow } from './commands/requests.ts';
import { type CommandContext, findCommandName, readVersion } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createTerminal, type Format, formatFailure } from './output.ts';
import { createProgram } from './program.ts';

const terminal = createTerminal(process, process.env);
const context: CommandContext = {
  terminal,
  env: process.env,
  folder: process.cwd(),
  commandName: findCommandName(process.env),
};

const program = createProgram({
  version: readVersion(),
  actions: {
    // The server and what it needs are loaded only by the command that runs it.
    start: async (flags) => (await import('./commands/start.ts')).runStart(flags, context),
    ask: (text, flags) => runAsk(text, flags, context),
    requests: (flags) => runRequests(flags, context),
    show: (ref, flags) => runShow(ref, flags, context),
    decide: (decision, ref, flags) => runDecide(decision, ref, flags, context),
    env: (flags) => runEnv(flags, context),
  },
  onExit: (code) => {
    process.exitCode = code;
  },
}).exitOverride();
for (const command of program.commands) command.exitOverride();

// A reader that has enough, such as `head`, is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.fine);
});

try {
  await program.parseAsync(withDefaultCommand(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  } else {
    process.exitCode = exitCodeOf(error);
    terminal.note(
      formatFailure(error, requestedFormat(process.argv), terminal.paintNote, context.commandName),
    );
  }
}

/** `assent --port 0` means `assent start --port 0`. */
function withDefaultCommand(words: readonly string[]): string[] {
  const [first] = words;
  const isAboutProgram = first !== undefined && ['-h', '--help', '-V', '--version'].includes(first);
  const needsCommand = first === undefined || (first.startsWith('-') && !isAboutProgram);
  return needsCommand ? ['start', ...words] : [...words];
}

/** A failure is told in the format that was asked for, also when it happened before the options were read. */
function requestedFormat(words: readonly string[]): Format {
  const asked = /--format[= ](json|ndjson)\b/.exec(words.join(' '))?.[1];
  return asked === 'json' || asked === 'ndjson' ? asked : 'text';
}
