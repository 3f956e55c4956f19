// A real Redis, or Valkey, of a test's own: on a free port, in a folder of its own, ended by its process id.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestRedis extends AsyncDisposable {
  readonly port: number;
  /** redis://127.0.0.1:PORT/0 */
  readonly url: string;
  /** Runs a command by `redis-cli`; gives what that printed. */
  run(...words: string[]): string;
  /** Stops answering, as a machine does that has hung; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Ends it without a word. What it had acknowledged is there after `start`, with `appendonly`. */
  kill(): Promise<void>;
  /** The same one again. */
  start(): Promise<void>;
}

/** The program, or undefined where there is none. ASSENT_REDIS_SERVER names another one. */
function findRedis(): string | undefined {
  const names = [process.env['ASSENT_REDIS_SERVER'], 'redis-server', 'valkey-server'];
  return names.find((name) => name !== undefined && spawnSync(name, ['--version']).status === 0);
}

/** @param settings as on its command line: `--appendonly`, `yes` */
export async function startRedis(...settings: string[]): Promise<TestRedis> {
  const program = findRedis();
  if (program === undefined) {
    throw new Error('no redis-server was found; install it:   node scripts/install-services.mjs');
  }
  const folder = await mkdtemp(join(tmpdir(), 'assent-redis-'));
  const port = await findFreePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
    child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    await untilItSays(child, /Ready to accept connections|ready to accept connections/);
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    run(...words) {
      const client = program.replace(/server$/, 'cli');
      return spawnSync(client, ['-p', String(port), ...words], { encoding: 'utf8' }).stdout.trim();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilItSays(child: ChildProcess, words: RegExp): Promise<void> {
  let said = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (words.test(said)) resolve();
  });
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  await promise;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
