// docs/reference/command-line.md: commands, options, environment and exit codes, from the definitions that parse them.
import type { Command, Option } from 'commander';
import { VARIABLES } from '../../src/cli/command-options.ts';
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { defineOtherCommands } from '../../src/cli/other-commands.ts';
import { createProgram, ENVIRONMENT } from '../../src/cli/program.ts';
import { formatTable } from './schema-tables.ts';

/** Every command, to be described. */
export function describeProgram(): Command {
  const refuse = (): never => {
    throw new Error('a page runs no command');
  };
  return createProgram({
    version: '',
    defineOthers: defineOtherCommands,
    actions: {
      start: refuse,
      exec: refuse,
      init: refuse,
      class: refuse,
      ask: refuse,
      requests: refuse,
      show: refuse,
      decide: refuse,
      watch: refuse,
      trace: refuse,
      doctor: refuse,
      device: refuse,
      export: refuse,
      import: refuse,
      env: refuse,
      certificate: refuse,
      clock: refuse,
      reset: refuse,
      browser: refuse,
      rules: refuse,
      ruleAdd: refuse,
      ruleRemove: refuse,
      rulesClear: refuse,
      faults: refuse,
      faultAdd: refuse,
      faultRemove: refuse,
      faultsClear: refuse,
      steps: refuse,
      stepBreak: refuse,
      stepSlow: refuse,
      stepNext: refuse,
      stepContinue: refuse,
      stepOff: refuse,
    },
    onExit: refuse,
  });
}

export function writeCommandLinePage(): string {
  const program = describeProgram();
  return [
    '# Command line',
    '',
    'For whoever types or scripts `assent`. Data goes to stdout and everything else to stderr. Without a command,',
    '`assent` means `assent start`. In a clone of the repository, type `npx assent`.',
    '',
    // Of a command with parts, these are what is typed.
    ...program.commands
      .flatMap((command) => (command.commands.length === 0 ? [command] : command.commands))
      .flatMap(describeCommand),
    '## Stopping a server',
    '',
    'Ctrl-C, SIGINT, SIGTERM and SIGHUP stop it: it answers what it has begun and removes `server.json`. Another signal, a',
    'second later, ends it at once. One that reaches `npx assent` or `npm start` as SIGTERM stops it too. A SIGINT sent to npm',
    'alone, which is not what Ctrl-C does, may end in the shell between the two, and SIGKILL always does: where a program',
    'must be sure, let it start `node_modules/.bin/assent`, or take the `pid` from `server.json`.',
    '',
    '## Environment',
    '',
    formatTable(
      ['Variable', 'Meaning'],
      [...ENVIRONMENT, ...VARIABLES_OF_OPTIONS].map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
    '',
    '## Exit codes',
    '',
    formatTable(
      ['Code', 'Meaning'],
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    ),
  ].join('\n');
}

const VARIABLES_OF_OPTIONS = Object.values(VARIABLES).map(
  (name) => [name, 'in place of an option, see there; one that is typed wins'] as const,
);

function describeCommand(command: Command): string[] {
  const words = command.registeredArguments.map((argument) => `<${argument.name()}>`);
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`<${argument.name()}>\``, argument.description, '']),
    ...command.options.map((option) => [
      `\`${option.flags}\``,
      describeOption(option),
      describeDefault(option),
    ]),
  ];
  return [
    `## ${nameOf(command)}`,
    '',
    `\`${[nameOf(command), ...words].join(' ')}\`: ${command.description()}.`,
    '',
    formatTable(['Option', 'Meaning', 'Default'], rows),
    '',
  ];
}

/** `assent rules add` */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function describeOption({ description, argChoices, envVar }: Option): string {
  const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}` : '';
  return `${description}${choices}${envVar === undefined ? '' : `; or \`${envVar}\``}`;
}

function describeDefault({ defaultValue, negate }: Option): string {
  return defaultValue === undefined || negate ? '' : `\`${defaultValue}\``;
}
