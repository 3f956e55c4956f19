// A running browser. It is a process group of its own, so that Ctrl-C reaches this program alone, which then ends the browser
// as its window would.
import { type ChildProcess, spawn } from 'node:child_process';
import { Problem } from '../problem.ts';
import { BROWSER_NAMES, type BrowserKind } from './find-browser.ts';
import type { BrowserLaunch } from './wiring.ts';

export interface BrowserProcess {
  readonly pid: number;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<BrowserEnd>;
  /** Asks it to end, and makes it end if it does not. */
  end(): Promise<void>;
}

interface BrowserEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last of what it complained about. */
  complaints: string;
}

/** How long a browser may write what is open to its profile. */
const FAREWELL_MS = 10_000;
const MOST_COMPLAINTS = 2_000;

/** @throws Problem `browser_failed` when the program does not start */
export async function startBrowser(
  kind: BrowserKind,
  program: string,
  { words, env }: BrowserLaunch,
  surroundings: Readonly<Record<string, string | undefined>>,
): Promise<BrowserProcess> {
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...surroundings, ...env },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-MOST_COMPLAINTS);
  });
  const ended = new Promise<BrowserEnd>((resolve) => {
    // Not `close`: a helper that lingers may hold the pipe.
    child.once('exit', (code, signal) => resolve({ code, signal, complaints }));
  });
  const pid = await started(child, kind, program);
  const killGroup = (): void => signalGroup(pid, 'SIGKILL');
  process.once('exit', killGroup);
  void ended.then(() => {
    process.off('exit', killGroup);
    child.stderr.destroy();
  });
  return {
    pid,
    ended,
    async end() {
      child.kill('SIGTERM');
      const cutOff = setTimeout(killGroup, FAREWELL_MS);
      await ended;
      clearTimeout(cutOff);
    },
  };
}

async function started(child: ChildProcess, kind: BrowserKind, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (cause) => {
      reject(
        new Problem('browser_failed', `${program} cannot be started: ${cause.message}`, {
          hint: `Name another one:   assent browser ${kind} --path /path/to/${BROWSER_NAMES[kind].toLowerCase()}`,
          cause,
        }),
      );
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of it is left.
  }
}
