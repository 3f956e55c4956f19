// Server-sent events over fetch: EventSource cannot send the Authorization header that proves the device.
// Resumes with Last-Event-ID, waits longer after each failure, and says whether anything is heard.

export interface ServerEvent {
  name: string;
  /** The JSON text of the event. */
  text: string;
}

export interface EventStreamOptions {
  /** Opens one connection; rejects when that fails. */
  connect(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  onEvent(event: ServerEvent): void;
  onConnected(): void;
  /** A connection could not be made. Answers whether to go on trying. */
  onFailed(reason: unknown): 'retry' | 'stop';
}

export interface EventStream {
  /** Stops waiting and connects at once. */
  retryNow(): void;
  close(): void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8_000;
/** A connection this quiet is taken for dead: a phone that slept does not learn that its socket is gone. */
const LONGEST_SILENCE_MS = 45_000;

export function openEventStream(options: EventStreamOptions): EventStream {
  const closing = new AbortController();
  let wake = () => {};

  async function run(): Promise<void> {
    let failures = 0;
    let lastEventId: string | undefined;
    while (!closing.signal.aborted) {
      let hasOpened = false;
      try {
        await listen(options, closing.signal, lastEventId, {
          onOpen: () => {
            hasOpened = true;
            failures = 0;
            options.onConnected();
          },
          onId: (id) => {
            lastEventId = id;
          },
        });
      } catch (reason) {
        if (closing.signal.aborted) return;
        // A connection that breaks is first restored in silence.
        if (!hasOpened && options.onFailed(reason) === 'stop') return;
      }
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
      failures += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delayMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const retryNow = (): void => wake();
  const stopListening = new AbortController();
  for (const hint of ['online', 'focus'] as const) {
    window.addEventListener(hint, retryNow, { signal: stopListening.signal });
  }
  void run();
  return {
    retryNow,
    close() {
      stopListening.abort();
      closing.abort();
      wake();
    },
  };
}

async function listen(
  { connect, onEvent }: EventStreamOptions,
  closing: AbortSignal,
  lastEventId: string | undefined,
  report: { onOpen(): void; onId(id: string): void },
): Promise<void> {
  const connection = new AbortController();
  const stop = (): void => connection.abort();
  closing.addEventListener('abort', stop);
  let silence = setTimeout(stop, LONGEST_SILENCE_MS);
  try {
    const response = await connect(lastEventId, connection.signal);
    if (response.body === null) throw new TypeError('The event stream has no body.');
    report.onOpen();
    const parse = createEventParser({ onEvent, onId: report.onId });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      clearTimeout(silence);
      silence = setTimeout(stop, LONGEST_SILENCE_MS);
      if (done) return;
      parse(value);
    }
  } finally {
    clearTimeout(silence);
    closing.removeEventListener('abort', stop);
    // Also where reading went wrong: nothing else would end such a connection.
    stop();
  }
}

/** Reads the format of the HTML standard, §9.2.6, from pieces that may end anywhere. */
export function createEventParser(sink: { onEvent(event: ServerEvent): void; onId(id: string): void }) {
  let rest = '';
  let name = '';
  let lines: string[] = [];

  function readLine(line: string): void {
    if (line === '') {
      if (lines.length > 0) sink.onEvent({ name: name || 'message', text: lines.join('\n') });
      name = '';
      lines = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') lines.push(value);
    else if (field === 'id' && !value.includes('\0')) sink.onId(value);
  }

  return (piece: string): void => {
    // A piece may end between CR and LF; such a CR waits for the next piece.
    const text = rest + piece;
    const complete = text.endsWith('\r') ? text.slice(0, -1) : text;
    const parts = complete.split(/\r\n|\r|\n/);
    rest = (parts.pop() ?? '') + (text.endsWith('\r') ? '\r' : '');
    for (const line of parts) readLine(line);
  };
}
