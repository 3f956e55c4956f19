// Server-sent events (HTML Standard §9.2). A stream beats while nothing happens, so that both sides notice a dead
// connection; drops a reader that does not read instead of buffering for it; and ends politely when the server stops.
import { Readable } from 'node:stream';
import type Koa from 'koa';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';

const HEARTBEAT_EVERY_MS = 15_000;
/** How long a reader waits before it comes back. */
const RETRY_AFTER_MS = 2_000;
/** A reader that is this far behind has stopped reading; it resumes with Last-Event-ID. */
const MOST_UNREAD_BYTES = 1024 * 1024;

export interface ServerSentEvent {
  event: string;
  data: unknown;
  /** `data` as JSON, where that has been written already. */
  json?: string;
  /** What `Last-Event-ID` will say when the reader comes back. */
  id?: number;
}

export interface EventStreamOptions {
  clock: Clock;
  /** Aborts when the server stops. */
  shutdown: AbortSignal;
}

export class EventStream extends Readable {
  readonly #clock: Clock;
  readonly #shutdown: AbortSignal;
  #cancelHeartbeat = (): void => {};
  #onWanted = (): void => {};
  #isEnding = false;
  readonly #onShutdown = (): void => this.end();

  constructor(options: EventStreamOptions) {
    super();
    this.#clock = options.clock;
    this.#shutdown = options.shutdown;
    this.push(`retry: ${RETRY_AFTER_MS}\n\n`);
    this.#beatLater();
    if (this.#shutdown.aborted) this.end();
    else this.#shutdown.addEventListener('abort', this.#onShutdown);
  }

  /** Sends one event; drops the reader if it has fallen too far behind. */
  send({ id, event, data, json = JSON.stringify(data) }: ServerSentEvent): void {
    const number = id === undefined ? '' : `id: ${id}\n`;
    // JSON has no line breaks of its own, so one `data` line carries it all.
    this.#write(`${number}event: ${event}\ndata: ${json}\n\n`);
  }

  /** What `Last-Event-ID` will say from now on, without an event. HTML Standard §9.2.6: a block without data is none. */
  sendId(id: number): void {
    this.#write(`id: ${id}\n\n`);
  }

  /** Resolves once the reader has caught up, or is gone. */
  async drained(): Promise<void> {
    while (!this.isOver && this.readableLength >= this.readableHighWaterMark) {
      await new Promise<void>((resolve) => {
        this.#onWanted = resolve;
      });
    }
  }

  /** True once nothing more can be sent. */
  get isOver(): boolean {
    return this.destroyed || this.readableEnded || this.#isEnding;
  }

  /** Ends the stream; the reader is told when to come back. */
  end(): void {
    if (this.isOver) return;
    this.push(`retry: ${RETRY_AFTER_MS}\n\n`);
    this.#isEnding = true;
    this.push(null);
    this.#release();
  }

  override _read(): void {
    this.#onWanted();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#release();
    callback(error);
  }

  #write(text: string): void {
    if (this.isOver) return;
    this.push(text);
    if (this.readableLength > MOST_UNREAD_BYTES) this.destroy();
  }

  #beatLater(): void {
    this.#cancelHeartbeat = this.#clock.setAlarm(this.#clock.now() + HEARTBEAT_EVERY_MS, () => {
      this.#write(':\n\n');
      if (!this.isOver) this.#beatLater();
    });
  }

  #release(): void {
    this.#cancelHeartbeat();
    this.#shutdown.removeEventListener('abort', this.#onShutdown);
    this.#onWanted();
  }
}

/** Answers `ctx` with a new stream, which Koa destroys when the connection ends. Undefined for HEAD, which opens none. */
export function openEventStream(ctx: Koa.Context, options: EventStreamOptions): EventStream | undefined {
  ctx.set('Content-Type', 'text/event-stream');
  // Proxies that buffer would hold events back.
  ctx.set('X-Accel-Buffering', 'no');
  if (ctx.method === 'HEAD') {
    ctx.status = 200;
    return undefined;
  }
  const stream = new EventStream(options);
  // A reader that was dropped must see its connection break, or it would wait for ever.
  stream.once('close', () => {
    if (!ctx.res.writableEnded && !stream.readableEnded) ctx.res.destroy();
  });
  ctx.body = stream;
  return stream;
}

/** Number of the last event that the caller has seen; undefined if it says nothing. */
export function readLastEventId(ctx: Koa.Context): number | undefined {
  const text = ctx.get('Last-Event-ID').trim();
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new Problem('bad_request', `Received Last-Event-ID "${text}", expected a number of this stream.`);
  }
  return Number(text);
}
