// One flow after the other, each of which meets the end of its server at the next of its writes: right before it, so that nothing of
// it is kept, or right after, so that nobody is told. Whatever is cut off, its client and its people try again; they find what
// they were promised, and nothing twice.
import { fileURLToPath } from 'node:url';
import type { FlowPlan } from './crash-flow.ts';
import { CrashScene, type SceneOptions } from './crash-scene.ts';
import { rest } from './persistence.ts';

export interface EveryStepOptions extends Omit<SceneOptions, 'nodeOptions'> {
  delivery: NonNullable<FlowPlan['delivery']>;
  when: 'before' | 'after';
}

const HOOK = fileURLToPath(new URL('kill-at-write.mjs', import.meta.url));
/** Far more than any flow writes. */
const MOST_STEPS = 60;

/** Resolves with what was not kept, and with how many steps were tried: all that there are. */
export async function killAtEveryStep(
  options: EveryStepOptions,
): Promise<{ steps: number; violations: readonly string[] }> {
  const { delivery, when, seed } = options;
  await using scene = await CrashScene.open({ ...options, nodeOptions: `--import=${HOOK}` });
  const { ledger, fleet, flow, persistence } = scene;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const mark = `STEP-${step}-OF-${seed}`;
    await fleet.kill(0);
    await fleet.launch(0, { KILL_MARK: mark, KILL_AT: String(step), KILL_WHEN: when }).ready;
    const pid = fleet.pidOf(0);
    let isKilled = false;
    const watching = fleet.ended(0).then(async () => {
      if (persistence.isOver || fleet.pidOf(0) !== pid) return;
      isKilled = true;
      await fleet.launch(0).ready;
    });
    // Asked again where nobody was told that it had been taken.
    while (!(await flow.run({ delivery, bindingMessage: mark }))) await rest();
    if (!isKilled) return { steps: step - 1, violations: ledger.violations };
    await watching;
    await scene.look();
    if (ledger.violations.length > 0) {
      ledger.object(`killed ${when} write ${step} of a flow by ${delivery}, seed ${seed}`);
      return { steps: step, violations: ledger.violations };
    }
  }
  throw new Error(`a flow wrote more than ${MOST_STEPS} times`);
}
