// What every test has: a server of its own, the agent that asks, a desktop of its own, and one browser on it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type APIRequestContext, request as httpClient } from '@playwright/test';
import { type RunningAssent, type StartOptions, startAssent } from 'assent';
import { Agent } from '../e2e/agent.ts';
import { TRANSFER, tenant } from '../e2e/tenant.ts';
import { Approver } from './approver.ts';
import { type BrowserKind, BrowserProfile } from './browser-profile.ts';
import { NotificationDaemon } from './notification-daemon.ts';
import type { Programs } from './programs.ts';
import { startSessionBus } from './session-bus.ts';

/** A question under way. */
export interface Question {
  authReqId: string;
  code: string;
  /** By `performance.now()`. */
  askedAtMs: number;
}

/** How long each part of one approval took, in milliseconds. What a person takes to read and press is left out. */
export interface Latencies {
  /** From the agent's request to the notification on the desktop. */
  notification: number;
  /** From the click on it to the request on the screen. */
  screen: number;
  /** From the press on Approve to the outcome on the screen: signed, sent, checked, settled. */
  decision: number;
  /** From the agent's next poll to the token. */
  token: number;
}

export interface PushWorldOptions {
  programs: Programs;
  kind: BrowserKind;
  usesEmbeddedPush: boolean;
}

/**
 * A browser that has just started connects to its push service before anything can arrive, and one whose push service was
 * away tries again after a while that grows: seconds, then minutes. Only a failure takes as long.
 */
const NOTIFICATION_PATIENCE_MS = 180_000;

export class PushWorld implements AsyncDisposable {
  readonly profile: BrowserProfile;
  /** Otherwise the relay, which needs an open page. */
  readonly usesEmbeddedPush: boolean;
  readonly #serverOptions: StartOptions;
  #assent: RunningAssent;
  readonly #agent: Agent;
  readonly #daemon: NotificationDaemon;
  readonly #resources: AsyncDisposableStack;
  #asked = 0;

  private constructor(parts: {
    assent: RunningAssent;
    serverOptions: StartOptions;
    http: APIRequestContext;
    daemon: NotificationDaemon;
    profile: BrowserProfile;
    usesEmbeddedPush: boolean;
    resources: AsyncDisposableStack;
  }) {
    this.#assent = parts.assent;
    this.#serverOptions = parts.serverOptions;
    this.profile = parts.profile;
    this.usesEmbeddedPush = parts.usesEmbeddedPush;
    // Address and client stay the same over a restart.
    this.#agent = new Agent(parts.http, parts.assent);
    this.#daemon = parts.daemon;
    this.#resources = parts.resources;
  }

  static async open({ programs, kind, usesEmbeddedPush }: PushWorldOptions): Promise<PushWorld> {
    await using resources = new AsyncDisposableStack();
    const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'assent-server-')), (path) =>
      rm(path, { recursive: true }),
    );
    const serverOptions = { config: tenant, dataFolder: folder, dataFile: join(folder, 'assent.db') };
    // Closing it twice is closing it once: the world may have started another one by then, which it closes itself.
    const assent = resources.use(await startAssent(serverOptions));
    const http = resources.adopt(await httpClient.newContext({ ignoreHTTPSErrors: true }), (context) =>
      context.dispose(),
    );
    const bus = resources.use(await startSessionBus(programs.dbusDaemon));
    const daemon = resources.use(await NotificationDaemon.start(bus.address));
    const profile = resources.use(
      await BrowserProfile.create({ kind, programs, assent, busAddress: bus.address, usesEmbeddedPush }),
    );
    return new PushWorld({
      assent,
      serverOptions: { ...serverOptions, port: Number(new URL(assent.url).port) },
      http,
      daemon,
      profile,
      usesEmbeddedPush,
      resources: resources.move(),
    });
  }

  get assent(): RunningAssent {
    return this.#assent;
  }

  /** Stops the server and starts one on the same port, with the same data. The browser runs on. */
  async restartServer(): Promise<void> {
    await this.#assent.close();
    this.#assent = await startAssent(this.#serverOptions);
  }

  /** Pairs the browser for Ada and turns notifications on, by clicks. The tab stays open. */
  async enrol(): Promise<Approver> {
    const approver = await Approver.open(this.profile.browser, this.assent.url);
    await approver.pair('Ada Lovelace');
    await approver.turnNotificationsOn(this.usesEmbeddedPush ? 'web push' : 'relay');
    return approver;
  }

  /** Addresses of the app's open tabs. */
  async tabs(): Promise<string[]> {
    const pages = await this.profile.browser.pages();
    return pages.map((page) => page.url()).filter((url) => url.startsWith(this.assent.url));
  }

  async ask(): Promise<Question> {
    this.#asked += 1;
    const code = `PUSH-${this.#asked}X`;
    const askedAtMs = performance.now();
    return { ...(await this.#agent.ask({ bindingMessage: code })), code, askedAtMs };
  }

  /**
   * From the notification to the token: clicks it, reads the request that the browser then shows, approves, and redeems.
   *
   * @returns the tab of the request, and what took how long
   */
  async approveFromNotification(question: Question): Promise<{ approver: Approver; latencies: Latencies }> {
    const { authReqId, code, askedAtMs } = question;
    const notification = await this.#daemon.waitFor(code, NOTIFICATION_PATIENCE_MS);
    assert.equal(notification.title, 'Aiya asks for your approval');
    // Chromium writes above the text which site it is from.
    const lastLine = notification.body.split('\n').at(-1);
    assert.equal(lastLine, `Transfer 250.5 EUR to Grace Hopper · ${code}`);

    const { id } = await this.assent.control.request(authReqId);
    const clickedAtMs = performance.now();
    this.#daemon.click(notification);
    const approver = await Approver.at(this.profile.browser, `${this.assent.url}/approve/requests/${id}`);
    await approver.sees('Aiya asks to Transfer 250.5\u00a0EUR to Grace Hopper');
    const seenAtMs = performance.now();
    assert.match(await approver.text('[aria-label="Code to compare"]'), new RegExp(code));

    const approve = await approver.readToEnd();
    const pressedAtMs = performance.now();
    await approve.click();
    await approver.sees('You approved');
    const decidedAtMs = performance.now();
    const { status, body } = await this.#agent.poll(question);
    const redeemedAtMs = performance.now();
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(typeof body['access_token'], 'string');
    assert.deepEqual(body['authorization_details'], [TRANSFER]);
    return {
      approver,
      latencies: {
        notification: notification.shownAtMs - askedAtMs,
        screen: seenAtMs - clickedAtMs,
        decision: decidedAtMs - pressedAtMs,
        token: redeemedAtMs - decidedAtMs,
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.profile.quit();
    await this.#assent.close();
    await this.#resources.disposeAsync();
  }
}
