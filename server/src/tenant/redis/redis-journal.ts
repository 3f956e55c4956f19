// A journal in Redis: a stream that all processes of a tenant append to and read. What is appended here is sent in order, as much as
// there is at a time, again if need be, and counted once; readers are told of everything, their own too, in the order of the stream.
import { toCompactJson } from '../../json-object.ts';
import { Problem } from '../../problem.ts';
import type { Journal, JournalBounds } from '../../store.ts';
import { warn, warnOfFailure } from '../../warnings.ts';
import { BoundedEntries } from '../bounded-entries.ts';
import { type JournalReader, JournalReaders, readEntry, tellOne } from '../journal-readers.ts';
import { type RedisConnection, waitAtMost } from './redis-connection.ts';
import { APPEND, REFILL_JOURNAL, START_ABOVE, STATE_OF_JOURNAL } from './redis-scripts.ts';

/** What a process holds back of one journal while the store takes nothing, or too little. The oldest entries are given up first. */
const MOST_WAITING: JournalBounds = { mostEntries: 10_000, mostCharacters: 32_000_000 };
/** What goes in one command; one entry always does. */
const MOST_AT_ONCE: JournalBounds = { mostEntries: 500, mostCharacters: 1_000_000 };
const PAGE_SIZE = 1_000;
const WAITS_TO_CATCH_UP_MS = 2_000;

export interface RedisJournalOptions {
  name: string;
  bounds: JournalBounds;
  prefix: string;
  connection: RedisConnection;
  /** Of this process. */
  origin: string;
  /** Called once this journal is to be read on. */
  onFollowed(): void;
}

export type StreamEntry = [id: string, fields: string[]];

export class RedisJournal<T> implements Journal<T> {
  readonly #options: RedisJournalOptions;
  readonly #readers = new JournalReaders<T>();
  /** What the store does not have yet, by `seq`. */
  readonly #waiting = new BoundedEntries<{ number: number; length: number; text: string }>(MOST_WAITING);
  /** Up to which `seq` the store has everything that was not given up. */
  #written = 0;
  #lost = 0;
  #isGivingUp = false;
  /** The newest of what this process has appended and not read yet. */
  readonly #own = new Map<number, T>();
  #lastSeq = 0;
  #sending: Promise<void> | undefined;
  /** Number of the last entry that was read. */
  #position = 0;
  #lastNumber = 0;
  /** The last number that the server has told of. */
  #toldNumber = 0;
  #hasWarned = false;
  #opening: Promise<void> | undefined;
  #isFollowed = false;
  readonly #reached = new Set<{ number: number; resolve: () => void }>();

  constructor(options: RedisJournalOptions) {
    this.#options = options;
  }

  get stream(): string {
    return `${this.#options.prefix}journal:${this.#options.name}`;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  get position(): string {
    return `${this.#position}-0`;
  }

  get isFollowed(): boolean {
    return this.#isFollowed;
  }

  append(value: T): void {
    const text = toCompactJson(value);
    this.#lastSeq += 1;
    this.#own.set(this.#lastSeq, value);
    this.#own.delete(this.#lastSeq - MOST_WAITING.mostEntries);
    if (this.#waiting.push({ number: this.#lastSeq, length: text.length, text }) > 0) this.#warnOfGivingUp();
    this.#send();
  }

  async follow(afterNumber: number, reader: JournalReader<T>): Promise<() => void> {
    this.#opening ??= this.#open();
    await this.#opening;
    for (let cursor = afterNumber; cursor < this.#position; ) {
      const upTo = this.#position;
      const page = await this.#options.connection.run<StreamEntry[]>([
        'XRANGE',
        this.stream,
        `(${cursor}-0`,
        `${upTo}-0`,
        'COUNT',
        String(PAGE_SIZE),
      ]);
      for (const [id, fields] of page) tellOne(reader, readEntry<T>(numberOf(id), textOf(fields)));
      cursor = page.length < PAGE_SIZE ? upTo : numberOf(page.at(-1)?.[0] ?? '0-0');
    }
    return this.#readers.add(reader);
  }

  async caughtUp(): Promise<void> {
    // A store that takes no writes, or a connection that is being made again, must not hold up whoever would rather see what is known.
    const { promise: isLateEnough, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, WAITS_TO_CATCH_UP_MS);
    const wish = { number: Number.POSITIVE_INFINITY, resolve };
    try {
      await Promise.race([this.flushed(), isLateEnough]);
      if (!this.#isFollowed) return;
      const [, newest] = await this.#state();
      if (newest <= this.#position) return;
      wish.number = newest;
      this.#reached.add(wish);
      await isLateEnough;
    } finally {
      clearTimeout(timer);
      this.#reached.delete(wish);
    }
  }

  startAbove(number: number): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
    this.#inTurn(() => this.#run(START_ABOVE, [String(number)]));
  }

  refill(entries: ReadonlyArray<{ number: number; value: T }>): void {
    const { mostEntries, mostCharacters } = this.#options.bounds;
    // Whoever follows here has them already.
    for (const { number } of entries) this.#position = Math.max(this.#position, number);
    const words = entries.flatMap(({ number, value }) => [String(number), toCompactJson(value)]);
    this.#inTurn(() => this.#run(REFILL_JOURNAL, [String(mostEntries), String(mostCharacters), ...words]));
  }

  /** From the reader of streams. */
  take([id, fields]: StreamEntry): void {
    const number = numberOf(id);
    if (number <= this.#position) return;
    this.#position = number;
    this.#lastNumber = Math.max(this.#lastNumber, number);
    const [, origin, , seq] = fields;
    const isOwn = origin === this.#options.origin;
    const own = isOwn ? this.#own.get(Number(seq)) : undefined;
    if (isOwn) this.#forgetOwn(Number(seq));
    if (own === undefined) this.#readers.tell(readEntry<T>(number, textOf(fields), isOwn));
    else this.#readers.tell({ number, value: own, text: textOf(fields), isOwn });
    for (const wish of this.#reached) if (wish.number <= number) wish.resolve();
  }

  /** With those before it: what was forgotten by the stream before it was read here does not come any more. */
  #forgetOwn(upTo: number): void {
    for (const seq of this.#own.keys()) {
      if (seq > upTo) return;
      this.#own.delete(seq);
    }
  }

  /** Resolves when everything that was appended here has been acknowledged, or given up. */
  async flushed(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  close(): void {
    this.#readers.clear();
    for (const { resolve } of this.#reached) resolve();
  }

  async #open(): Promise<void> {
    await waitAtMost(WAITS_TO_CATCH_UP_MS, this.flushed());
    const [last, newest] = await this.#state();
    this.#position = newest;
    this.#lastNumber = Math.max(this.#lastNumber, last);
    this.#own.clear();
    this.#isFollowed = true;
    this.#options.onFollowed();
  }

  #send(): void {
    if (!this.#sending) this.#takeTurn(this.#sendAll());
  }

  #takeTurn(working: Promise<void>): void {
    const sending = working.finally(() => {
      if (this.#sending === sending) this.#sending = undefined;
      if (this.#waiting.oldest && !this.#options.connection.isClosed) this.#send();
    });
    this.#sending = sending;
  }

  async #sendAll(): Promise<void> {
    const { bounds, origin, connection } = this.#options;
    while (this.#waiting.oldest) {
      const batch = this.#nextBatch();
      const first = batch[0]?.number ?? 0;
      let done = 0;
      const isWritten = await this.#tryToWrite(async () => {
        const known = Math.max(this.#position, this.#lastNumber, this.#toldNumber);
        const [told, doneBefore] = await this.#run<[string, string]>(APPEND, [
          String(bounds.mostEntries),
          String(bounds.mostCharacters),
          origin,
          String(first),
          String(known),
          ...batch.map(({ text }) => text),
        ]);
        this.#toldNumber = Number(told);
        done = Number(doneBefore);
      });
      if (connection.isClosed) return;
      if (!isWritten) continue;
      const last = batch.at(-1)?.number ?? 0;
      // What lies between was given up before the store had it.
      this.#lost += Math.max(0, first - 1 - Math.max(this.#written, done));
      this.#written = last;
      this.#waiting.dropUpTo(last);
      if (!this.#isFollowed) this.#forgetOwn(last);
    }
    this.#sayWhatIsLost();
  }

  #nextBatch(): Array<{ number: number; text: string }> {
    let characters = 0;
    return this.#waiting.first(MOST_AT_ONCE.mostEntries).filter(({ length }, at) => {
      characters += length;
      return at === 0 || characters <= MOST_AT_ONCE.mostCharacters;
    });
  }

  /** False where it is to be tried again: for as long as there is a connection to hope for. */
  async #tryToWrite(write: () => Promise<unknown>): Promise<boolean> {
    const { connection } = this.#options;
    try {
      await write();
      this.#hasWarned = false;
      return true;
    } catch (cause) {
      if (!connection.isClosed) this.#warnUnlessAway(cause);
      await connection.ready();
      return false;
    }
  }

  async #writeAtLast(write: () => Promise<unknown>): Promise<void> {
    while (!this.#options.connection.isClosed && !(await this.#tryToWrite(write)));
  }

  /** Once, until it can be written again. That the store is away has been said. */
  #warnUnlessAway(cause: unknown): void {
    if (this.#hasWarned || (cause instanceof Problem && cause.code === 'store_unavailable')) return;
    this.#hasWarned = true;
    warnOfFailure(`the journal ${this.#options.name} cannot be written`, cause);
  }

  #warnOfGivingUp(): void {
    if (this.#isGivingUp) return;
    this.#isGivingUp = true;
    warn(
      'ENTRIES_LOST',
      `More entries of the journal ${this.#options.name} wait for the store than are kept; the oldest are given up.`,
    );
  }

  /** Once the store has all that is left. */
  #sayWhatIsLost(): void {
    if (this.#lost > 0)
      warn('ENTRIES_LOST', `${this.#lost} entries of the journal ${this.#options.name} were given up.`);
    this.#lost = 0;
    this.#isGivingUp = false;
  }

  /** After what has been appended before, and before what comes then. */
  #inTurn(write: () => Promise<unknown>): void {
    const before = this.#sending ?? Promise.resolve();
    this.#takeTurn(before.then(() => this.#writeAtLast(write)));
  }

  async #state(): Promise<[last: number, newest: number]> {
    const [last, newest] = await this.#run<[string, string]>(STATE_OF_JOURNAL, []);
    return [Number(last), Number(newest)];
  }

  #run<R>(script: Parameters<RedisConnection['runScript']>[0], words: readonly string[]): Promise<R> {
    const { connection, prefix, name } = this.#options;
    return connection.runScript<R>(script, prefix, [name, ...words]);
  }
}

function numberOf(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

function textOf(fields: readonly string[]): string {
  return fields[5] ?? 'null';
}
