// The clock of the tenant, for tests and the command line. Part of the control API.
import { type ClockReading, CONTROL_API, clockMoveSchema } from '../contract/index.ts';
import type { Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { readJson } from './request-body.ts';

const PATH = `${CONTROL_API}/clock`;

export function clockRoutes(tenant: Tenant): Route[] {
  return [
    {
      method: 'GET',
      path: PATH,
      purpose: 'read the clock of the tenant',
      answer: (ctx) => {
        ctx.body = readClock(tenant);
      },
    },
    {
      method: 'POST',
      path: PATH,
      purpose: 'put the clock of the tenant forward',
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
