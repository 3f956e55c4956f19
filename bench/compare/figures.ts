// What a run leaves, section by section: `results.json`, from which the page and the chart are made.
import type { Machine } from '../machine.ts';
import type { Quartiles } from './statistics.ts';
import type { Algorithm, PeerName } from './target.ts';

/** How a section was taken. */
export interface Taken extends Machine {
  rounds: number;
  /** Of what is compared, by name. */
  versions: Record<string, string>;
  /** True: Assent as packed and installed. False: as built in the workspace. */
  isPacked: boolean;
}

export interface StartFigures extends Taken {
  starts: StartOf[];
  /** What could not be started, or had no token. Absent where everything could. */
  failed?: Array<Pick<StartOf, 'peer' | 'title'> & { error: string }>;
}

export interface StartOf {
  peer: PeerName;
  /** How it was started. */
  title: string;
  /** From the start of the process to the first true discovery document. */
  readyMs: Quartiles;
  /** Of the processor, until then. */
  cpuMs: Quartiles;
  /** To the token of a first cycle, or of client credentials where it has no cycle. */
  tokenMs?: Quartiles;
  rssMiB: Quartiles;
  /** Each start over the one of the same round that it is compared with. */
  ratio?: Quartiles;
  cpuRatio?: Quartiles;
}

export interface RateFigures extends Taken {
  sliceMs: number;
  rates: RateOf[];
  /** Who has no figures there, and why. Absent where everybody has. */
  failed?: FailedOf[];
}

/** Somebody who could not be started, or whose answer was missing or not as expected; not asked that any more. */
export interface FailedOf {
  peer: PeerName;
  algorithm: Algorithm;
  connections: number;
  error: string;
}

export interface RateOf {
  peer: PeerName;
  algorithm: Algorithm;
  connections: number;
  perSecond: Quartiles;
  /** Of the server, all threads, for one operation. */
  cpuMs: Quartiles;
  /** Of the process that asks, for one operation. */
  loadCpuMs: Quartiles;
  p50Ms: Quartiles;
  p99Ms: Quartiles;
  /** At the end of the last slice. */
  rssMiB: number;
  /** Of rates and of CPU to the peer that it is compared with, pair by pair. */
  rateRatio?: Quartiles;
  cpuRatio?: Quartiles;
}

export interface PendingFigures extends Taken {
  pending: PendingOf[];
}

export interface PendingOf {
  peer: PeerName;
  count: number;
  p50Ms: Quartiles;
  p99Ms: Quartiles;
  cpuMs: Quartiles;
  /** p99 over that with the fewest requests, round by round. */
  p99Ratio?: Quartiles;
  cpuRatio?: Quartiles;
  rssMiB: number;
  /** What it took to open one of them. */
  openCpuMs: number;
}

export interface DriftFigures extends Taken {
  drift: DriftOf[];
}

export interface DriftOf {
  peer: PeerName;
  cycles: number;
  /** Cycles in each stretch below. */
  stretch: number;
  stretches: Array<{
    perSecond: number;
    cpuMs: number;
    rssMiB: number;
    /** What V8 has left the last time that it looked through all of the heap, if it did. */
    heapMiB?: number;
  }>;
}

export interface WatcherFigures extends Taken {
  watched: WatchedOf[];
}

export interface WatchedOf {
  watchers: number;
  perSecond: Quartiles;
  cpuMs: Quartiles;
  /** Events that arrived, over all streams. */
  eventsPerSecond: Quartiles;
  /** To the rounds without watchers. */
  cpuRatio?: Quartiles;
}

export interface NotificationFigures extends Taken {
  connections: number;
  /** In milliseconds, of all cycles of all rounds. */
  parts: Record<string, { p50: number; p95: number; samples: number }>;
  cpuMs: Quartiles;
}

export interface Figures {
  start?: StartFigures;
  clientCredentials?: RateFigures;
  cycles?: RateFigures;
  pending?: PendingFigures;
  drift?: DriftFigures;
  watchers?: WatcherFigures;
  notification?: NotificationFigures;
}
