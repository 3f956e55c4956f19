// The story of the tenant as it goes on: what has happened so far, then every event, over one connection that resumes. Says whether
// anything is heard, and when the story is another one (reset, snapshot, restart), so that whoever keeps something reads it again.
import { CONTROL_API, type Health, healthSchema, type TraceEvent, traceEventSchema } from 'assent/contract';
import { z } from 'zod';
import { type EventStream, openEventStream } from '../api/event-stream.ts';
import { createServerClock, type ServerClock } from '../api/server-clock.ts';
import type { Api } from './api.ts';
import { ApiFailure } from './api-failure.ts';

export type LivePhase = 'connecting' | 'live' | 'reconnecting' | 'stopped' | 'token';

export interface LiveState {
  phase: LivePhase;
  /** Since when, by this computer's clock. */
  sinceMs: number;
  health: Health | undefined;
  /** The server is of another version than when this page was loaded. */
  isOutdated: boolean;
  /** In order. Not all of them: `loadEarlier` reads on. */
  events: readonly TraceEvent[];
  hasEarlier: boolean;
  /** Raised whenever what was read before is about another story. */
  story: number;
}

/** How much is read at first, and with each `loadEarlier`. */
const PAGE = 500;
/** So many connections in a row have failed: the server is not just restarting. */
const STOPPED_AFTER = 4;
/** The server itself remembers no more; a page that stays open for days keeps the newest. */
const MOST_KEPT = 20_000;
const BEGIN_AGAIN_MS = 1_000;

/** Events are read one by one: one of a later version must not hide the others. */
const storySchema = z.object({ events: z.array(z.unknown()), last_number: z.int() });

export class LiveTrace {
  readonly clock: ServerClock = createServerClock();
  readonly #api: Api;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(events: readonly TraceEvent[]) => void>();
  #state: LiveState = {
    phase: 'connecting',
    sinceMs: Date.now(),
    health: undefined,
    isOutdated: false,
    events: [],
    hasEarlier: false,
    story: 0,
  };
  #stream: EventStream | undefined;
  #failures = 0;
  #lastNumber = 0;
  #arrived: TraceEvent[] = [];
  #isFlushPlanned = false;
  /** Which reading from scratch counts; undefined while none goes on. */
  #beginning: symbol | undefined;
  /** What is known is about another story, and the one that goes on has not been read yet. */
  #isStale = true;
  #stopWatchingToken = (): void => {};

  constructor(api: Api) {
    this.#api = api;
  }

  readonly state = (): LiveState => this.#state;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Calls `listener` with new events, several at once when they come fast. Not with those that were there before. */
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#stopWatchingToken = this.#api.watch(() => {
      if (this.#api.tokenWanted()) this.#enter('token');
      else if (this.#state.phase === 'token') this.#stream?.retryNow();
    });
    this.#stream = openEventStream({
      connect: (_lastId, signal) => this.#connect(signal),
      onConnected: () => {
        this.#failures = 0;
        this.#enter('live');
      },
      onEvent: ({ text }) => this.#receive(text),
      onFailed: (reason) => {
        this.#failures += 1;
        if (reason instanceof ApiFailure && reason.kind === 'token_wanted') this.#enter('token');
        else if (this.#state.phase !== 'stopped')
          this.#enter(this.#failures < STOPPED_AFTER ? 'reconnecting' : 'stopped');
        return 'retry';
      },
    });
  }

  close(): void {
    this.#stopWatchingToken();
    this.#stream?.close();
  }

  retryNow(): void {
    this.#stream?.retryNow();
  }

  /** Reads what came before the oldest event that is known here, as far as the server still has it. */
  async loadEarlier(): Promise<void> {
    const { story, events } = this.#state;
    const [oldest] = events;
    if (oldest === undefined) return;
    const earlier = await this.#read(`before=${oldest.number}&limit=${PAGE}`);
    if (this.#state.story !== story) return;
    this.#set({ events: [...earlier, ...this.#state.events], hasEarlier: earlier.length === PAGE });
  }

  /** Reads who answers first: a token that is not good is not tried again by itself until there is another one. */
  async #connect(signal: AbortSignal): Promise<Response> {
    if (this.#api.tokenWanted()) throw new ApiFailure('token_wanted', '');
    const health = await this.#api.call({ path: `${CONTROL_API}/health` }, healthSchema, { signal });
    this.clock.learn(health.clock.now);
    const { health: former } = this.#state;
    if (this.#isStale || former?.started_at !== health.started_at) await this.#begin(signal);
    this.#set({
      health,
      isOutdated: this.#state.isOutdated || (former !== undefined && former.version !== health.version),
    });
    return this.#api.open(
      { path: `${CONTROL_API}/events` },
      { signal, headers: { accept: 'text/event-stream', 'last-event-id': String(this.#lastNumber) } },
    );
  }

  /** From scratch: what is known of the story so far. What arrives meanwhile comes after it. */
  async #begin(signal?: AbortSignal): Promise<void> {
    const mine = Symbol('beginning');
    this.#beginning = mine;
    this.#isStale = true;
    this.#arrived = [];
    const options = signal === undefined ? {} : { signal };
    const { last_number: last } = await this.#api.call(
      { path: `${CONTROL_API}/trace?limit=0` },
      storySchema,
      options,
    );
    // Counted, not reckoned from numbers: a server that was killed leaves a gap in them.
    const events = await this.#read(`before=${last + 1}&limit=${PAGE}`, signal);
    // Another beginning has taken over.
    if (this.#beginning !== mine) return;
    const newest = Math.max(last, events.at(-1)?.number ?? 0);
    this.#arrived = this.#arrived.filter(({ number }) => number > newest);
    this.#lastNumber = this.#arrived.at(-1)?.number ?? newest;
    this.#beginning = undefined;
    this.#isStale = false;
    this.#set({ events, hasEarlier: events.length === PAGE, story: this.#state.story + 1 });
    this.#flush();
  }

  /** While the connection stays; if it breaks, the next one begins from scratch. */
  async #beginAgain(): Promise<void> {
    try {
      await this.#begin();
    } catch {
      const failed = this.#beginning;
      setTimeout(() => {
        if (this.#isStale && this.#beginning === failed && this.#state.phase === 'live')
          void this.#beginAgain();
      }, BEGIN_AGAIN_MS);
    }
  }

  async #read(query: string, signal?: AbortSignal): Promise<TraceEvent[]> {
    const { events } = await this.#api.call(
      { path: `${CONTROL_API}/trace?${query}` },
      storySchema,
      signal === undefined ? {} : { signal },
    );
    return events.flatMap((event) => readEvent(event) ?? []);
  }

  #receive(text: string): void {
    const event = readEvent(JSON.parse(text));
    if (event === undefined || event.number <= this.#lastNumber) return;
    this.#lastNumber = event.number;
    if (event.type === 'tenant.reset' || event.type === 'tenant.restored') {
      void this.#beginAgain();
      void this.#refreshHealth();
      return;
    }
    if (event.type === 'clock.moved') this.clock.learn(event.to);
    this.#arrived.push(event);
    if (this.#isFlushPlanned) return;
    // Many events of one moment are one change of the page.
    this.#isFlushPlanned = true;
    setTimeout(() => this.#flush(), pauseFor(this.#state.events.length));
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    if (this.#beginning !== undefined) return;
    const arrived = this.#arrived;
    this.#arrived = [];
    if (arrived.length === 0) return;
    const events = [...this.#state.events, ...arrived];
    this.#set({ events: events.length > MOST_KEPT + PAGE ? events.slice(-MOST_KEPT) : events });
    for (const listener of [...this.#listeners]) listener(arrived);
  }

  async #refreshHealth(): Promise<void> {
    const health = await this.#api
      .call({ path: `${CONTROL_API}/health` }, healthSchema)
      .catch(() => undefined);
    if (health === undefined) return;
    this.clock.learn(health.clock.now);
    this.#set({ health });
  }

  #enter(phase: LivePhase): void {
    if (phase !== this.#state.phase) this.#set({ phase, sinceMs: Date.now() });
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function readEvent(value: unknown): TraceEvent | undefined {
  return traceEventSchema.safeParse(value).data;
}

/** A long story takes longer to be read anew, so it is read less often: ten thousand events leave time for other things. */
function pauseFor(events: number): number {
  return Math.min(Math.max(16, events / 20), 500);
}
