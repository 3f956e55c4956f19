// Three real processes on one real Redis, behind one address. Each has a folder of its own for what it keeps beside the store.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { type ControlClient, createControlClient } from '../../src/control-client.ts';
import { Agent } from '../agent.ts';
import { type RunningCommand, startCommand } from '../command.ts';
import { EventReader } from '../event-reader.ts';
import { startRedis, type TestRedis } from '../redis-server.ts';
import { OneAddress } from './one-address.ts';

/** One of them, asked directly. */
export interface Instance {
  readonly url: string;
  readonly issuer: string;
  readonly control: ControlClient;
  readonly process: RunningCommand;
}

export class ThreeInstances implements AsyncDisposable {
  readonly #config: TenantConfigInput;
  readonly #folder: string;
  readonly redis: TestRedis;
  readonly address: OneAddress;
  readonly #instances: Instance[] = [];

  private constructor(config: TenantConfigInput, folder: string, redis: TestRedis, address: OneAddress) {
    this.#config = config;
    this.#folder = folder;
    this.redis = redis;
    this.address = address;
  }

  static async start(config: TenantConfigInput): Promise<ThreeInstances> {
    const folder = await mkdtemp(join(tmpdir(), 'assent-instances-'));
    const three = new ThreeInstances(config, folder, await startRedis(), await OneAddress.open());
    await writeFile(join(folder, 'assent.json'), JSON.stringify(three.#config));
    await Promise.all([0, 1, 2].map((at) => three.startOne(at)));
    return three;
  }

  /** What all of them are called, and what browsers and agents call. */
  get url(): string {
    return this.address.url;
  }

  get issuer(): string {
    return `${this.url}/`;
  }

  readonly clock = { now: (): number => Date.now() };

  at(index: number): Instance {
    const instance = this.#instances[index];
    if (!instance) throw new Error(`there is no instance ${index}`);
    return instance;
  }

  agent(index: number): Agent {
    return new Agent(this.at(index));
  }

  /** Everything that the trace tells at one of them from now on. */
  follow(index: number): Promise<EventReader> {
    return EventReader.open(`${this.at(index).url}/control/events`);
  }

  /** From now on all connections of the common address go to one of them; undefined: to each in turn. */
  choose(index: number | undefined): void {
    this.address.chosen = index;
  }

  /** Starts one, or starts it again. */
  async startOne(index: number): Promise<void> {
    const before = this.#instances[index];
    const port = before === undefined ? '0' : new URL(before.url).port;
    const words = ['--http', '--port', port, '--issuer', this.issuer, '--store', this.redis.url];
    const folder = join(this.#folder, `data-${index}`);
    const process = startCommand([...words, '--data-folder', folder, '--format', 'ndjson'], {
      folder: this.#folder,
    });
    await process.says('"type":"ready"');
    const line =
      process
        .output()
        .stdout.split('\n')
        .find((one) => one.includes('"type":"ready"')) ?? '';
    const { url } = JSON.parse(line) as { url: string };
    this.#instances[index] = { url, issuer: this.issuer, control: createControlClient({ url }), process };
    this.address.ports[index] = Number(new URL(url).port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#instances.map(({ process }) => process.stop()));
    await this.address[Symbol.asyncDispose]();
    await this.redis[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
