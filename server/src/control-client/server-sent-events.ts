// Reads server-sent events (HTML Standard §9.2) and goes on after an interruption where it stopped.
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../problem.ts';

export interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

export interface StreamOptions {
  /** Opens the stream after the event `lastId`. */
  open(lastId: string | undefined): Promise<Readable>;
  lastId?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Shorter than a server usually asks for: it is on this computer, and an end should be noticed soon. */
const RECONNECT_AFTER_MS = 250;

/**
 * Ends when `signal` aborts, or when the server, after an interruption, is gone.
 * @throws Problem when the stream could not be opened the first time
 */
export async function* readServerSentEvents(options: StreamOptions): AsyncGenerator<ServerSentEvent> {
  const { open, signal } = options;
  let { lastId } = options;
  for (let isFirst = true; !signal?.aborted; isFirst = false) {
    try {
      for await (const event of parseEvents(await open(lastId))) {
        if (event.id !== '') lastId = event.id;
        if (event.data !== '') yield event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      // An interrupted stream throws what the socket threw; a stream that cannot be opened throws a Problem.
      if (error instanceof Problem && isFirst) throw error;
      if (error instanceof Problem) return;
    }
    await delay(RECONNECT_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** §9.2.6, "Interpreting an event stream". */
async function* parseEvents(stream: Readable): AsyncGenerator<ServerSentEvent> {
  let id = '';
  let event = 'message';
  let data: string[] = [];
  for await (const line of readLines(stream)) {
    if (line === '') {
      yield { id, event, data: data.join('\n') };
      event = 'message';
      data = [];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
}

async function* readLines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
