// Reads all journals of a store on a connection of its own, which waits for them together. The bus is one of them.
import type { Bus, Journal, JournalBounds } from '../../store.ts';
import { warnOfFailure } from '../../warnings.ts';
import { RedisConnection, type RedisConnectionOptions } from './redis-connection.ts';
import { RedisJournal, type StreamEntry } from './redis-journal.ts';

const WAITS_MS = 10_000;
/** An answer comes at the latest when the waiting ends; nothing at all means that nobody is there any more. */
const LONGEST_SILENCE_MS = 15_000;
/** Whoever is behind by more than this has missed something. */
const BUS_BOUNDS: JournalBounds = { mostEntries: 10_000, mostCharacters: 32_000_000 };

interface Message {
  topic: string;
  message: unknown;
}

export interface RedisStreamsOptions {
  prefix: string;
  origin: string;
  connection: RedisConnection;
  reader: RedisConnectionOptions;
}

export class RedisStreams {
  readonly #options: RedisStreamsOptions;
  readonly #reader: RedisConnection;
  readonly #journals = new Map<string, RedisJournal<unknown>>();
  readonly #messages: Journal<Message>;
  readonly #listeners = new Map<string, Set<{ read: (message: unknown) => void }>>();
  #reading: Promise<void> | undefined;

  private constructor(options: RedisStreamsOptions, reader: RedisConnection) {
    this.#options = options;
    this.#reader = reader;
    this.#messages = this.journal<Message>('bus', BUS_BOUNDS);
  }

  static async open(options: RedisStreamsOptions): Promise<RedisStreams> {
    const streams = new RedisStreams(
      options,
      await RedisConnection.open({ ...options.reader, longestSilenceMs: LONGEST_SILENCE_MS }),
    );
    try {
      await streams.#messages.follow(Number.MAX_SAFE_INTEGER, ({ value, isOwn }) => {
        if (!isOwn) streams.#hear(value);
      });
    } catch (cause) {
      await streams.close();
      throw cause;
    }
    streams.#reading = streams.#read();
    return streams;
  }

  readonly bus: Bus = {
    publish: (topic, message) => this.#messages.append({ topic, message }),
    subscribe: (topic, read) => {
      const listener = { read };
      const listeners = this.#listeners.get(topic) ?? new Set();
      this.#listeners.set(topic, listeners.add(listener));
      return () => listeners.delete(listener);
    },
  };

  journal<T>(name: string, bounds: JournalBounds): Journal<T> {
    const { prefix, origin, connection } = this.#options;
    const journal =
      this.#journals.get(name) ??
      new RedisJournal<unknown>({
        name: encodeURIComponent(name),
        bounds,
        prefix,
        origin,
        connection,
        // Has the reader look again at what it is to wait for.
        onFollowed: () => this.bus.publish('', null),
      });
    this.#journals.set(name, journal);
    return journal as Journal<T>;
  }

  /** Resolves when everything that was appended has been acknowledged, or given up. */
  async flushed(): Promise<void> {
    await Promise.all([...this.#journals.values()].map((journal) => journal.flushed()));
  }

  async close(): Promise<void> {
    this.#reader.destroy();
    await this.#reading;
    for (const journal of this.#journals.values()) journal.close();
    this.#listeners.clear();
  }

  async #read(): Promise<void> {
    while (!this.#reader.isClosed) {
      const followed = [...this.#journals.values()].filter((journal) => journal.isFollowed);
      try {
        const found = await this.#reader.runBlocking<Array<[stream: string, entries: StreamEntry[]]> | null>([
          'XREAD',
          'COUNT',
          '500',
          'BLOCK',
          String(WAITS_MS),
          'STREAMS',
          ...followed.map(({ stream }) => stream),
          ...followed.map(({ position }) => position),
        ]);
        for (const [stream, entries] of found ?? []) {
          const journal = followed.find((one) => one.stream === stream);
          for (const entry of entries) journal?.take(entry);
        }
      } catch {
        // What was missed is read when there is a connection again; whoever writes learns that there is none.
        await this.#reader.ready();
      }
    }
  }

  #hear({ topic, message }: Message): void {
    for (const { read } of [...(this.#listeners.get(topic) ?? [])]) {
      try {
        read(message);
      } catch (cause) {
        warnOfFailure(`a reader of ${topic} failed`, cause);
      }
    }
  }
}
