// Runs the real command as a process of its own, from source, and reads what it writes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const MAIN = join(import.meta.dirname, '../src/cli/main.ts');

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandWorld {
  /** Folder in which the command is typed. */
  folder: string;
  env?: Readonly<Record<string, string>>;
}

function spawnCommand(words: readonly string[], world: CommandWorld): ChildProcess {
  return spawnProgram(process.execPath, [MAIN, ...words], world);
}

function spawnProgram(
  program: string,
  words: readonly string[],
  { folder, env }: CommandWorld,
): ChildProcess {
  return spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function runCommand(words: readonly string[], world: CommandWorld): Promise<CommandResult> {
  return read(spawnCommand(words, world));
}

/** A program of our own under Node, with options of Node before it. */
export function runNode(words: readonly string[]): Promise<CommandResult> {
  return read(spawnProgram(process.execPath, words, { folder: tmpdir() }));
}

async function read(child: ChildProcess): Promise<CommandResult> {
  const { stdout, stderr } = requirePipes(child);
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(stdout), text(stderr)]);
  return { code, stdout: out, stderr: err };
}

export interface RunningCommand {
  pid: number;
  /** Resolves once stdout or stderr contains `wanted`. Fails if the command ends before. */
  says(wanted: string | RegExp): Promise<void>;
  /** What it wrote until now. */
  output(): CommandResult;
  /** Closes our end of its stdout, or of stderr too, as `head` does when it has enough. */
  stopReading(what?: 'stdout'): void;
  stop(signal?: NodeJS.Signals): Promise<CommandResult>;
  ends(): Promise<CommandResult>;
}

/** A command that goes on: the server, or one that waits. */
export function startCommand(words: readonly string[], world: CommandWorld): RunningCommand {
  return follow(spawnCommand(words, world));
}

/** A line of shell in which `assent` is the command. Ends when everything that it started has. */
export function startShell(line: string, world: CommandWorld): RunningCommand {
  const script = `assent() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`;
  return follow(spawnProgram('/bin/sh', ['-c', script], world));
}

function follow(child: ChildProcess): RunningCommand {
  const { stdout, stderr } = requirePipes(child);
  const result: CommandResult = { code: null, stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    result.stdout += chunk;
    notify();
  });
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    result.stderr += chunk;
    notify();
  });
  const closed = once(child, 'close').then(([code]) => {
    result.code = code;
    notify();
    return result;
  });
  return {
    pid: child.pid ?? 0,
    output: () => ({ ...result }),
    stopReading(what) {
      stdout.destroy();
      if (what === undefined) stderr.destroy();
    },
    ends: () => closed,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const written = `${result.stdout}\n${result.stderr}`;
          const isSaid = typeof wanted === 'string' ? written.includes(wanted) : wanted.test(written);
          if (!isSaid && result.code === null) return;
          listeners.delete(check);
          if (isSaid) resolve();
          else reject(new Error(`ended with ${result.code} before it said ${wanted}:\n${written}`));
        };
        listeners.add(check);
        check();
      }),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return closed;
    },
  };
}

function requirePipes({ stdout, stderr }: ChildProcess) {
  if (!stdout || !stderr) throw new Error('the command has no pipes');
  return { stdout, stderr };
}
