// The story of a tenant, in order. Append-only and bounded; numbers never repeat, so a reader can resume. What is kept is kept as
// JSON, which takes a fraction of the memory of its objects; who listens gets the event itself.
import type { Clock } from '../clock.ts';
import { type NewTraceEvent, type TraceEvent, traceEventsSchema } from '../contract/index.ts';

export interface EventLogOptions {
  clock: Clock;
  /** Number of the first event. Default 1; larger where an earlier process has used some. */
  firstNumber?: number;
  /** How many events are kept. The oldest go first. */
  mostEvents?: number;
  /** How much text they may hold together, in characters of their JSON. The oldest go first. */
  mostCharacters?: number;
}

interface Entry {
  number: number;
  approval: string | undefined;
  json: string;
}

export class EventLog {
  readonly #clock: Clock;
  readonly #mostEvents: number;
  readonly #mostCharacters: number;
  readonly #subscribers = new Set<(event: TraceEvent) => void>();
  /** Oldest first; what lies before `#first` has been given up and is undefined. */
  #entries: Array<Entry | undefined> = [];
  #first = 0;
  #characters = 0;
  readonly #firstNumber: number;
  #lastNumber: number;

  constructor(options: EventLogOptions) {
    this.#clock = options.clock;
    this.#firstNumber = options.firstNumber ?? 1;
    this.#lastNumber = this.#firstNumber - 1;
    this.#mostEvents = options.mostEvents ?? 20_000;
    this.#mostCharacters = options.mostCharacters ?? 32_000_000;
  }

  append(event: NewTraceEvent): TraceEvent {
    this.#lastNumber += 1;
    const numbered: TraceEvent = {
      ...event,
      number: this.#lastNumber,
      at: new Date(this.#clock.now()).toISOString(),
    };
    const entry = toEntry(numbered);
    this.#entries.push(entry);
    this.#characters += entry.json.length;
    this.#forgetOldest();
    for (const subscriber of [...this.#subscribers]) {
      try {
        subscriber(numbered);
      } catch (cause) {
        // The log only tells; a listener that fails must not undo what it is told of.
        process.emitWarning(`a reader of event ${numbered.number} failed: ${String(cause)}`);
      }
    }
    return numbered;
  }

  #forgetOldest(): void {
    while (
      this.#entries.length - this.#first > this.#mostEvents ||
      (this.#characters > this.#mostCharacters && this.#entries.length - this.#first > 1)
    ) {
      this.#characters -= this.#entries[this.#first]?.json.length ?? 0;
      this.#entries[this.#first] = undefined;
      this.#first += 1;
    }
    // Moving the rest down costs its length, so it is done only once as much has been given up as is kept.
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  #kept(): Entry[] {
    return this.#entries.filter((entry) => entry !== undefined);
  }

  /** Number of the newest event; before the first, the number before that. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** @param most how many at most, the oldest of them */
  after(number: number, most = Number.POSITIVE_INFINITY): TraceEvent[] {
    const later = this.#kept().filter((entry) => entry.number > number);
    return later.slice(0, most).map(toEvent);
  }

  /** Whether everything that came after `number` is still here. What came before this log began may have been otherwise. */
  isCompleteAfter(number: number): boolean {
    const oldest = this.#entries[this.#first]?.number ?? this.#lastNumber + 1;
    return number <= this.#lastNumber && number >= Math.max(oldest, this.#firstNumber) - 1;
  }

  /** The story of one request. */
  of(approvalId: string): TraceEvent[] {
    return this.#kept()
      .filter((entry) => entry.approval === approvalId)
      .map(toEvent);
  }

  subscribe(subscriber: (event: TraceEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** What is kept, for a snapshot. */
  write(): TraceEvent[] {
    return this.#kept().map(toEvent);
  }

  /** Goes on after the events of a snapshot, which nobody is told of again. */
  read(saved: unknown): void {
    const events = traceEventsSchema.parse(saved);
    this.#entries = events.map(toEntry);
    this.#first = 0;
    this.#characters = this.#entries.reduce((sum, entry) => sum + (entry?.json.length ?? 0), 0);
  }

  close(): void {
    this.#subscribers.clear();
  }
}

function toEntry(event: TraceEvent): Entry {
  return {
    number: event.number,
    approval: 'approval' in event ? event.approval : undefined,
    json: JSON.stringify(event),
  };
}

function toEvent({ json }: Entry): TraceEvent {
  return JSON.parse(json);
}
