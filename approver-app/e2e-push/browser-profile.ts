// Stock browsers, headless, opened by `assent browser` as a person would, on a profile that outlives the browser. No
// address but localhost can be reached. Puppeteer connects to what runs; it starts and wires nothing.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RunningAssent } from 'assent';
import puppeteer, { type Browser } from 'puppeteer-core';
import { JsonLines } from './json-lines.ts';
import type { Programs } from './programs.ts';

export type BrowserKind = 'Firefox' | 'Chromium';

export interface ProfileOptions {
  kind: BrowserKind;
  programs: Programs;
  assent: Pick<RunningAssent, 'url' | 'caFile'>;
  busAddress: string;
  /** False: as everybody has it, which without the internet means without push. */
  usesEmbeddedPush: boolean;
}

interface Running {
  command: ChildProcessByStdio<null, Readable, Readable>;
  told: JsonLines;
  browser: Browser;
}

/** A proxy that does not exist, for everything but this computer. */
const NO_INTERNET = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  no_proxy: 'localhost,127.0.0.1',
};

/** Where each browser writes how to control it. */
const CONTROL_FILES: Readonly<Record<BrowserKind, string>> = {
  Chromium: 'DevToolsActivePort',
  Firefox: 'WebDriverBiDiServer.json',
};

export class BrowserProfile implements AsyncDisposable {
  readonly #options: ProfileOptions;
  /** The browser's home. Its profile is below. */
  readonly #folder: string;
  #running: Running | undefined;

  private constructor(options: ProfileOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  static async create(options: ProfileOptions): Promise<BrowserProfile> {
    return new BrowserProfile(
      options,
      await mkdtemp(join(tmpdir(), `assent-${options.kind.toLowerCase()}-`)),
    );
  }

  /** The running browser. */
  get browser(): Browser {
    return this.#require().browser;
  }

  /**
   * Starts the browser.
   *
   * @param page `none` for one empty tab, which keeps it running when the last tab of the app is closed; `paired` for the
   *   app, which pairs by itself
   */
  async start(page: 'none' | 'paired' = 'none'): Promise<void> {
    const { kind, programs, usesEmbeddedPush } = this.#options;
    const profile = join(this.#folder, 'profile');
    const controlFile = join(profile, CONTROL_FILES[kind]);
    await mkdir(profile, { recursive: true });
    // One of the last time tells of a browser that is gone.
    await rm(controlFile, { force: true });
    const command = spawn(
      process.execPath,
      [
        await findCommand(),
        ...['browser', kind.toLowerCase(), '--headless', '--user', 'ada', '--format', 'ndjson'],
        ...['--profile', profile, '--path', kind === 'Firefox' ? programs.firefox : programs.chromium],
        ...(usesEmbeddedPush ? [] : ['--no-push']),
        ...(page === 'none' ? ['--no-page'] : []),
        ...['--', '--remote-debugging-port=0'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: this.#environment },
    );
    const told = new JsonLines(command);
    await told.next(({ type }) => type === 'opened');
    const control = await Promise.race([readControlFile(kind, profile, controlFile), told.over]);
    const browser = await puppeteer.connect({
      browserWSEndpoint: control,
      protocol: kind === 'Firefox' ? 'webDriverBiDi' : 'cdp',
    });
    this.#running = { command, told, browser };
  }

  /** Until the command says that the browser is paired, and notified by web push. */
  async isReady(): Promise<void> {
    await this.#require().told.next(({ type, push }) => type === 'device' && push === 'web-push');
  }

  /** As by the menu, so that everything is written to the profile. The command ends with the browser. */
  async quit(): Promise<void> {
    if (this.#running === undefined) return;
    const { browser, command } = this.#running;
    this.#running = undefined;
    const ended = command.exitCode === null ? once(command, 'exit') : undefined;
    await browser.close();
    await ended;
    if (command.exitCode !== 0) throw new Error(`assent browser ended with ${command.exitCode}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
    await rm(this.#folder, { recursive: true, maxRetries: 10 });
  }

  /** Whatever this computer's desktop, settings or proxy are, they stay outside. */
  get #environment(): NodeJS.ProcessEnv {
    const { assent, busAddress } = this.#options;
    return {
      PATH: process.env['PATH'],
      HOME: this.#folder,
      LANG: 'C.UTF-8',
      DBUS_SESSION_BUS_ADDRESS: busAddress,
      ASSENT_URL: assent.url,
      ASSENT_CA: assent.caFile,
      ...NO_INTERNET,
    };
  }

  #require(): Running {
    if (this.#running === undefined) throw new Error(`${this.#options.kind} is not running.`);
    return this.#running;
  }
}

/** The command of the package, as npm would link it. */
async function findCommand(): Promise<string> {
  const manifestFile = createRequire(import.meta.url).resolve('assent/package.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as { bin: { assent: string } };
  return join(manifestFile, '..', manifest.bin.assent);
}

/** The address under which the browser is controlled, once it has written it. */
async function readControlFile(kind: BrowserKind, folder: string, file: string): Promise<string> {
  const read = async (): Promise<string | undefined> =>
    parseControlFile(kind, await readFile(file, 'utf8').catch(() => ''));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const look = (): void => {
    read().then((address) => address !== undefined && resolve(address), reject);
  };
  const watcher = watch(folder, look);
  try {
    look();
    return await promise;
  } finally {
    watcher.close();
  }
}

/** Undefined while it is not written to its end. */
function parseControlFile(kind: BrowserKind, text: string): string | undefined {
  if (kind === 'Chromium') {
    const [, port, path] = /^(\d+)\n(\/\S+)/.exec(text) ?? [];
    return path === undefined ? undefined : `ws://127.0.0.1:${port}${path}`;
  }
  const [, port] = /"ws_port"\s*:\s*(\d+)[\s\S]*\}/.exec(text) ?? [];
  return port === undefined ? undefined : `ws://127.0.0.1:${port}/session`;
}
