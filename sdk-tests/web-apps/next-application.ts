// The web application in `next/`: built once, then started as `next start` runs it, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const FOLDER = new URL('next/', import.meta.url).pathname;
const HOST_NAME = new URL('host-name.mjs', import.meta.url).href;

function runNext(words: readonly string[], variables: Readonly<Record<string, string>>): ChildProcess {
  const program = createRequire(import.meta.url).resolve('next/dist/bin/next');
  return spawn(process.execPath, [program, ...words], {
    cwd: FOLDER,
    // Vitest has a NODE_ENV of its own.
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Keeps what the process says, and waits for a part of it. */
class Output {
  readonly #child: ChildProcess;
  text = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        this.text += part;
        child.emit('said');
      });
    }
  }

  async says(part: string): Promise<void> {
    const ended = once(this.#child, 'exit').then(() => 'ended');
    while (!this.text.includes(part)) {
      if ((await Promise.race([once(this.#child, 'said'), ended])) === 'ended') {
        throw new Error(`next ended before it said "${part}":\n${this.text}`);
      }
    }
  }
}

export async function buildNextApplication(): Promise<void> {
  const child = runNext(['build'], {});
  const output = new Output(child);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`next build ended with ${code}:\n${output.text}`);
}

/** A port that nobody uses at the moment. The application has to know its address before it starts. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a TCP port');
  server.close();
  await once(server, 'close');
  return address.port;
}

interface NextApplication extends AsyncDisposable {
  readonly url: string;
  /** What it printed so far. */
  output(): string;
}

/**
 * @param port where it listens
 * @param variables its environment, beside what it inherits
 */
export async function startNextApplication(
  port: number,
  variables: Readonly<Record<string, string>>,
): Promise<NextApplication> {
  const url = `http://localhost:${port}`;
  const child = runNext(['start', '--hostname', 'localhost', '--port', String(port)], {
    APP_BASE_URL: url,
    NODE_OPTIONS: `--import=${HOST_NAME}`,
    ...variables,
  });
  const output = new Output(child);
  await output.says('Ready in');
  return {
    url,
    output: () => output.text,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
