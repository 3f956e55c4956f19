// Step mode over HTTP: what is held, where to hold, and letting it go.
import {
  CONTROL_API,
  type HeldExchange,
  heldExchangeSchema,
  type StepPlan,
  type Steps,
  stepContinueSchema,
  stepNextSchema,
  stepPlanSchema,
  stepsSchema,
} from '../contract/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

/** Step mode of the tenant. */
export interface SteppingPort {
  readonly plan: StepPlan;
  readonly heldCount: number;
  list(): Steps | Promise<Steps>;
  change(plan: StepPlan): Steps | Promise<Steps>;
  next(id?: string): HeldExchange | Promise<HeldExchange>;
  continue(options: { clear: boolean }): Steps | Promise<Steps>;
}

const PATH = `${CONTROL_API}/steps`;

export function stepRoutes(stepping: SteppingPort): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: PATH,
      purpose: 'see where exchanges are held, and which are',
      shapes: { answer: stepsSchema },
      answer: async (ctx) => {
        ctx.body = await stepping.list();
      },
    },
    {
      method: 'PUT',
      path: PATH,
      purpose: 'choose where exchanges are held',
      shapes: {
        body: stepPlanSchema,
        answer: stepsSchema,
        note: 'All of it: what is left out is off. What is held where no break point is any more goes on. A reset turns it off, and so does a start.',
      },
      answer: async (ctx) => {
        ctx.body = await stepping.change(await readJson(ctx, stepPlanSchema));
      },
    },
    {
      method: 'POST',
      path: `${PATH}/next`,
      purpose: 'let one exchange go on',
      shapes: {
        body: stepNextSchema,
        answer: heldExchangeSchema,
        errors: { 404: 'Nothing is held, or not that.' },
        note: 'The oldest, or the one that is named. Answers what it was.',
      },
      answer: async (ctx) => {
        const { hold } = await readJson(ctx, stepNextSchema);
        ctx.body = await stepping.next(hold);
      },
    },
    {
      method: 'POST',
      path: `${PATH}/continue`,
      purpose: 'let all of them go on',
      shapes: {
        body: stepContinueSchema,
        answer: stepsSchema,
        note: 'Break points stay, unless `clear` is true: the next exchange at one of them is held again.',
      },
      answer: async (ctx) => {
        ctx.body = await stepping.continue(await readJson(ctx, stepContinueSchema));
      },
    },
  ];
}
