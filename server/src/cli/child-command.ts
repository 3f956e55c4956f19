// A command that runs in our place: it has our streams, gets our signals, and its end is ours.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Problem } from '../problem.ts';
import type { CommandContext } from './context.ts';
import { watchAnyLauncher } from './launcher.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;
type RelayedSignal = (typeof SIGNALS)[number];

/** What a terminal sends to everybody who runs in its foreground. */
const OF_THE_TERMINAL: readonly RelayedSignal[] = ['SIGINT', 'SIGQUIT'];

/** Keeps us alive through the signals that somebody sends, from its making to `stop`, and passes them on. */
export class SignalRelay {
  readonly #handlers: ReadonlyArray<readonly [RelayedSignal, () => void]>;
  #pass: ((signal: RelayedSignal) => void) | undefined;
  /** The first signal that came. */
  first: RelayedSignal | undefined;

  constructor(env: CommandContext['env']) {
    this.#handlers = SIGNALS.map((signal) => [signal, () => this.#receive(signal)] as const);
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
    watchAnyLauncher(env, () => this.#receive('SIGTERM'));
  }

  passTo(pass: (signal: RelayedSignal) => void): void {
    this.#pass = pass;
  }

  stop(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }

  #receive(signal: RelayedSignal): void {
    this.first ??= signal;
    this.#pass?.(signal);
  }
}

export interface ChildOptions {
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  relay: SignalRelay;
}

export interface ChildEnd {
  /** What the command ended with, or 128 and the number of the signal that ended it. */
  code: number;
  signal: NodeJS.Signals | undefined;
}

/** @throws Problem `command_missing`, `command_not_executable` */
export function runChild(
  command: string,
  words: readonly string[],
  { env, folder, relay }: ChildOptions,
): Promise<ChildEnd> {
  const child = spawn(command, words, { cwd: folder, env, stdio: 'inherit' });
  // Ctrl-C reaches the command without us; a second SIGINT would tell it that somebody will not wait.
  const isAtTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  relay.passTo((signal) => {
    if (!isAtTerminal || !OF_THE_TERMINAL.includes(signal)) child.kill(signal);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(explainStart(cause, command)));
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? codeOfSignal(signal), signal: signal ?? undefined }),
    );
  });
}

/** As shells have it. POSIX, Shell Command Language §2.8.2 and what every shell makes of it. */
export function codeOfSignal(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function explainStart(cause: unknown, command: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') {
    return new Problem('command_missing', `There is no command "${command}" here.`, {
      hint: `Is it spelt so? One of this project:   assent exec -- npx ${command}`,
      cause,
    });
  }
  if (code === 'EACCES') {
    return new Problem('command_not_executable', `"${command}" may not be run.`, {
      hint: `Make it a program:   chmod +x ${command}`,
      cause,
    });
  }
  return cause;
}
