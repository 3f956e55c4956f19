// The servers of one test worker. They share one certificate authority, so that the code under test trusts every one of them
// from the start, and a server is up within milliseconds. Vitest and Playwright each wrap this into fixtures.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantConfigInput, TraceDocument } from '../contract/index.ts';
import { bankTenant, Problem, type RunningAssent, type StartOptions, startAssent } from '../index.ts';
import { ReceivedApprovals } from './received-approvals.ts';
import { readStory } from './story.ts';
import { trustAuthority } from './trust.ts';

export interface ServerOptions extends Omit<StartOptions, 'dataFolder' | 'dataFile'> {
  /** The tenant. Left out: the bank of the lab. */
  config?: TenantConfigInput;
}

/** A server in the hands of one test. */
export interface Lease {
  readonly assent: RunningAssent;
  readonly approvals: ReceivedApprovals;
  /** What has happened since the test began. */
  readStory(title: string): Promise<TraceDocument>;
  end(): Promise<void>;
}

export interface ServersOptions extends ServerOptions {
  /** One server for all of them, put back to its start once no test has it. Default: one for each test. */
  isShared: boolean;
}

export class Servers implements AsyncDisposable {
  readonly #options: ServersOptions;
  #folder: Promise<string> | undefined;
  #distrust: (() => void) | undefined;
  #shared: Promise<RunningAssent> | undefined;
  /** Tests that have the shared server now: more than one where tests run concurrently. */
  #holders = 0;
  #resetting: Promise<void> | undefined;

  constructor(options: ServersOptions) {
    this.#options = options;
  }

  /** @param limits.remainingMs how long the test may still take */
  async lease({ remainingMs }: { remainingMs(): number }): Promise<Lease> {
    const assent = this.#options.isShared ? await this.#share() : await this.#start();
    const { last_number: after } = await assent.control.story({ limit: 0 });
    const approvals = new ReceivedApprovals({
      control: assent.control,
      defaultTimeoutMs: remainingMs,
      afterEvent: after,
    });
    return {
      assent,
      approvals,
      readStory: (title) => readStory(assent.control, { title, after }),
      end: async () => {
        approvals.close();
        await (this.#options.isShared ? this.#giveBack(assent) : assent.close());
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever asked for one that could not start has been told.
    await (await this.#shared?.catch(() => undefined))?.close();
    this.#distrust?.();
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #share(): Promise<RunningAssent> {
    this.#holders += 1;
    this.#shared ??= this.#start();
    await this.#resetting;
    return this.#shared;
  }

  async #giveBack(assent: RunningAssent): Promise<void> {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#resetting = assent.reset();
    await this.#resetting;
  }

  async #start(): Promise<RunningAssent> {
    const { config = bankTenant, isShared, ...options } = this.#options;
    this.#folder ??= mkdtemp(join(tmpdir(), 'assent-test-'));
    const assent = await startExplained({
      ...options,
      // Auth0 takes five requests a minute for a person, which tests reach before they mean to.
      config: { ...config, ciba: { requests_per_minute_per_user: 0, ...config.ciba } },
      dataFolder: await this.#folder,
    });
    this.#distrust ??= trustAuthority(assent.ca);
    return assent;
  }
}

/** A test runner shows the message of an error and nothing else, so that the findings have to be in it. */
async function startExplained(options: StartOptions): Promise<RunningAssent> {
  try {
    return await startAssent(options);
  } catch (error) {
    if (!(error instanceof Problem) || error.findings.length === 0) throw error;
    throw new Error([`${error.message}:`, ...error.findings].join('\n  '), { cause: error });
  }
}
