// Steps through a flow by the control API: break points, what is held, letting it go.
import {
  CONTROL_API,
  type HeldExchange,
  heldExchangeSchema,
  type StepContinueInput,
  type StepPlanInput,
  type Steps,
  stepsSchema,
} from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

export interface StepsClient {
  /** Break points, slow mode and what is held, oldest first. */
  read(): Promise<Steps>;
  /**
   * Chooses where exchanges are held from now on; what is left out is off.
   *
   * @example await control.steps.set({ break_points: ['decision_received'] })
   */
  set(plan: StepPlanInput): Promise<Steps>;
  /** Lets one exchange go on, the oldest unless one is named. Rejects where nothing is held. */
  next(hold?: string): Promise<HeldExchange>;
  /** Lets all of them go on; with `clear`, nothing is held from then on. */
  continue(options?: StepContinueInput): Promise<Steps>;
}

export function createStepsClient(transport: ControlTransport): StepsClient {
  const path = `${CONTROL_API}/steps`;
  return {
    read: () => transport.call({ path }, stepsSchema),
    set: (plan) => transport.call({ method: 'PUT', path, body: plan }, stepsSchema),
    next: (hold) =>
      transport.call(
        { method: 'POST', path: `${path}/next`, body: hold === undefined ? {} : { hold } },
        heldExchangeSchema,
      ),
    continue: (options = {}) =>
      transport.call({ method: 'POST', path: `${path}/continue`, body: options }, stepsSchema),
  };
}
