// The requests of the tenant, kept as they are now: the newest read once, and again one by one as their story goes on; older ones
// when somebody wants them.
import {
  type ApprovalView,
  approvalViewSchema,
  CONTROL_API,
  requestsSchema,
  type TraceEvent,
} from 'assent/contract';
import type { Api } from '../../desk/api.ts';
import { ApiFailure } from '../../desk/api-failure.ts';
import type { LiveTrace } from '../../desk/live-trace.ts';

/** What the server lists at most. */
const MOST = 1000;
/** More than this at once are read as a list. */
const MOST_SINGLE = 4;
/** Events that change what a request looks like. */
export const CHANGING: ReadonlyArray<TraceEvent['type']> = [
  'request.received',
  'decision.made',
  'request.expired',
  'request.settled',
  'token.issued',
];

export interface RequestsState {
  /** Newest first. Undefined until they were read. */
  all: readonly ApprovalView[] | undefined;
  /** Whether there may be more that are older. */
  hasOlder: boolean;
  /** Why they could not be read. */
  failure: unknown;
}

export class RequestList {
  readonly #api: Api;
  readonly #trace: LiveTrace;
  readonly #watchers = new Set<() => void>();
  #state: RequestsState = { all: undefined, hasOlder: false, failure: undefined };
  #stale = new Set<string>();
  #wantsOlder = false;
  #story = 0;
  #isReading = false;

  constructor(api: Api, trace: LiveTrace) {
    this.#api = api;
    this.#trace = trace;
  }

  readonly state = (): RequestsState => this.#state;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  start(): void {
    this.#trace.watch(() => {
      const { story, phase } = this.#trace.state();
      if (story !== this.#story) this.#stale.add('*');
      this.#story = story;
      // What could not be read when the connection broke is read once the server is heard again.
      if (phase === 'live' && this.#stale.size > 0) void this.#readStale();
    });
    this.#trace.onEvents((events) => {
      for (const event of events)
        if (CHANGING.includes(event.type) && 'approval' in event && event.approval !== undefined)
          this.#stale.add(event.approval);
      void this.#readStale();
    });
  }

  /** One after the other, so that an older answer never takes the place of a newer one. */
  async #readStale(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#stale.size > 0 || this.#wantsOlder) {
        const stale = this.#stale;
        this.#stale = new Set();
        if (stale.has('*') || stale.size > MOST_SINGLE || this.#state.all === undefined)
          await this.#readAll();
        else for (const id of stale) await this.#readOne(id);
        if (!this.#wantsOlder) continue;
        this.#wantsOlder = false;
        await this.#readOlder();
      }
    } catch (failure) {
      this.#stale.add('*');
      this.#set({ ...this.#state, failure });
    } finally {
      this.#isReading = false;
    }
  }

  async #readAll(): Promise<void> {
    const path = `${CONTROL_API}/requests?limit=${MOST}`;
    const { requests } = await this.#api.call({ path }, requestsSchema);
    this.#set({ all: requests, hasOlder: requests.length === MOST, failure: undefined });
  }

  /** Those before the oldest one that is known, in their turn. */
  readOlder(): void {
    this.#wantsOlder = true;
    void this.#readStale();
  }

  async #readOlder(): Promise<void> {
    const known = this.#state.all ?? [];
    const oldest = known.at(-1);
    if (oldest === undefined) return;
    const path = `${CONTROL_API}/requests?limit=${MOST}&before=${encodeURIComponent(oldest.id)}`;
    try {
      const { requests } = await this.#api.call({ path }, requestsSchema);
      this.#set({ all: [...known, ...requests], hasOlder: requests.length === MOST, failure: undefined });
    } catch (failure) {
      // Forgotten meanwhile, and so are those before it.
      const isGone = failure instanceof ApiFailure && failure.status === 404;
      this.#set({ ...this.#state, ...(isGone ? { hasOlder: false } : { failure }) });
    }
  }

  async #readOne(id: string): Promise<void> {
    const path = `${CONTROL_API}/requests/${encodeURIComponent(id)}`;
    try {
      const read = await this.#api.call({ path }, approvalViewSchema);
      const others = (this.#state.all ?? []).filter((one) => one.id !== id);
      const place = others.findIndex((one) => numberOf(one) < numberOf(read));
      // Those between it and the oldest one that is known are not known either: it comes with them.
      if (place < 0 && this.#state.hasOlder && others.length === this.#state.all?.length) return;
      this.#set({
        ...this.#state,
        all: others.toSpliced(place < 0 ? others.length : place, 0, read),
        failure: undefined,
      });
    } catch (failure) {
      // It may have been forgotten meanwhile; then the list says so.
      if (failure instanceof ApiFailure && failure.status === 404) await this.#readAll();
      else throw failure;
    }
  }

  #set(state: RequestsState): void {
    this.#state = state;
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Short names count: `r7`. */
function numberOf({ name }: Pick<ApprovalView, 'name'>): number {
  return Number(name.slice(1));
}
