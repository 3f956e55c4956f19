// `assent env`: the variables an agent needs, in a form that a file, a shell or CI can take. Nothing else on stdout.
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findRunningServer } from '../running-server.ts';

export const ENV_FORMATS = ['dotenv', 'shell', 'json', 'github'] as const;
type EnvFormat = (typeof ENV_FORMATS)[number];

export interface EnvFlags {
  dataFolder?: string;
  format: EnvFormat;
}

export async function runEnv(flags: EnvFlags, context: CommandContext): Promise<ExitCode> {
  const { env } = await findRunningServer(context, flags);
  context.terminal.data(formatEnv(env, flags.format));
  return EXIT.fine;
}

export function formatEnv(env: Readonly<Record<string, string>>, format: EnvFormat): string {
  if (format === 'json') return JSON.stringify(env, null, 2);
  const write = { dotenv: writeDotenv, shell: writeShell, github: writeGithub }[format];
  return Object.entries(env)
    .map(([name, value]) => write(name, value))
    .join('\n');
}

/** Bare where every reader of .env files agrees about the value, else in single quotes, which most take literally. */
function writeDotenv(name: string, value: string): string {
  return /^[\w./:@%+,=-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`;
}

/** POSIX: nothing is special between single quotes, and a single quote cannot be among them. */
function writeShell(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", "'\\''")}'`;
}

/** One line of the file that GITHUB_ENV names. */
function writeGithub(name: string, value: string): string {
  return `${name}=${value}`;
}
