// The story of a tenant, in order. Append-only and bounded; numbers never repeat, so a reader can resume.
import type { Clock } from '../clock.ts';
import type { NewTraceEvent, TraceEvent } from '../contract/index.ts';

export interface EventLogOptions {
  clock: Clock;
  /** How many events are kept. The oldest go first. */
  capacity?: number;
}

export class EventLog {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #subscribers = new Set<(event: TraceEvent) => void>();
  #events: TraceEvent[] = [];
  #lastNumber = 0;

  constructor(options: EventLogOptions) {
    this.#clock = options.clock;
    this.#capacity = options.capacity ?? 20_000;
  }

  append(event: NewTraceEvent): TraceEvent {
    this.#lastNumber += 1;
    const numbered: TraceEvent = {
      ...event,
      number: this.#lastNumber,
      at: new Date(this.#clock.now()).toISOString(),
    };
    this.#events.push(numbered);
    if (this.#events.length > this.#capacity * 1.1) this.#events = this.#events.slice(-this.#capacity);
    for (const subscriber of [...this.#subscribers]) subscriber(numbered);
    return numbered;
  }

  /** Number of the newest event, 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  after(number: number): TraceEvent[] {
    return this.#events.filter((event) => event.number > number);
  }

  /** The story of one request. */
  of(approvalId: string): TraceEvent[] {
    return this.#events.filter((event) => 'approval' in event && event.approval === approvalId);
  }

  subscribe(subscriber: (event: TraceEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  close(): void {
    this.#subscribers.clear();
  }
}
