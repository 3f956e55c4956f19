// A phone with a Guardian app, without the phone: enrols with a QR code's text, receives pushes, reads what is asked, answers.
// For tests, for demonstrations without a browser, and behind `assent device`.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorizationDetailSchema } from '../contract/index.ts';
import { type DeviceAnswer, DeviceExchange, type DeviceRequest } from './device-exchange.ts';
import { DeviceSigner } from './device-signer.ts';
import { type GuardianPush, type Platform, readPush } from './guardian-push.ts';
import { PushListener } from './push-listener.ts';

export type { GuardianPush, Platform } from './guardian-push.ts';

export interface GuardianDeviceOptions {
  /** What the QR code of an enrolment page says: `otpauth://totp/…`. Works once. */
  barcodeUri: string;
  /** Which payloads it expects, and whose push service it names. Default `ios`. */
  platform?: Platform;
  /** Default "iPhone of a test" or "Android phone of a test". */
  name?: string;
  /** Certificate authority to trust, as PEM. Default: what Node trusts. */
  ca?: string | undefined;
  /** Time of what it signs. Default: the computer's. */
  clock?: { now(): number };
}

/** What is asked. auth0: Guardian SDKs, rich consent; instants as texts, as the iOS SDK reads them. */
const consentSchema = z.object({
  id: z.string(),
  requested_details: z.object({
    audience: z.string(),
    scope: z.array(z.string()).optional(),
    binding_message: z.string(),
    authorization_details: z.array(authorizationDetailSchema).optional(),
  }),
  created_at: z.string(),
  expires_at: z.string(),
});
export type GuardianConsent = z.output<typeof consentSchema>;

const enrolmentSchema = z.object({
  id: z.string(),
  url: z.string(),
  issuer: z.string(),
  user_id: z.string(),
  token: z.string(),
});
type Enrolment = z.output<typeof enrolmentSchema>;

const errorSchema = z.object({ errorCode: z.string(), description: z.string() });

/** The server refused what the device asked. */
export class GuardianRefusal extends Error {
  readonly status: number;
  /** As Guardian's reference lists them: `login_transaction_not_found`, `transaction_expired`, … */
  readonly errorCode: string;

  constructor(status: number, errorCode: string, description: string) {
    super(description);
    this.name = 'GuardianRefusal';
    this.status = status;
    this.errorCode = errorCode;
  }
}

const NAMES: Readonly<Record<Platform, string>> = {
  ios: 'iPhone of a test',
  android: 'Android phone of a test',
};
const PUSH_TIMEOUT_MS = 30_000;

/** Somebody who waits for a push. */
interface Waiter {
  take(push: GuardianPush): void;
  giveUp(cause: unknown): void;
}

export class GuardianDevice implements AsyncDisposable {
  /** `dev_…` */
  readonly id: string;
  readonly userId: string;
  readonly platform: Platform;
  readonly #base: string;
  readonly #identifier: string;
  readonly #token: string;
  readonly #exchange: DeviceExchange;
  readonly #signer: DeviceSigner;
  readonly #listener: PushListener;
  readonly #pushes: GuardianPush[] = [];
  readonly #waiting = new Set<Waiter>();
  /** Why no push comes any more. */
  #broken: unknown;
  readonly #listening: Promise<void>;

  private constructor(parts: {
    enrolment: Enrolment;
    base: string;
    identifier: string;
    platform: Platform;
    exchange: DeviceExchange;
    signer: DeviceSigner;
    listener: PushListener;
  }) {
    this.id = parts.enrolment.id;
    this.userId = parts.enrolment.user_id;
    this.#token = parts.enrolment.token;
    this.platform = parts.platform;
    this.#base = parts.base;
    this.#identifier = parts.identifier;
    this.#exchange = parts.exchange;
    this.#signer = parts.signer;
    this.#listener = parts.listener;
    this.#listening = this.#listener
      .listen((text) => this.#receive(text))
      .catch((error: unknown) => error)
      .then((cause) => this.#giveUp(cause ?? new Error('the device was closed')));
  }

  /**
   * Turns the text of a QR code into an enrolled device that listens.
   *
   * @throws GuardianRefusal `enrollment_transaction_not_found` for a code that was used or has ended
   */
  static async enrol(options: GuardianDeviceOptions): Promise<GuardianDevice> {
    const { platform = 'ios', ca, clock = Date } = options;
    const { base, transactionId } = readBarcode(options.barcodeUri);
    const exchange = new DeviceExchange(ca);
    const signer = await DeviceSigner.create(() => clock.now());
    const listener = await PushListener.subscribe(base, exchange);
    const identifier = randomUUID();
    const answer = await exchange.send({
      method: 'POST',
      url: `${base}/api/enroll`,
      headers: { authorization: `Ticket id="${transactionId}"`, ...SDK_HEADERS[platform] },
      body: {
        identifier,
        name: options.name ?? NAMES[platform],
        push_credentials: { service: platform === 'ios' ? 'APNS' : 'GCM', token: listener.token },
        public_key: signer.enrolmentKey,
      },
    });
    const enrolment = enrolmentSchema.parse(accept(answer).body);
    return new GuardianDevice({ enrolment, base, identifier, platform, exchange, signer, listener });
  }

  /**
   * The next push that nobody has taken; waits for one.
   *
   * @param options.signal stops waiting; default: after 30 seconds
   * @throws Error when none came in time, or what keeps it from listening: Problem `server_unreachable`
   */
  async nextPush(options: { signal?: AbortSignal } = {}): Promise<GuardianPush> {
    const push = this.#pushes.shift();
    if (push) return push;
    if (this.#broken !== undefined) throw this.#broken;
    const signal = options.signal ?? AbortSignal.timeout(PUSH_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', tooLate);
      };
      const waiter: Waiter = {
        take(taken) {
          stopWaiting();
          resolve(taken);
        },
        giveUp(cause) {
          stopWaiting();
          reject(cause);
        },
      };
      const tooLate = (): void => waiter.giveUp(new Error('no push came', { cause: signal.reason }));
      if (signal.aborted) return tooLate();
      signal.addEventListener('abort', tooLate, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /**
   * What a push asks, fetched with a proof by the device's key.
   *
   * @throws GuardianRefusal `invalid_dpop_assertion`, `invalid_token`
   */
  async readConsent(push: GuardianPush): Promise<GuardianConsent> {
    const url = `${this.#base.replace(/\/appliance-mfa$/, '')}/rich-consents/${push.consentId}`;
    const answer = await this.#send({
      method: 'GET',
      url,
      headers: {
        authorization: `MFA-DPoP ${push.transactionToken}`,
        'mfa-dpop': await this.#signer.proof(url, push.transactionToken),
      },
    });
    return consentSchema.parse(answer.body);
  }

  /**
   * @param grantedDetails what is granted, where the types let it differ from what was asked; Auth0 has no such thing
   * @throws GuardianRefusal `login_transaction_not_found` for a second answer, `transaction_expired` for a late one,
   *   `invalid_body` for more than may be granted
   */
  async allow(push: GuardianPush, grantedDetails?: readonly unknown[]): Promise<void> {
    await this.#answer(push, { isAccepted: true, grantedDetails });
  }

  /** @throws GuardianRefusal as `allow` does */
  async reject(push: GuardianPush, reason?: string): Promise<void> {
    await this.#answer(push, { isAccepted: false, reason });
  }

  async rename(name: string): Promise<void> {
    await this.#changeAccount('PATCH', { name });
  }

  /** Ends the enrolment; no push comes any more. */
  async unenrol(): Promise<void> {
    await this.#changeAccount('DELETE');
    await this.#listener.unsubscribe();
    await this.close();
  }

  /** Stops listening. The enrolment stays. */
  async close(): Promise<void> {
    this.#listener.close();
    await this.#listening;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(
    push: GuardianPush,
    answer: {
      isAccepted: boolean;
      reason?: string | undefined;
      grantedDetails?: readonly unknown[] | undefined;
    },
  ): Promise<void> {
    const url = `${this.#base}/api/resolve-transaction`;
    const { challenge, transactionToken } = push;
    await this.#send({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${transactionToken}` },
      body: {
        challenge_response: await this.#signer.answer({
          identifier: this.#identifier,
          challenge,
          url,
          ...answer,
        }),
      },
    });
  }

  /** Android's SDK still sends the token of the enrolment, the one of iOS a JWT by the device's key. */
  async #changeAccount(method: 'PATCH' | 'DELETE', body?: unknown): Promise<void> {
    const accounts = `${this.#base}/api/device-accounts`;
    const token =
      this.platform === 'android'
        ? this.#token
        : await this.#signer.accountToken(this.id, this.userId, accounts);
    await this.#send({
      method,
      url: `${accounts}/${this.id}`,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
  }

  async #send(request: DeviceRequest): Promise<DeviceAnswer> {
    const headers = { ...SDK_HEADERS[this.platform], ...request.headers };
    return accept(await this.#exchange.send({ ...request, headers }));
  }

  #receive(text: string): void {
    const push = readPush(this.platform, text);
    const [waiting] = this.#waiting;
    if (waiting) waiting.take(push);
    else this.#pushes.push(push);
  }

  #giveUp(cause: unknown): void {
    this.#broken = cause;
    for (const waiting of [...this.#waiting]) waiting.giveUp(cause);
  }
}

/** What both SDKs always send. */
const SDK_HEADERS: Readonly<Record<Platform, Readonly<Record<string, string>>>> = {
  ios: sdkHeaders('Guardian.swift', '1.9.0'),
  android: { ...sdkHeaders('Guardian.Android', '0.10.0'), 'user-agent': 'GuardianSDK/0.10.0 Android' },
};

function sdkHeaders(name: string, version: string): Record<string, string> {
  return {
    'auth0-client': Buffer.from(JSON.stringify({ name, version })).toString('base64url'),
    'accept-language': 'en',
  };
}

function accept(answer: DeviceAnswer): DeviceAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const { data } = errorSchema.safeParse(answer.body);
  throw new GuardianRefusal(
    answer.status,
    data?.errorCode ?? 'unknown',
    data?.description ?? `The server answered ${answer.status}.`,
  );
}

function readBarcode(uri: string): { base: string; transactionId: string } {
  const parsed = URL.parse(uri);
  const transactionId = parsed?.searchParams.get('enrollment_tx_id');
  const base = parsed?.searchParams.get('base_url');
  // iOS insists on both.
  const isOtpauth = parsed?.protocol === 'otpauth:' && parsed.host === 'totp';
  if (!isOtpauth || !transactionId || !base) {
    throw new TypeError(
      'expected the text of an enrolment QR code, otpauth://totp/… with enrollment_tx_id and base_url',
    );
  }
  // The SDKs append it unless it is there, or the host is called guardian.
  const { hostname, pathname } = new URL(base);
  const isComplete =
    /(^|\/)appliance-mfa(\/|$)/.test(pathname) || /(^|\.)guardian\..*auth0\.com$/.test(hostname);
  return {
    base: isComplete ? base.replace(/\/$/, '') : `${base.replace(/\/$/, '')}/appliance-mfa`,
    transactionId,
  };
}
