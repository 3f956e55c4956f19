// What every command is given. Nothing in here is global, so that a command can be read and run by itself.
import type { Terminal } from './output.ts';

export interface CommandContext {
  terminal: Terminal;
  env: Readonly<Record<string, string | undefined>>;
  /** Folder in which the command was typed. */
  folder: string;
  /** How the command is typed here: `assent`, or `npx assent` in a clone. */
  commandName: string;
}

/** npm and npx tell programs that they run under them; then the bare name is probably not on the PATH. */
export function findCommandName(env: Readonly<Record<string, string | undefined>>): string {
  return env['npm_config_user_agent'] === undefined ? 'assent' : 'npx assent';
}

/** A command's action as whoever defines the command calls it. */
export type WithoutContext<F> = F extends (...parameters: [...infer P, infer _Context]) => infer R
  ? (...parameters: P) => R
  : never;
