// docs/reference/command-line.md: commands, options, environment and exit codes, from the definitions that parse them.
import type { Command, Option } from 'commander';
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { createProgram, ENVIRONMENT } from '../../src/cli/program.ts';
import { formatTable } from './schema-tables.ts';

export function writeCommandLinePage(): string {
  const refuse = (): never => {
    throw new Error('a page runs no command');
  };
  const program = createProgram({
    version: '',
    actions: { start: refuse, ask: refuse, requests: refuse, show: refuse, decide: refuse, env: refuse },
    onExit: refuse,
  });
  return [
    '# Command line',
    '',
    'For whoever types or scripts `assent`. Data goes to stdout and everything else to stderr. Without a command,',
    '`assent` means `assent start`. In a clone of the repository, type `npx assent`.',
    '',
    ...program.commands.flatMap(describeCommand),
    '## Environment',
    '',
    formatTable(
      ['Variable', 'Meaning'],
      ENVIRONMENT.map(([name, meaning]) => [`\`${name}\``, meaning]),
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
    `## assent ${command.name()}`,
    '',
    `\`${['assent', command.name(), ...words].join(' ')}\`: ${command.description()}.`,
    '',
    formatTable(['Option', 'Meaning', 'Default'], rows),
    '',
  ];
}

function describeOption({ description, argChoices }: Option): string {
  return argChoices
    ? `${description}: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`
    : description;
}

function describeDefault({ defaultValue, negate }: Option): string {
  return defaultValue === undefined || negate ? '' : `\`${defaultValue}\``;
}
