// One connection to Redis or Valkey. It comes back by itself. What is asked meanwhile waits a bounded time and then fails with a
// Problem that an HTTP answer can be made of. A command may be sent twice: whoever sends one makes sure that this changes nothing.
import { createHash } from 'node:crypto';
import { ClientOfflineError, createClient, ErrorReply } from '@redis/client';
import { Problem } from '../../problem.ts';
import type { RedisAddress } from '../../store-address.ts';
import { type StoreOutage, StoreOutages } from '../store-outage.ts';

/** How long a command waits for a connection and for its answer. */
const PATIENCE_MS = 5_000;
/** The same, once it is known that the server is away: callers are better told so than kept. */
const PATIENCE_WHILE_AWAY_MS = 1_000;
const PATIENCE_WITH_EVERYTHING_MS = 60_000;
const LONGEST_PAUSE_MS = 500;

/** What passes by itself: a server that starts, a replica that is promoted. https://redis.io/docs/latest/develop/reference/ */
const PASSING = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS|BUSY)\b/;
/** What the server says of itself when it takes no writes. */
const FULL = /^(OOM|MISCONF)\b/;

export interface RedisScript {
  readonly text: string;
  readonly hash: string;
  /** Whether it reads or writes everything there is, which takes its time. */
  readonly isLong: boolean;
}

export function scriptOf(text: string, { isLong = false } = {}): RedisScript {
  return { text, hash: createHash('sha1').update(text).digest('hex'), isLong };
}

type Client = ReturnType<typeof createPlainClient>;

export interface RedisConnectionOptions {
  address: RedisAddress;
  /** What `CLIENT LIST` shows. */
  name: string;
  patienceMs?: number | undefined;
  /** Of whoever connects more than once. */
  outages?: StoreOutages | undefined;
  /** After which a connection on which nothing comes is made again. Default: never. */
  longestSilenceMs?: number | undefined;
}

export class RedisConnection {
  readonly #address: RedisAddress;
  readonly #client: Client;
  readonly #patienceMs: number;
  readonly #what: string;
  readonly #outage: StoreOutage;
  readonly #outageOfWrites: StoreOutage;
  #lastError: Error | undefined;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(options: RedisConnectionOptions) {
    const { address, patienceMs = PATIENCE_MS, outages = new StoreOutages() } = options;
    this.#address = address;
    this.#patienceMs = patienceMs;
    this.#what = `The store ${address.shown}`;
    this.#outage = outages.everything;
    this.#outageOfWrites = outages.writes;
    this.#client = createPlainClient(options);
    this.#client.on('error', (error: Error) => {
      this.#lastError = error;
    });
    this.#client.on('ready', () => this.#wake());
  }

  /** @throws Problem `store_unavailable` or `store_unusable` */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options);
    try {
      await connection.#connect();
      return connection;
    } catch (cause) {
      connection.destroy();
      throw cause;
    }
  }

  /** @throws Problem `store_unavailable` when no answer came in time; the command may have been carried out nevertheless */
  async run<R>(words: readonly string[], { isLong = false } = {}): Promise<R> {
    const patienceMs = isLong ? PATIENCE_WITH_EVERYTHING_MS : this.#patienceMs;
    const untilMs =
      performance.now() + (this.#outage.isOut ? Math.min(PATIENCE_WHILE_AWAY_MS, patienceMs) : patienceMs);
    for (;;) {
      if (this.#isClosed) throw new Error('the store is closed');
      try {
        const answer = (await this.#sendInTime(words, untilMs)) as R;
        this.#outage.worked();
        this.#lastError = undefined;
        return answer;
      } catch (error) {
        if (error instanceof Problem) throw error;
        if (error instanceof ErrorReply && !PASSING.test(error.message)) throw this.#explainReply(error);
        // That there is no connection is known; why, the client has said before.
        if (!(error instanceof ClientOfflineError)) this.#lastError = error as Error;
        await this.#pause(untilMs);
      }
    }
  }

  /** Scripts are known by their hash once the server has seen them. https://redis.io/docs/latest/commands/evalsha/ */
  async runScript<R>({ text, hash, isLong }: RedisScript, key: string, words: readonly string[]): Promise<R> {
    try {
      return await this.run<R>(['EVALSHA', hash, '1', key, ...words], { isLong });
    } catch (error) {
      if (!(error instanceof UnknownScript)) throw error;
      return this.run<R>(['EVAL', text, '1', key, ...words], { isLong });
    }
  }

  /** For a command that waits by itself: neither repeated nor given up. */
  async runBlocking<R>(words: readonly string[]): Promise<R> {
    return (await this.#client.sendCommand([...words])) as R;
  }

  /** A write was acknowledged. */
  wrote(): void {
    this.#outageOfWrites.worked();
  }

  /** For whoever failed and tries again: resolves in a moment, once there is a connection, or when it is closed. */
  async ready(): Promise<void> {
    while (!this.#isClosed) {
      await this.#woken(LONGEST_PAUSE_MS);
      if (this.#client.isReady) return;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Does not wait for answers. */
  destroy(): void {
    this.#isClosed = true;
    if (this.#client.isOpen) this.#client.destroy();
    this.#wake();
  }

  async #connect(): Promise<void> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#unavailable()), this.#patienceMs);
    this.#client.on('error', (error: Error) => {
      if (error instanceof ErrorReply && !PASSING.test(error.message)) reject(this.#explainReply(error));
      else if (isForeign(error)) reject(this.#foreign(error));
    });
    try {
      const connecting = this.#client.connect();
      connecting.catch(() => undefined);
      await Promise.race([connecting, tooLate]);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      throw this.#unavailable();
    } finally {
      clearTimeout(timer);
    }
  }

  async #sendInTime(words: readonly string[], untilMs: number): Promise<unknown> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#silent()), Math.max(0, untilMs - performance.now()));
    try {
      const sending = this.#client.sendCommand([...words]);
      sending.catch(() => undefined);
      return await Promise.race([sending, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #pause(untilMs: number): Promise<void> {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) throw this.#silent();
    // With a connection, it is the server that is not ready yet.
    await this.#woken(Math.min(leftMs, this.#client.isReady ? LONGEST_PAUSE_MS / 10 : leftMs));
    if (untilMs - performance.now() <= 0) throw this.#silent();
  }

  async #woken(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
  }

  #silent(): Problem {
    return this.#outage.failed(this.#what, `the store does not answer (${this.#reason})`, this.#lastError);
  }

  get #reason(): string {
    const error = this.#lastError;
    // With a connection, only what the server itself said is to be told.
    return error === undefined || (this.#client.isReady && !(error instanceof ErrorReply))
      ? 'it is silent'
      : wordsOf(error);
  }

  #unavailable(): Problem {
    const reason = this.#lastError === undefined ? 'no answer' : wordsOf(this.#lastError);
    return new Problem('store_unavailable', `The store ${this.#address.shown} does not answer: ${reason}.`, {
      status: 503,
      hint: this.#whatToTry(reason),
      cause: this.#lastError,
    });
  }

  #whatToTry(reason: string): string {
    if (/self-signed|certificate|issuer/i.test(reason)) {
      return 'Have Node trust its authority, before it starts: export NODE_EXTRA_CA_CERTS=ca-of-redis.pem';
    }
    if (/ECONNRESET|timeout|socket closed|no answer/i.test(reason)) {
      return 'See whether that port speaks TLS: rediss:// is for TLS, redis:// for plain connections. And whether anything stands between, such as a firewall.';
    }
    return 'See whether Redis runs, and can be reached at that address from here: redis-cli -h HOST -p PORT ping';
  }

  #explainReply(error: ErrorReply): Error {
    const { message } = error;
    if (message.startsWith('NOSCRIPT')) return new UnknownScript(message);
    if (FULL.test(message)) {
      return this.#outageOfWrites.failed(this.#what, `the store takes no writes (${message})`, error);
    }
    if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/.test(message)) {
      return this.#unusable(
        `does not let us in: ${message}`,
        /without any password/.test(message)
          ? 'Leave the password out of the address: redis://HOST:PORT'
          : 'Put user and password into the address: redis://USER:PASSWORD@HOST:PORT, or redis://:PASSWORD@HOST:PORT',
        error,
      );
    }
    if (message.startsWith('NOPERM')) {
      return this.#unusable(
        `allows too little: ${message}`,
        'Let the user write below assent:*, with ACL SETUSER USER ~assent:* +@all',
        error,
      );
    }
    if (message.startsWith('WRONGTYPE')) {
      return this.#unusable(
        'has something of another program where the documents of this tenant should be',
        'Name another database, such as redis://HOST:PORT/1, or remove what is there.',
        error,
      );
    }
    if (message.startsWith('MOVED')) {
      return this.#unusable(
        `is one node of a cluster: ${message}`,
        'Name the node that holds this tenant, or a Redis without cluster mode.',
        error,
      );
    }
    return this.#unusable(
      `refused a command: ${message}`,
      'Redis 6.2 or newer, or Valkey, is needed, with databases 0 to 15 by default.',
      error,
    );
  }

  #foreign(cause: Error): Problem {
    return this.#unusable(
      'is no Redis: what answers there speaks another protocol',
      'See what listens at that address. rediss:// is for TLS, redis:// for plain connections.',
      cause,
    );
  }

  #unusable(message: string, hint: string, cause: unknown): Problem {
    return new Problem('store_unusable', `The store ${this.#address.shown} ${message.replace(/\.$/, '')}.`, {
      status: 500,
      hint,
      cause,
    });
  }
}

/** The server has lost it, by a restart; it is sent again. */
class UnknownScript extends Error {}

function createPlainClient({ address, name, longestSilenceMs }: RedisConnectionOptions) {
  const socket = {
    host: address.host,
    port: address.port,
    connectTimeout: 2_000,
    ...(longestSilenceMs === undefined ? {} : { socketTimeout: longestSilenceMs }),
    reconnectStrategy: (retries: number) => Math.min(LONGEST_PAUSE_MS, 20 * 2 ** Math.min(retries, 5)),
  };
  return createClient({
    socket: address.isTls ? { ...socket, tls: true } : socket,
    database: address.database,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    name,
    RESP: 2,
    // Waiting, sending again and giving up are decided here.
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

/** Resolves when `promise` does, or the time is over. */
export async function waitAtMost(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: isTime, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, isTime]).finally(() => clearTimeout(timer));
}

/** Something that is no Redis sends what its protocol does not know. */
function isForeign(error: Error): boolean {
  return /unknown.*type|invalid.*(type|protocol)|unexpected.*byte|wrong version number|EPROTO/i.test(
    error.message,
  );
}

function wordsOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error.message || error.name;
}
