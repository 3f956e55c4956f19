// Reads a stream of server-sent events one by one, as a browser's EventSource would: HTML Standard §9.2.6.
export interface ReceivedEvent {
  id: string | undefined;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  data: any;
}

export class EventReader implements AsyncDisposable {
  readonly #abort = new AbortController();
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #unread = '';
  /** What a browser would come back with. */
  lastEventId: string | undefined;
  /** Everything that came, as it came. */
  received = '';

  private constructor(response: Response, abort: AbortController) {
    if (!response.body) throw new Error('The answer has no body.');
    this.#reader = response.body.getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    const type = response.headers.get('content-type');
    if (type !== 'text/event-stream') {
      abort.abort();
      throw new Error(`Expected a stream of events, received ${response.status} ${type}.`);
    }
    return new EventReader(response, abort);
  }

  /** The next event; undefined once the stream has ended. Comments and retry hints are skipped. */
  async next(): Promise<ReceivedEvent | undefined> {
    for (;;) {
      const block = await this.#nextBlock();
      if (block === undefined) return undefined;
      const field = (name: string): string | undefined =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const text = field('data');
      if (text === undefined) continue;
      return { id: field('id'), event: field('event') ?? 'message', data: JSON.parse(text) };
    }
  }

  /** The next event of that name. */
  async nextOf(event: string): Promise<ReceivedEvent> {
    for (;;) {
      const next = await this.next();
      if (!next) throw new Error(`The stream ended before an event "${event}".`);
      if (next.event === event) return next;
    }
  }

  /** Resolves once `text` has come, which may be a comment. */
  async nextContaining(text: string): Promise<void> {
    for (;;) {
      const block = await this.#nextBlock();
      if (block === undefined) throw new Error(`The stream ended before "${text}".`);
      if (block.includes(text)) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reader.closed.catch(() => {
      // Aborting rejects this by design.
    });
  }

  async #nextBlock(): Promise<string | undefined> {
    for (;;) {
      const end = this.#unread.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#unread.slice(0, end);
        this.#unread = this.#unread.slice(end + 2);
        this.lastEventId = /^id: (.*)$/m.exec(block)?.[1] ?? this.lastEventId;
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      const text = this.#decoder.decode(value, { stream: true });
      this.received += text;
      this.#unread += text;
    }
  }
}
