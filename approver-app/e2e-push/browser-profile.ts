// Stock browsers, headless, each with a profile that outlives the browser. They trust the local authority as a person
// would make them: in the profile, not by a switch that ignores certificates. No address but localhost can be reached.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningAssent } from 'assent';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import type { Programs } from './programs.ts';

const run = promisify(execFile);

export type BrowserKind = 'Firefox' | 'Chromium';

export interface ProfileOptions {
  kind: BrowserKind;
  programs: Programs;
  assent: RunningAssent;
  busAddress: string;
  /** False: as everybody has it, which without the internet means without push. */
  usesEmbeddedPush: boolean;
}

export class BrowserProfile implements AsyncDisposable {
  readonly #options: ProfileOptions;
  /** The browser's home, its profile and the trusted authorities are below. */
  readonly #folder: string;
  #browser: Browser | undefined;

  private constructor(options: ProfileOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  static async create(options: ProfileOptions): Promise<BrowserProfile> {
    const folder = await mkdtemp(join(tmpdir(), `assent-${options.kind.toLowerCase()}-`));
    const profile = new BrowserProfile(options, folder);
    await profile.#trustAuthority();
    if (options.kind === 'Chromium') await profile.#allowNotifications();
    return profile;
  }

  /** The running browser. */
  get browser(): Browser {
    if (this.#browser === undefined) throw new Error(`${this.#options.kind} is not running.`);
    return this.#browser;
  }

  /** Starts the browser with one empty tab, which keeps it running when the last tab of the app is closed. */
  async start(): Promise<void> {
    const { kind, busAddress } = this.#options;
    this.#browser = await puppeteer.launch({
      ...(kind === 'Firefox' ? this.#firefoxOptions() : this.#chromiumOptions()),
      headless: true,
      userDataDir: this.#profileFolder,
      // Whatever this computer's desktop, settings or proxy are, they stay outside.
      env: {
        PATH: process.env['PATH'],
        HOME: this.#folder,
        LANG: 'C.UTF-8',
        DBUS_SESSION_BUS_ADDRESS: busAddress,
      },
    });
  }

  /** As by the menu, so that everything is written to the profile. */
  async quit(): Promise<void> {
    await this.#browser?.close();
    this.#browser = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
    await rm(this.#folder, { recursive: true, maxRetries: 5 });
  }

  get #profileFolder(): string {
    return join(this.#folder, 'profile');
  }

  #firefoxOptions(): LaunchOptions {
    const { programs, assent, usesEmbeddedPush } = this.#options;
    return {
      browser: 'firefox',
      executablePath: programs.firefox,
      extraPrefsFirefox: {
        // There is nobody to answer a headless browser's question.
        'permissions.default.desktop-notification': 1,
        // Everything but localhost goes to a proxy that does not exist.
        'network.proxy.type': 1,
        'network.proxy.socks': '127.0.0.1',
        'network.proxy.socks_port': 9,
        ...(usesEmbeddedPush
          ? {
              'dom.push.serverURL': `${assent.url.replace('https:', 'wss:')}/push/autopush`,
              // Remote control turns push off unless the profile says otherwise.
              'dom.push.connection.enabled': true,
            }
          : {}),
      },
    };
  }

  #chromiumOptions(): LaunchOptions {
    const { programs, assent, usesEmbeddedPush } = this.#options;
    return {
      browser: 'chrome',
      executablePath: programs.chromium,
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
        ...(usesEmbeddedPush ? (assent.chromiumSwitches ?? []) : []),
        // Chromium's sandbox refuses to run as root, as in containers.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    };
  }

  /** Firefox keeps its authorities in the profile, Chromium on Linux below the home of the person. */
  async #trustAuthority(): Promise<void> {
    const { kind, programs, assent } = this.#options;
    const folder = kind === 'Firefox' ? this.#profileFolder : join(this.#folder, '.pki', 'nssdb');
    const database = `sql:${folder}`;
    await mkdir(folder, { recursive: true });
    await run(programs.certutil, ['-N', '-d', database, '--empty-password']);
    await run(programs.certutil, [
      '-A',
      '-d',
      database,
      '-n',
      'assent',
      '-t',
      'C,,',
      '-i',
      assent.caFile ?? '',
    ]);
  }

  /** A permission that is granted by remote control would end with the browser, and the subscription with it. */
  async #allowNotifications(): Promise<void> {
    const folder = join(this.#profileFolder, 'Default');
    const notifications = { [`${this.#options.assent.url},*`]: { setting: 1 } };
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'Preferences'),
      JSON.stringify({ profile: { content_settings: { exceptions: { notifications } } } }),
    );
  }
}
