// The same flow again and again, each time it meets the end of its server at the next of its writes: right before it, so that
// nothing of it is kept, or right after, so that nobody is told. Whatever is cut off, its client and its people try again; they
// find what they were promised, and nothing twice.
import type { FlowPlan } from './crash-flow.ts';
import { CrashScene, type SceneOptions } from './crash-scene.ts';
import { openTrappedStore, type StoreName } from './crash-stores.ts';
import { rest } from './persistence.ts';
import { Random } from './random.ts';
import type { ServerFleet } from './server-fleet.ts';

export interface EveryStepOptions extends Pick<SceneOptions, 'instances' | 'seed'> {
  store: StoreName;
  delivery: NonNullable<FlowPlan['delivery']>;
  when: 'before' | 'after';
  /** Every one of them, or every second, third … one; the seed says with which it begins, if there are so many. */
  stride?: number;
}

/** Far more than any flow writes. */
const MOST_STEPS = 200;

/** Resolves with what was not kept, and with how many steps were tried. */
export async function killAtEveryStep(
  options: EveryStepOptions,
): Promise<{ kills: number; violations: readonly string[] }> {
  const { delivery, when, seed, instances, stride = 1 } = options;
  await using store = await openTrappedStore(options.store, instances);
  await using scene = await CrashScene.open({ ...store, instances, seed });
  const { ledger, fleet } = scene;
  const trap = store.trapFor(fleet);
  let kills = 0;
  let step = 1 + (seed % stride);
  while (step <= MOST_STEPS) {
    const mark = `STEP-${step}-OF-${seed}`;
    await trap.arm({ step, when, mark });
    const watch = new DeathWatch(fleet);
    // An approved one writes most often. Asked again where nobody was told that it had been taken.
    const plan = { delivery, bindingMessage: mark, outcome: 'approved' } as const;
    while (!(await scene.flow(new Random(seed)).run(plan))) await rest();
    await trap.disarm();
    const isKilled = await watch.end();
    if (!isKilled) {
      if (kills > 0 || step === 1) return { kills, violations: ledger.violations };
      step = 1;
      continue;
    }
    kills += 1;
    await scene.look();
    if (ledger.violations.length > 0) {
      ledger.object(`killed ${when} write ${step} of a flow by ${delivery}, seed ${seed}`);
      return { kills, violations: ledger.violations };
    }
    step += stride;
  }
  throw new Error(`a flow wrote more than ${MOST_STEPS} times`);
}

/** Starts again whoever is ended meanwhile. */
export class DeathWatch {
  readonly #starting: Array<Promise<boolean>> = [];
  #isOver = false;

  constructor(fleet: ServerFleet) {
    for (let index = 0; index < fleet.size; index += 1) {
      const pid = fleet.pidOf(index);
      void fleet.ended(index).then(() => {
        if (!this.#isOver && fleet.pidOf(index) === pid) this.#starting.push(fleet.launch(index).ready);
      });
    }
  }

  /** Resolves once all are there again, with whether somebody was ended. */
  async end(): Promise<boolean> {
    this.#isOver = true;
    const started = await Promise.all(this.#starting);
    if (started.includes(false)) throw new Error('a server could not be started again on what it had left');
    return started.length > 0;
  }
}
