// A Redis of one run, on a port of its own, that keeps nothing on the disk: it is the servers that die here.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export class RedisProcess implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  static async start(): Promise<RedisProcess> {
    const port = await findPort();
    const child = spawn(
      findProgram(),
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (/ready to accept connections/i.test(line)) return new RedisProcess(port, child);
    }
    throw new Error(`Redis did not start: ${said.join('\n')}`);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** ASSENT_REDIS_SERVER names another one. */
function findProgram(): string {
  const names = [process.env['ASSENT_REDIS_SERVER'], 'redis-server', 'valkey-server'];
  const found = names.find((name) => name !== undefined && spawnSync(name, ['--version']).status === 0);
  if (found === undefined)
    throw new Error('no redis-server was found; install it:   node scripts/install-services.mjs');
  return found;
}

async function findPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
