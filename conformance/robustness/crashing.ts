// Clients at work on servers that are killed without warning, over and over, and what must be true all the while: what was
// acknowledged is there, as it was acknowledged, and happened once. `crashes.test.ts` runs some rounds, `crashes.ts` as many as
// one likes.
import { CrashScene, type SceneOptions } from './crash-scene.ts';
import { rest } from './persistence.ts';

export interface CrashingOptions extends SceneOptions {
  rounds: number;
  /** Ends earlier, once so many have come to their end. */
  flows?: number | undefined;
  /** A server is killed after so many answers at most, or in its first moments. */
  answers?: number | undefined;
  report?: (done: CrashProgress) => void;
}

export interface CrashProgress {
  rounds: number;
  flows: number;
  redeemed: number;
  /** Answers that arrived, and those that did not. */
  acknowledged: number;
  cutOff: number;
  /** Events of the trace that somebody has read. */
  events: number;
  /** What was promised and not kept. */
  violations: readonly string[];
}

const FLOWS_AT_ONCE = 6;
const MOST_ANSWERS = 60;
const SHARE_KILLED_AT_START = 0.15;
/** Around the time that a start takes. */
const START_MS = 900;
/** After an answer that counts, what is under way is met at one instant or another. */
const MOST_DELAY_MS = 8;
/** Nobody answers where everybody waits for a callback. */
const LONGEST_ROUND_MS = 3_000;

/** Resolves with what was found; the list of violations is empty where everything held. */
export async function crash(options: CrashingOptions): Promise<CrashProgress> {
  const { rounds, flows: enough = Number.POSITIVE_INFINITY, seed, report = () => undefined } = options;
  await using scene = await CrashScene.open(options);
  const { ledger } = scene;
  const workers = new Workers(scene);
  const sum = (round: number): CrashProgress => {
    const { flows, redeemed, acknowledged, cutOff, eventsSeen: events, violations } = ledger;
    return { rounds: round, flows, redeemed, acknowledged, cutOff, events, violations };
  };
  let round = 0;
  while (round < rounds && ledger.flows < enough && ledger.violations.length === 0) {
    round += 1;
    await killSomebody(scene, options.answers ?? MOST_ANSWERS);
    // What is under way goes on meanwhile; nothing new is begun, or reading would never come to an end.
    await workers.pauseFor(() => scene.look());
    report(sum(round));
  }
  // Nobody is killed any more: what was begun comes to its end.
  if (ledger.violations.length === 0) {
    await workers.end();
    await scene.look();
  }
  if (ledger.violations.length > 0) ledger.object(`seed ${seed}, round ${round}`);
  return sum(round);
}

/** One process is killed after some answers, or while it starts, and started again. */
async function killSomebody(scene: CrashScene, mostAnswers: number): Promise<void> {
  const { random, fleet, ledger } = scene;
  const index = random.below(fleet.size);
  await answers(scene, 1 + random.below(mostAnswers));
  await pass(random.next() * MOST_DELAY_MS);
  await fleet.kill(index);
  let { ready } = fleet.launch(index);
  if (random.chance(SHARE_KILLED_AT_START)) {
    await pass(random.next() * START_MS);
    await fleet.kill(index);
    ({ ready } = fleet.launch(index));
  }
  if (!(await ready)) ledger.object('a server could not be started again on what it had left');
}

/** Resolves after so many more answers, or when everybody waits for somebody. */
function answers({ ledger }: CrashScene, count: number): Promise<void> {
  const until = ledger.acknowledged + count;
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      clearTimeout(limit);
      resolve();
    };
    const limit = setTimeout(done, LONGEST_ROUND_MS);
    const stop = ledger.watch(() => {
      if (ledger.acknowledged >= until || ledger.violations.length > 0) done();
    });
  });
}

function pass(ms: number): Promise<void> {
  return ms < 1 ? rest() : new Promise((resolve) => setTimeout(resolve, ms));
}

/** Everybody who does the same over and over. */
class Workers {
  readonly #scene: CrashScene;
  readonly #working: ReadonlyArray<Promise<void>>;
  #opening: Promise<void> = Promise.resolve();
  #isEnding = false;

  constructor(scene: CrashScene) {
    this.#scene = scene;
    const { household } = scene;
    const flow = scene.flow();
    this.#working = [
      ...Array.from({ length: FLOWS_AT_ONCE }, () => this.#repeat(() => flow.run())),
      this.#repeat(() => household.enrolAndLeave()),
      this.#repeat(() => household.rename()),
    ];
  }

  async pauseFor(reading: () => Promise<void>): Promise<void> {
    const done = reading();
    this.#opening = done.catch(() => undefined);
    await done;
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#working);
  }

  async #repeat(work: () => Promise<unknown>): Promise<void> {
    const { ledger, persistence } = this.#scene;
    try {
      while (!this.#isEnding && ledger.violations.length === 0) {
        await this.#opening;
        await work();
      }
    } catch (error) {
      if (!persistence.isOver) ledger.object(`a client failed: ${String(error)}`);
    }
  }
}
