// The story of a tenant, in order: what this process knows of it. Append-only and bounded; numbers never repeat, so a reader can
// resume. The journal below is what survives, and what other processes on the same store write too. What is kept is kept as
// JSON, which takes a fraction of the memory of its objects; who listens gets the event itself.
import { Batch } from '../batch.ts';
import type { Clock } from '../clock.ts';
import { type NewTraceEvent, type TraceEvent, traceEventsSchema } from '../contract/index.ts';
import type { Journal, JournalBounds, JournalEntry } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { ReadableEntries } from './readable-entries.ts';

/** What a journal has of an event: all but its number. */
export type TraceEntry = NewTraceEvent & { at: string };

/** How much of the story is kept. The oldest events go first. */
export const TRACE_BOUNDS: JournalBounds = { mostEntries: 20_000, mostCharacters: 32_000_000 };

/** @param isOwn whether it happened in this process */
export type TraceReader = (event: TraceEvent, isOwn: boolean) => void;

export interface EventLogOptions {
  clock: Clock;
  journal: Journal<TraceEntry>;
  /** Default: what the journal keeps. */
  bounds?: JournalBounds;
  /** Of the last event that readers have seen here: one that has forgotten it does not begin anew. */
  toldNumber?: number | undefined;
}

/** How many events may not be among those that are kept yet. Whoever listens is told at once, whoever reads finds them. */
const MOST_UNWRITTEN = 64;

interface Entry {
  number: number;
  /** Undefined where that is only in the text. */
  approval: string | undefined;
  text: string;
}

export class EventLog {
  readonly #clock: Clock;
  readonly #journal: Journal<TraceEntry>;
  readonly #bounds: JournalBounds;
  readonly #readable = new ReadableEntries<TraceEntry>('the trace', ['type', 'at']);
  readonly #subscribers = new Set<TraceReader>();
  /** Told when that entry has its number. */
  readonly #awaited = new Map<TraceEntry, (event: TraceEvent) => void>();
  /** Oldest first; what lies before `#first` has been given up and is undefined. */
  #entries: Array<Entry | undefined> = [];
  #first = 0;
  #characters = 0;
  readonly #unwritten = new Batch<{ source: JournalEntry<TraceEntry>; approval: string | undefined }>(
    MOST_UNWRITTEN,
    ({ source: { number, text }, approval }) => this.#keep({ number, approval, text }),
  );
  #lastNumber = 0;
  /** The first number from which on none is missing: a process that was killed, or another tenant in place of this one, leaves a gap. */
  #unbrokenFrom = 1;
  #stopFollowing = (): void => {};

  private constructor(options: EventLogOptions) {
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#bounds = options.bounds ?? TRACE_BOUNDS;
  }

  /** With everything that the journal has. */
  static async open(options: EventLogOptions): Promise<EventLog> {
    const log = new EventLog(options);
    const { journal, toldNumber = 0 } = options;
    log.#stopFollowing = await journal.follow(0, (entry) => log.#take(entry));
    // One is left out, so that whoever has seen that event is told of a gap.
    if (journal.lastNumber < toldNumber) journal.startAbove(toldNumber + 1);
    log.#skipTo(journal.lastNumber + 1);
    return log;
  }

  /** Those who read are told when it has its number: at once, unless other processes write the same story. */
  append(event: NewTraceEvent): void {
    this.#journal.append({ ...event, at: new Date(this.#clock.now()).toISOString() });
  }

  /** Resolves with the event once it has its number; undefined where the store is away, so that it gets one later, or none. */
  async appendNumbered(event: NewTraceEvent): Promise<TraceEvent | undefined> {
    const entry: TraceEntry = { ...event, at: new Date(this.#clock.now()).toISOString() };
    let numbered: TraceEvent | undefined;
    this.#awaited.set(entry, (told) => {
      numbered = told;
    });
    try {
      this.#journal.append(entry);
      await this.#journal.caughtUp();
      return numbered;
    } finally {
      this.#awaited.delete(entry);
    }
  }

  /** Resolves when everything that has happened until now, in whichever process, can be read here. */
  caughtUp(): Promise<void> {
    return this.#journal.caughtUp();
  }

  #take(entry: JournalEntry<TraceEntry>): void {
    const { number, isOwn } = entry;
    // What was written before this process is not parsed until somebody asks.
    const value = isOwn || this.#subscribers.size > 0 ? entry.value : undefined;
    this.#skipTo(number);
    this.#lastNumber = number;
    this.#unwritten.add({ source: entry, approval: value && approvalOf(value) });
    if (!value) return;
    const numbered: TraceEvent = { ...value, number };
    this.#awaited.get(value)?.(numbered);
    for (const subscriber of [...this.#subscribers]) {
      try {
        subscriber(numbered, isOwn);
      } catch (cause) {
        // The log only tells; a listener that fails must not undo what it is told of.
        warnOfFailure(`a reader of event ${number} failed`, cause);
      }
    }
  }

  #keep(entry: Entry): void {
    this.#entries.push(entry);
    this.#characters += entry.text.length;
    this.#forgetOldest();
  }

  /** @param number that comes next */
  #skipTo(number: number): void {
    if (number <= this.#lastNumber + 1) return;
    this.#lastNumber = number - 1;
    this.#unbrokenFrom = number;
  }

  #forgetOldest(): void {
    const { mostEntries, mostCharacters } = this.#bounds;
    while (
      this.#entries.length - this.#first > mostEntries ||
      (this.#characters > mostCharacters && this.#entries.length - this.#first > 1)
    ) {
      this.#characters -= this.#entries[this.#first]?.text.length ?? 0;
      this.#entries[this.#first] = undefined;
      this.#first += 1;
    }
    // Moving the rest down costs its length, so it is done only once as much has been given up as is kept.
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  #read(entries: readonly Entry[], most = Number.POSITIVE_INFINITY): TraceEvent[] {
    const events: TraceEvent[] = [];
    for (const entry of entries) {
      if (events.length >= most) break;
      const event = this.#readable.read(entry);
      if (event) events.push(event);
    }
    return events;
  }

  #kept(): Entry[] {
    this.#unwritten.finish();
    return this.#entries.filter((entry) => entry !== undefined);
  }

  /** Number of the newest event; before the first, the number before that. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** @param most how many at most, the oldest of them */
  after(number: number, most = Number.POSITIVE_INFINITY): TraceEvent[] {
    return this.#read(
      this.#kept().filter((entry) => entry.number > number),
      most,
    );
  }

  /** Numbers have gaps, so whoever reads backwards counts events. @param most how many at most, the newest of them */
  before(number: number, most: number): TraceEvent[] {
    const earlier = this.#kept().filter((entry) => entry.number < number);
    return this.#read(earlier.toReversed(), most).toReversed();
  }

  /** Whether everything that came after `number` is still here. What came before a gap may have been otherwise. */
  isCompleteAfter(number: number): boolean {
    this.#unwritten.finish();
    const oldest = this.#entries[this.#first]?.number ?? this.#lastNumber + 1;
    return number <= this.#lastNumber && number >= Math.max(oldest, this.#unbrokenFrom) - 1;
  }

  /** The story of one request. */
  of(approvalId: string): TraceEvent[] {
    const name = JSON.stringify(approvalId);
    const about = this.#kept().filter(({ approval, text }) =>
      approval === undefined ? text.includes(name) : approval === approvalId,
    );
    return this.#read(about).filter((event) => approvalOf(event) === approvalId);
  }

  subscribe(subscriber: TraceReader): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** What is kept, for a snapshot. */
  write(): TraceEvent[] {
    return this.#read(this.#kept());
  }

  /** Goes on after the events of a snapshot, which nobody is told of again. */
  read(saved: unknown): void {
    const last = this.#lastNumber;
    // A number that has not been given yet will be given to something else.
    const entries = traceEventsSchema
      .parse(saved)
      .filter(({ number }) => number <= last)
      .map(({ number, ...value }) => ({ number, value }));
    this.#journal.refill(entries);
    this.#unwritten.clear();
    this.#entries = [];
    this.#first = 0;
    this.#characters = 0;
    for (const { number, value } of entries) {
      this.#keep({ number, approval: approvalOf(value), text: JSON.stringify(value) });
    }
  }

  close(): void {
    this.#stopFollowing();
    this.#subscribers.clear();
  }
}

function approvalOf(event: NewTraceEvent): string | undefined {
  return 'approval' in event ? event.approval : undefined;
}
