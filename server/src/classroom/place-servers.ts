// The tenants of a class: each a server of its own in this process, all of one authority. Called by `startClass`, which says
// on which ports; a few start at a time, and the first that cannot start ends all. A place keeps its addresses while it begins
// anew for somebody else, and begins anew once at a time.
import { rm } from 'node:fs/promises';
import type { TenantConfigInput } from '../contract/index.ts';
import { type RunningAssent, startAssent } from '../index.ts';
import { Problem } from '../problem.ts';

const AT_A_TIME = 8;

export interface PlaceServersOptions {
  config: TenantConfigInput;
  host: string;
  issuerHost: string | undefined;
  /** Shared: certificates. Each place signs with a key of its own, for its student may read it. */
  dataFolder: string;
  /** SQLite file of a place; undefined keeps it in memory. */
  dataFileOf(number: number): string | undefined;
}

export interface WantedPlace {
  number: number;
  /** 0 for any free one. */
  port: number;
}

export type PlaceAddress = Pick<RunningAssent, 'url' | 'issuer'>;

export class PlaceServers {
  readonly #options: PlaceServersOptions;
  readonly #servers = new Map<number, RunningAssent>();
  readonly #addresses = new Map<number, PlaceAddress>();
  readonly #renewals = new Map<number, Promise<void>>();
  #isClosing = false;

  constructor(options: PlaceServersOptions) {
    this.#options = options;
  }

  /** @throws Problem of `startAssent`; nothing runs then */
  async start(wanted: readonly WantedPlace[]): Promise<void> {
    // The first one makes what the others share.
    const [first, ...others] = wanted;
    try {
      if (first) await this.#start(first);
      const work = async (): Promise<void> => {
        for (let place = others.shift(); place; place = others.shift()) {
          await this.#start(place).catch((error: unknown) => {
            others.length = 0;
            throw error;
          });
        }
      };
      const workers = Array.from({ length: AT_A_TIME }, work);
      const failed = (await Promise.allSettled(workers)).find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  server(number: number): RunningAssent {
    const server = this.#servers.get(number);
    if (server) return server;
    throw new Problem('not_ready', `Place ${number} is not running.`, {
      status: 503,
      hint: 'Ask again in a moment. If it stays so, end the class and start it again.',
    });
  }

  reset(number: number): Promise<void> {
    return this.server(number).reset();
  }

  /** Where a place is reached, also while it begins anew. */
  address(number: number): PlaceAddress {
    const address = this.#addresses.get(number);
    if (address) return address;
    throw new Error(`place ${number} was never started`);
  }

  portOf(number: number): number {
    return Number(new URL(this.address(number).url).port);
  }

  /**
   * For somebody else: everything is as at the start, and the control token and the signing key that the last one knew are worth
   * nothing. Whoever asks meanwhile waits for the same. A place that could not begin again is tried once more.
   */
  renew(number: number): Promise<void> {
    const renewal =
      this.#renewals.get(number) ??
      this.#renewNow(number).finally(() => {
        this.#renewals.delete(number);
      });
    this.#renewals.set(number, renewal);
    return renewal;
  }

  /** Also what is about to begin anew. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.#renewals.values());
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.close()));
  }

  async #renewNow(number: number): Promise<void> {
    const server = this.#isClosing ? this.server(number) : this.#servers.get(number);
    if (server) {
      await server.reset();
      if (server.controlToken === undefined || this.#isClosing) return;
      this.#servers.delete(number);
      await server.close();
      await this.#forget(number);
    }
    await this.#start({ number, port: this.portOf(number) });
  }

  /** What a reset leaves as it is: the keys. */
  async #forget(number: number): Promise<void> {
    const file = this.#options.dataFileOf(number);
    if (file === undefined) return;
    // https://www.sqlite.org/tempfiles.html
    for (const each of [file, `${file}-wal`, `${file}-shm`]) await rm(each, { force: true });
  }

  async #start({ number, port }: WantedPlace): Promise<void> {
    const { config, host, issuerHost, dataFolder, dataFileOf } = this.#options;
    const dataFile = dataFileOf(number);
    const server = await startAssent({
      config,
      host,
      port,
      dataFolder,
      sharesKeys: false,
      ...(issuerHost === undefined ? {} : { issuerHost }),
      ...(dataFile === undefined ? {} : { dataFile }),
    });
    this.#servers.set(number, server);
    this.#addresses.set(number, { url: server.url, issuer: server.issuer });
  }
}
