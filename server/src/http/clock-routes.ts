// The clock of the tenant, for tests and the command line. Part of the control API.
import { type ClockReading, CONTROL_API, clockMoveSchema, clockReadingSchema } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

const PATH = `${CONTROL_API}/clock`;

export function clockRoutes(tenant: Tenant): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: PATH,
      purpose: 'read the clock of the tenant',
      shapes: { answer: clockReadingSchema },
      answer: (ctx) => {
        ctx.body = readClock(tenant);
      },
    },
    {
      method: 'POST',
      path: PATH,
      purpose: 'put the clock of the tenant forward',
      shapes: {
        body: clockMoveSchema,
        answer: clockReadingSchema,
        note: 'One of the two members. Answers once everything that falls due until then has happened, in the order of time. 400 for an instant that is over.',
      },
      answer: async (ctx) => {
        const { advance_ms: byMs = 0, to } = await readJson(ctx, clockMoveSchema);
        if (to === undefined) await tenant.time.advance(byMs);
        else await tenant.time.moveTo(Date.parse(to));
        // The header was written before the move.
        ctx.set('Date', new Date(tenant.clock.now()).toUTCString());
        ctx.body = readClock(tenant);
      },
    },
  ];
}

export function readClock({ time }: Tenant): ClockReading {
  return { now: time.now, offset_ms: time.offsetMs };
}
