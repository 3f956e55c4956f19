// Options and values that several commands take alike.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DATA_FOLDER } from './run-file.ts';

export function formatOption(): Option {
  return new Option('--format <format>', 'how to write the result on stdout')
    .choices(['text', 'json', 'ndjson'])
    .default('text');
}

export function dataFolderOption(): Option {
  return new Option(
    '--data-folder <folder>',
    `data folder of the server (default: the nearest ${DATA_FOLDER} here or above)`,
  ).env(VARIABLES.dataFolder);
}

/** Variables that stand for options of `start`; an option that is typed wins. */
export const VARIABLES = {
  port: 'ASSENT_PORT',
  host: 'ASSENT_HOST',
  issuer: 'ASSENT_ISSUER',
  config: 'ASSENT_CONFIG',
  dataFolder: 'ASSENT_DATA_FOLDER',
  data: 'ASSENT_DATA',
  store: 'ASSENT_STORE',
  mtlsPort: 'ASSENT_MTLS_PORT',
} as const;

/** What names a file, a folder or an address is not nothing: `--data "$FILE"` without FILE would mean the folder itself. */
const NAMES = /<(file|folder|url|address)>$/;

export function refuseEmptyNames(commands: readonly Command[]): void {
  for (const option of commands.flatMap(({ options }) => options)) {
    if (!NAMES.test(option.flags) || option.parseArg) continue;
    option.argParser((text) => {
      if (text === '') throw new InvalidArgumentError('Expected a name, or leave the option out.');
      return text;
    });
  }
}

/** Of what runs the command, often a compose file: a variable that is there and empty says nothing. */
export function dropEmptyVariables(env: NodeJS.ProcessEnv): void {
  for (const name of Object.values(VARIABLES)) if (env[name] === '') delete env[name];
}

export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

/** A probability that is not none. */
export function parsePart(text: string): number {
  const part = parseNumber(text);
  if (part <= 0 || part > 1) throw new InvalidArgumentError('Expected a part above 0 and up to 1.');
  return part;
}

/** How soon an agent learns of a decision. */
export function paceOptions(): Option[] {
  return [
    new Option(
      '--quick-answers',
      'agents learn of a decision at once: polls every 0.05 seconds, which wait up to 4 for it (default: Auth0’s pace)',
    ),
    new Option('--interval <seconds>', 'seconds between polls, may be a fraction').argParser(parseInterval),
    new Option('--held-poll <seconds>', 'seconds for which a poll may wait, up to 25').argParser(
      parseHeldPoll,
    ),
  ];
}

// What a start would refuse of either is refused here, where the option is known by the name that was typed. The bounds are those
// of `quickAnswersInputSchema`, which is not loaded for them.
const LONGEST_HELD_POLL_SECONDS = 25;

function parseInterval(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds === 0) throw new InvalidArgumentError('Expected seconds above 0, such as 0.1 or 4.');
  return seconds;
}

function parseHeldPoll(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds > LONGEST_HELD_POLL_SECONDS)
    throw new InvalidArgumentError('Expected seconds from 0 to 25, such as 4.');
  return seconds;
}

function parseSeconds(text: string): number {
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text))
    throw new InvalidArgumentError('Expected seconds, such as 0.1 or 4.');
  return Number(text);
}

/** What draws of chance come from. */
export function seedOption(): Option {
  return new Option(
    '--seed <text>',
    'what chance is drawn from; the same one draws the same again (default: that of the tenant file)',
  );
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}

export function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
