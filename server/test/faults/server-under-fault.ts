// The real command, from source, with whatever around it fails: limits of the system, a disk of its own, a fresh data file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { unlimitedBank } from '../agent.ts';
import { type RunningCommand, startCommand, startShell } from '../command.ts';

export interface FaultOptions {
  config?: TenantConfigInput;
  /** What the shell runs first: `ulimit -f 2000`. */
  limits?: string;
  /** Further words of the command. */
  words?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export class ServerUnderFault implements AsyncDisposable {
  readonly folder: string;
  readonly #words: readonly string[];
  #command: RunningCommand | undefined;
  #port = '0';
  url = '';
  issuer = '';

  private constructor(folder: string, words: readonly string[]) {
    this.folder = folder;
    this.#words = words;
  }

  static async start({
    config = unlimitedBank(),
    words = [],
    ...options
  }: FaultOptions = {}): Promise<ServerUnderFault> {
    const folder = await mkdtemp(join(tmpdir(), 'assent-fault-'));
    await writeFile(join(folder, 'assent.json'), JSON.stringify(config));
    const server = new ServerUnderFault(folder, words);
    await server.again(options);
    return server;
  }

  /** The same server at the same address, after it has ended. */
  async again({ limits, env = {} }: Pick<FaultOptions, 'limits' | 'env'> = {}): Promise<void> {
    const words = ['start', '--http', '--port', this.#port, '--format', 'ndjson', ...this.#words];
    const world = { folder: this.folder, env };
    // Of the shell nothing stays: signals and limits are the server's.
    const line = `${limits}; exec "$NODE" "$MAIN" ${words.join(' ')}`;
    this.#command =
      limits === undefined
        ? startCommand(words, world)
        : startShell(line, { folder: this.folder, env: { ...env, NODE: process.execPath, MAIN } });
    await this.#command.says('"type":"ready"');
    const { url, issuer } = JSON.parse(this.command.output().stdout.split('\n')[0] ?? '');
    this.#port = new URL(url).port;
    this.url = url;
    this.issuer = issuer;
  }

  get command(): RunningCommand {
    if (!this.#command) throw new Error('the server was never started');
    return this.#command;
  }

  /** Codes of all that it has warned of since it was started. It must have printed nothing else there. */
  warned(): string[] {
    const lines = this.command.output().stderr.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line).warning.code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#command?.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
