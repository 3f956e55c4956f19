// Server processes on one store, behind one address: the real command, started, killed without warning and started again on what it
// left. What a process complains about on its way is kept, for whoever judges the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TenantConfigInput } from 'assent/contract';
import { FrontAddress } from './front-address.ts';

const COMMAND = join(dirname(createRequire(import.meta.url).resolve('assent/package.json')), 'bin/assent.js');

export interface FleetOptions {
  config: TenantConfigInput;
  instances: number;
  /** Words of the command that say where everything is kept. */
  storeWords: (folder: string, instance: number) => readonly string[];
  /** Of every process. */
  env?: Readonly<Record<string, string>>;
}

interface Instance {
  process: ChildProcess;
  /** Known once it answers. */
  port: number | undefined;
  ready: Promise<boolean>;
  ended: Promise<unknown>;
}

export class ServerFleet implements AsyncDisposable {
  readonly front: FrontAddress;
  readonly folder: string;
  /** What was written on stderr, by anybody, without what a kill cut off. */
  readonly complaints: string[] = [];
  readonly #options: FleetOptions;
  readonly #instances: Array<Instance | undefined>;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  private constructor(options: FleetOptions, front: FrontAddress, folder: string) {
    this.#options = options;
    this.front = front;
    this.folder = folder;
    this.#instances = Array.from({ length: options.instances }, () => undefined);
  }

  static async start(options: FleetOptions): Promise<ServerFleet> {
    const [front, folder] = await Promise.all([
      FrontAddress.open(),
      mkdtemp(join(tmpdir(), 'assent-crash-')),
    ]);
    await writeFile(join(folder, 'assent.json'), JSON.stringify(options.config));
    const fleet = new ServerFleet(options, front, folder);
    await Promise.all([...fleet.#instances.keys()].map((index) => fleet.launch(index).ready));
    return fleet;
  }

  get size(): number {
    return this.#instances.length;
  }

  /** Where an instance itself answers, past the common address. */
  urlOf(index: number): string | undefined {
    const port = this.#instances[index]?.port;
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  pidOf(index: number): number | undefined {
    return this.#instances[index]?.process.pid;
  }

  /** Starts an instance; `ready` says whether it came to answer before it ended. */
  launch(index: number): { ready: Promise<boolean> } {
    const words = ['start', '--http', '--port', '0', '--config', join(this.folder, 'assent.json')];
    const child = spawn(
      process.execPath,
      [
        COMMAND,
        ...words,
        ...['--issuer', `${this.front.url}/`, '--format', 'ndjson'],
        ...['--data-folder', join(this.folder, `instance-${index}`)],
        ...this.#options.storeWords(this.folder, index),
      ],
      {
        cwd: this.folder,
        env: { PATH: process.env['PATH'], HOME: this.folder, TZ: 'UTC', ...this.#options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const ended = once(child, 'close');
    const instance: Instance = { process: child, port: undefined, ended, ready: Promise.resolve(false) };
    this.#instances[index] = instance;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.trim() !== '') this.complaints.push(line);
    });
    instance.ready = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (instance.port !== undefined) return;
        const said = JSON.parse(line) as { type: string; url?: string };
        if (said.type !== 'ready') return;
        instance.port = Number(new URL(said.url ?? '').port);
        this.#lead();
        resolve(true);
      });
      void ended.then(() => {
        instance.port = undefined;
        this.#lead();
        resolve(false);
      });
    });
    return instance;
  }

  /** Ends a process as the system does when it runs out of memory; resolves once it is gone. */
  async kill(index: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const instance = this.#instances[index];
    if (!instance) return;
    instance.process.kill(signal);
    await instance.ended;
  }

  /** Resolves when an instance has ended, by whomever. */
  async ended(index: number): Promise<void> {
    await this.#instances[index]?.ended;
  }

  /** Resolves once somebody answers at the common address, or nobody will again. */
  async someoneAnswers(): Promise<void> {
    while (!this.#isOver && !this.#instances.some((one) => one?.port !== undefined)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #lead(): void {
    this.front.leadTo(this.#instances.flatMap((one) => one?.port ?? []));
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const index of this.#instances.keys()) await this.kill(index, 'SIGKILL');
    this.#lead();
    await this.front[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}
