// The way to browsers that reach no push service of their own: messages as server-sent events (HTML Standard §9.2), for
// as long as a page is open. The body stays encrypted; the page holds the key.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { RelayedPush } from '../../contract/index.ts';
import type { Delivery, PushService } from './push-service.ts';

/** So that both sides, and proxies between them, notice a dead connection. */
const HEARTBEAT_EVERY_MS = 15_000;
/** How long a page waits before it comes back. */
const RETRY_AFTER_MS = 2_000;
/** A page that is this far behind has stopped reading. It comes back, and so do its messages. */
const MOST_UNREAD_BYTES = 256 * 1024;

export interface RelayStreamOptions {
  service: PushService;
  clock: Clock;
  origin: string;
  listener: string;
  /** Aborts when the server stops or the subscription ends. */
  ending: AbortSignal;
}

/** Answers with the stream of one listener. Resolves once what waited has been written. */
export async function streamToPage(response: ServerResponse, options: RelayStreamOptions): Promise<void> {
  const { service, clock, origin, listener, ending } = options;
  const closed = new AbortController();
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  };
  let cancelHeartbeat = (): void => {};
  const beatLater = (): void => {
    cancelHeartbeat = clock.setAlarm(clock.now() + HEARTBEAT_EVERY_MS, () => {
      write(':\n\n');
      beatLater();
    });
  };
  const end = (): void => void response.end();
  response.once('close', () => {
    closed.abort();
    cancelHeartbeat();
    ending.removeEventListener('abort', end);
  });
  if (response.destroyed || ending.aborted) return end();
  ending.addEventListener('abort', end, { once: true });

  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Proxies that buffer would hold messages back.
    'x-accel-buffering': 'no',
  });
  write(`retry: ${RETRY_AFTER_MS}\n\n`);
  beatLater();
  await service.attach(
    listener,
    ({ message }: Delivery) => {
      const relayed: RelayedPush = { message: `${origin}/push/message/${message.id}`, body: message.body };
      write(`id: ${message.id}\nevent: push\ndata: ${JSON.stringify(relayed)}\n\n`);
    },
    closed.signal,
  );
}
