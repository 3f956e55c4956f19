// One reader of server-sent events (HTML Standard §9.2), as light as it can be: a hundred of them must not be what is measured.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

const SEPARATOR = '\n\n';

export class EventStream {
  readonly #answer: IncomingMessage;
  #rest = '';
  #isClosed = false;

  private constructor(answer: IncomingMessage, hear: (event: string) => void) {
    this.#answer = answer;
    answer.setEncoding('utf8').on('data', (piece: string) => {
      const events = (this.#rest + piece).split(SEPARATOR);
      this.#rest = events.pop() ?? '';
      for (const event of events) hear(event);
    });
    answer.on('error', () => undefined);
    answer.on('close', () => {
      this.#isClosed = true;
    });
  }

  /** @param hear gets the lines of each event */
  static async open(
    address: string,
    headers: Record<string, string>,
    hear: (event: string) => void,
  ): Promise<EventStream> {
    const call = get(address, { agent: false, headers });
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 200)
      throw new Error(`${address} answered ${answer.statusCode}, expected a stream`);
    return new EventStream(answer, hear);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#answer.destroy();
  }
}

/** The number of an event of the trace; undefined for whatever else comes by. */
export function numberOf(event: string): number | undefined {
  const id = /^id: (\d+)$/m.exec(event.slice(0, 40))?.[1];
  return id === undefined ? undefined : Number(id);
}
