// The command's entry: wires streams, commands and the exit code. Everything it decides is in the files beside it.
import { CommanderError } from 'commander';
import { readOwnVersion } from '../own-package.ts';
import { Problem } from '../problem.ts';
import { dropEmptyVariables, refuseEmptyNames } from './command-options.ts';
import { type CommandContext, findCommandName } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createTerminal, type Format, formatFailure, watchStreams } from './output.ts';
import { createProgram } from './program.ts';

const terminal = createTerminal(process, process.env);
const context: CommandContext = {
  terminal,
  env: process.env,
  folder: process.cwd(),
  commandName: findCommandName(process.env),
};

/** What begins with "-" and is no option: one auth_req_id in 64, and -10m for a clock, which has an answer of its own. */
const VALUES: Readonly<Record<string, RegExp>> = {
  show: /^-[\w-]{63}$/,
  approve: /^-[\w-]{63}$/,
  deny: /^-[\w-]{63}$/,
  clock: /^-\d\w*$/,
};

const words = withValueLast(withDefaultCommand(process.argv.slice(2)));

const program = createProgram({
  version: readOwnVersion(),
  defineOthers: words[0] === 'start' ? undefined : (await import('./other-commands.ts')).defineOtherCommands,
  actions: {
    // The server and what it needs are loaded only by the command that runs it.
    start: async (flags, origins) => (await import('./commands/start.ts')).runStart(flags, origins, context),
    exec: async (command, words, flags) =>
      (await import('./commands/exec.ts')).runExec(command, words, flags, context),
    init: async (flags) => (await import('./commands/init.ts')).runInit(flags, context),
    class: async (places, flags) => (await import('./commands/class.ts')).runClass(places, flags, context),
    ask: async (text, flags) => (await import('./commands/ask.ts')).runAsk(text, flags, context),
    requests: async (flags) => (await import('./commands/requests.ts')).runRequests(flags, context),
    show: async (ref, flags) => (await import('./commands/requests.ts')).runShow(ref, flags, context),
    decide: async (decision, ref, flags) =>
      (await import('./commands/decide.ts')).runDecide(decision, ref, flags, context),
    watch: async (flags) => (await import('./commands/watch.ts')).runWatch(flags, context),
    trace: async (flags) => (await import('./commands/trace.ts')).runTrace(flags, context),
    doctor: async (flags) => (await import('./commands/doctor.ts')).runDoctor(flags, context),
    browser: async (kind, words, flags) =>
      (await import('./commands/browser.ts')).runBrowser(kind, words, flags, context),
    device: async (flags) => (await import('./commands/device.ts')).runDevice(flags, context),
    export: async (flags) => (await import('./commands/tenant-file.ts')).runExport(flags, context),
    import: async (file, flags) =>
      (await import('./commands/tenant-file.ts')).runImport(file, flags, context),
    clock: async (move, flags) => (await import('./commands/clock.ts')).runClock(move, flags, context),
    reset: async (flags) => (await import('./commands/reset.ts')).runReset(flags, context),
    env: async (flags) => (await import('./commands/env.ts')).runEnv(flags, context),
    certificate: async (client, flags) =>
      (await import('./commands/certificate.ts')).runCertificate(client, flags, context),
    rules: async (flags) => (await import('./commands/rules.ts')).runRules(flags, context),
    ruleAdd: async (flags) => (await import('./commands/rules.ts')).runRuleAdd(flags, context),
    ruleRemove: async (id, flags) => (await import('./commands/rules.ts')).runRuleRemove(id, flags, context),
    faults: async (flags) => (await import('./commands/faults.ts')).runFaults(flags, context),
    faultAdd: async (what, flags) => (await import('./commands/faults.ts')).runFaultAdd(what, flags, context),
    faultRemove: async (id, flags) =>
      (await import('./commands/faults.ts')).runFaultRemove(id, flags, context),
    faultsClear: async (flags) => (await import('./commands/faults.ts')).runFaultsClear(flags, context),
    steps: async (flags) => (await import('./commands/steps.ts')).runSteps(flags, context),
    stepBreak: async (arrows, flags) =>
      (await import('./commands/steps.ts')).runStepBreak(arrows, flags, context),
    stepSlow: async (ms, flags) => (await import('./commands/steps.ts')).runStepSlow(ms, flags, context),
    stepNext: async (hold, flags) => (await import('./commands/steps.ts')).runStepNext(hold, flags, context),
    stepContinue: async (flags) => (await import('./commands/steps.ts')).runStepContinue(flags, context),
    stepOff: async (flags) => (await import('./commands/steps.ts')).runStepOff(flags, context),
    rulesClear: async (flags) => (await import('./commands/rules.ts')).runRulesClear(flags, context),
  },
  onExit: (code) => {
    process.exitCode = code;
  },
}).exitOverride();
const commands = program.commands.flatMap((one) => [one, ...one.commands]);
for (const command of commands) command.exitOverride();
refuseEmptyNames(commands);
dropEmptyVariables(process.env);

watchStreams(process, (why) => {
  if (words[0] === 'start' || words[0] === 'class') {
    // Agents and other commands use the server, whoever reads what it writes.
    terminal.note(`  Nobody reads stdout any more (${why.code}). The server goes on.`);
    return;
  }
  // A reader that has enough, such as `head`, is no failure of ours.
  if (why.code === 'EPIPE') process.exit(EXIT.fine);
  tellFailure(
    new Problem('output_unwritable', `The result cannot be written: ${why.message}`, { cause: why }),
  );
  process.exit();
});

try {
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  else tellFailure(error);
}

function tellFailure(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  terminal.note(formatFailure(error, requestedFormat(process.argv), terminal.paintNote, context));
}

/** `assent --port 0` means `assent start --port 0`. */
function withDefaultCommand(typed: readonly string[]): string[] {
  const [first] = typed;
  const isAboutProgram = first !== undefined && ['-h', '--help', '-V', '--version'].includes(first);
  const needsCommand = first === undefined || (first.startsWith('-') && !isAboutProgram);
  return needsCommand ? ['start', ...typed] : [...typed];
}

/** Those behind `--`, where the command line knows them for values. */
function withValueLast(typed: string[]): string[] {
  const pattern = typed.includes('--') ? undefined : VALUES[typed[0] ?? ''];
  const value = pattern && typed.find((word) => pattern.test(word));
  return value === undefined ? typed : [...typed.filter((word) => word !== value), '--', value];
}

/** A failure is told in the format that was asked for, also when it happened before the options were read. */
function requestedFormat(typed: readonly string[]): Format {
  const asked = /--format[= ](json|ndjson)\b/.exec(typed.join(' '))?.[1];
  return asked === 'json' || asked === 'ndjson' ? asked : 'text';
}
