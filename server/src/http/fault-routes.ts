// Faults over HTTP: list, inject, end.
import {
  type ActiveFault,
  CONTROL_API,
  type Fault,
  type FaultPlan,
  faultInputSchema,
  faultSchema,
  faultsSchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter } from '../routes.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

/** The faults of the tenant. */
export interface FaultsPort {
  active(): ActiveFault[];
  list(): Fault[];
  inject(plan: FaultPlan): Promise<Fault>;
  remove(id: string): Promise<Fault | undefined>;
  clear(): Promise<Fault[]>;
}

export function faultRoutes(faults: FaultsPort): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/faults`,
      purpose: 'list the faults that are active',
      shapes: { answer: faultsSchema, note: 'Oldest first.' },
      answer: (ctx) => {
        ctx.body = { faults: faults.list() };
      },
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/faults`,
      purpose: 'have something fail',
      shapes: {
        body: faultInputSchema,
        answer: faultSchema,
        status: 201,
        errors: { 404: 'There is no such request.' },
        note: 'Of several faults that are due at once the oldest takes effect; the others have counted a match. An answer that a fault touched names it in `Assent-Fault`.',
      },
      answer: async (ctx) => {
        ctx.body = await faults.inject(await readJson(ctx, faultInputSchema));
        ctx.status = 201;
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL_API}/faults`,
      purpose: 'end all faults',
      shapes: { answer: faultsSchema, note: 'Answers those that are over now.' },
      answer: async (ctx) => {
        ctx.body = { faults: await faults.clear() };
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL_API}/faults/:id`,
      purpose: 'end one fault',
      shapes: {
        answer: faultSchema,
        errors: { 404: 'It is not active.' },
        note: 'Answers what it was.',
      },
      answer: async (ctx) => {
        const id = pathParameter(ctx, 'id');
        const fault = await faults.remove(id);
        if (!fault) {
          throw new Problem('not_found', `No fault "${id.slice(0, 40)}" is active.`, {
            status: 404,
            hint: `GET ${CONTROL_API}/faults lists those that are. One that was used up is over by itself.`,
          });
        }
        ctx.body = fault;
      },
    },
  ];
}
