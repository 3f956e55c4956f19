// The world of a scene: a second server in this process, on loopback, with its own store, keys and time, and on it an agent, a phone and an
// API. Opened for one scene and closed with it; nothing here knows the tenant that it imitates.
import { type Clock, createManualClock, type ManualClock } from '../clock.ts';
import { CIBA_GRANT_TYPE, type SceneCheck, type TenantConfig, type TraceEvent } from '../contract/index.ts';
import type { ControlClient } from '../control-client.ts';
import { GuardianDevice } from '../guardian-device/guardian-device.ts';
import { Problem } from '../problem.ts';
import { type CallReporter, createCallReporter } from '../resource-server/index.ts';
import { type Question, toForm } from './question.ts';
import { type AgentAnswer, SceneAgent } from './scene-agent.ts';
import { openSceneApi, type SceneApi } from './scene-api.ts';

/** A server that is nobody's but the scene's. */
export interface SceneServer {
  url: string;
  issuer: string;
  control: ControlClient;
  close(): Promise<void>;
}

export type OpenSceneServer = (options: { config: TenantConfig; clock: Clock }) => Promise<SceneServer>;

export interface StageOptions {
  open: OpenSceneServer;
  config: TenantConfig;
  clientSecret: string;
  question: Question;
  without: SceneCheck | undefined;
  startMs: number;
  /** How long the scene waits for what should come at once. */
  patienceMs: number;
}

/** A request of the scene while it is being played. */
export interface Asked {
  name: string;
  authReqId: string;
  expiresInSeconds: number;
  /** Between polls; grows when the server says so. */
  intervalSeconds: number;
  byPush: boolean;
}

/** Scopes that the API does not look at. OpenID Connect Core §5.4 and §11. */
const STANDARD_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];
/** Requests that follow each other so fast are none of the story. */
const PAUSE_MS = 61_000;

export class Stage {
  readonly agent = new SceneAgent();
  readonly #server: SceneServer;
  readonly #clock: ManualClock;
  readonly #device: GuardianDevice | undefined;
  readonly #api: SceneApi | undefined;
  readonly #report: CallReporter;
  readonly #options: StageOptions;

  private constructor(parts: {
    server: SceneServer;
    clock: ManualClock;
    device: GuardianDevice | undefined;
    api: SceneApi | undefined;
    report: CallReporter;
    options: StageOptions;
  }) {
    this.#server = parts.server;
    this.#clock = parts.clock;
    this.#device = parts.device;
    this.#api = parts.api;
    this.#report = parts.report;
    this.#options = parts.options;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const clock = createManualClock(options.startMs);
    const server = await options.open({ config: options.config, clock });
    const undo: Array<() => Promise<void>> = [() => server.close()];
    try {
      const { audience, scope } = options.question;
      const report = createCallReporter({ to: server.control });
      const api =
        audience === undefined
          ? undefined
          : await openSceneApi({
              issuer: server.issuer,
              audience,
              scope: scope.filter((one) => !STANDARD_SCOPES.includes(one)),
              clock,
              report,
              without: options.without,
            });
      if (api) undo.push(() => api.close());
      const device = await enrol(server, clock, options.question.userId);
      return new Stage({ server, clock, device, api, report, options });
    } catch (error) {
      for (const step of undo.toReversed()) await step();
      throw error;
    }
  }

  get control(): ControlClient {
    return this.#server.control;
  }

  get url(): string {
    return this.#server.url;
  }

  /** Whether the API can be asked for anything: it takes tokens for its audience alone. */
  get hasApi(): boolean {
    return this.#api !== undefined;
  }

  /** Asks, and waits until the push has arrived, where one was sent. */
  async ask(question = this.#options.question): Promise<Asked> {
    const { last_number: before } = await this.control.story({ limit: 0 });
    const { issuer, url } = this.#server;
    this.agent.run = '';
    const form = toForm(question, { issuer, clientSecret: this.#options.clientSecret });
    const { status, body } = await this.agent.call('server', {
      method: 'POST',
      url: `${url}/bc-authorize`,
      form,
    });
    const { auth_req_id: authReqId, expires_in: expiresIn, interval } = body;
    if (status !== 200 || typeof authReqId !== 'string') {
      throw new Problem(
        'bad_request',
        `The request of the scene was refused: ${String(body['error_description'] ?? body['error'] ?? status)}.`,
        {
          status: 409,
          hint: 'It is asked as the tenant is configured now. Choose a run that still may be asked.',
        },
      );
    }
    const { name } = await this.control.request('latest');
    this.agent.nameRun(name);
    const told = await this.#until(before, (event) => TOLD.has(event.type));
    return {
      name,
      authReqId,
      expiresInSeconds: Number(expiresIn),
      intervalSeconds: Number(interval),
      byPush: told.type === 'notification.delivered' && told.channel === 'push' && this.#device !== undefined,
    };
  }

  /** The phone takes the push and fetches what is asked, the person answers. */
  async read(asked: Asked): Promise<() => { allow(): Promise<void>; deny(reason: string): Promise<void> }> {
    const device = this.#device;
    if (!asked.byPush || !device) {
      return () => ({
        allow: async () => void (await this.control.approve(asked.name)),
        deny: async (reason) => void (await this.control.deny(asked.name, reason)),
      });
    }
    const signal = AbortSignal.timeout(this.#options.patienceMs);
    const push = await device.nextPush({ signal }).catch((cause: unknown) => {
      if (signal.aborted) throw standsStill('the push did not come', cause);
      throw cause;
    });
    await this.#until(0, (event) => event.type === 'notification.received' && event.name === asked.name);
    await device.readConsent(push);
    return () => ({ allow: () => device.allow(push), deny: (reason) => device.reject(push, reason) });
  }

  /** The next push is taken by its push service, and never delivered. */
  async losePush(): Promise<void> {
    await this.control.faults.inject({ on: 'push', does: { kind: 'lose' }, times: 1 });
  }

  /** @param waits false: without waiting for the interval */
  async poll(asked: Asked, waits = true): Promise<AgentAnswer> {
    if (waits) this.pass(asked.intervalSeconds);
    const answer = await this.agent.call('server', {
      method: 'POST',
      url: `${this.#server.url}/oauth/token`,
      form: {
        grant_type: CIBA_GRANT_TYPE,
        client_id: this.#options.question.clientId,
        client_secret: this.#options.clientSecret,
        auth_req_id: asked.authReqId,
      },
    });
    const { error, interval } = answer.body;
    if (error === 'slow_down' && typeof interval === 'number') asked.intervalSeconds = interval;
    return answer;
  }

  /** Calls the API for `details`; tells what the call came to once the server knows of it. */
  async callApi(
    token: string | undefined,
    details: Question['details'],
    claim?: string,
  ): Promise<AgentAnswer> {
    if (!this.#api) throw new Error('a scene without an API called it');
    const answer = await this.agent.call('api', {
      method: 'POST',
      url: this.#api.url,
      token,
      json: {
        authorization_details: details ?? [],
        ...(claim === undefined ? {} : { note: claim }),
      },
    });
    await this.#report.settled();
    return answer;
  }

  /** Time goes by. In seconds. */
  pass(seconds: number): void {
    this.#clock.advance(seconds * 1000);
  }

  /** Between two runs. */
  rest(): void {
    this.#clock.advance(PAUSE_MS);
  }

  async close(): Promise<void> {
    await this.#report.settled();
    await this.#device?.close();
    await this.#api?.close();
    await this.#server.close();
  }

  async #until(after: number, isIt: (event: TraceEvent) => boolean): Promise<TraceEvent> {
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, AbortSignal.timeout(this.#options.patienceMs)]);
    try {
      for await (const event of this.control.events({ afterNumber: after, signal }))
        if (isIt(event)) return event;
    } finally {
      done.abort();
    }
    throw standsStill('an event that it waits for did not come');
  }
}

export function standsStill(why: string, cause?: unknown): Problem {
  return new Problem('scene_stuck', `The scene came to a stand: ${why}.`, {
    status: 504,
    hint: 'Play it again; a busy computer may have needed longer.',
    cause,
  });
}

/** How a request says that it has been told to somebody, or cannot be. */
const TOLD: ReadonlySet<TraceEvent['type']> = new Set([
  'notification.delivered',
  'notification.failed',
  'notification.waiting',
]);

/** Undefined where the tenant lets nobody enrol a phone. */
async function enrol(server: SceneServer, clock: Clock, userId: string): Promise<GuardianDevice | undefined> {
  const { barcode_uri: barcodeUri } = await server.control.inviteBrowser(userId);
  return GuardianDevice.enrol({ barcodeUri, name: 'Phone of the scene', clock });
}
