// What has happened so far, at once: for a test that failed and for whoever joins late. `GET /control/events` goes on telling.
import {
  CONTROL_API,
  originalExchangeSchema,
  type Story,
  storyQuerySchema,
  storySchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readQuery } from './request-body.ts';

export function storyRoutes({ tenant }: { tenant: Tenant }): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/trace`,
      purpose: 'read what has happened so far',
      shapes: {
        query: storyQuerySchema,
        answer: storySchema,
        note: 'Oldest first, as far as it is still kept.',
      },
      answer: async (ctx) => {
        const { after, before, limit } = readQuery(ctx, storyQuerySchema);
        await tenant.log.caughtUp();
        const story: Story = {
          events:
            before === undefined
              ? tenant.log.after(after, limit)
              : tenant.log.before(before, limit).filter(({ number }) => number > after),
          last_number: tenant.log.lastNumber,
        };
        ctx.body = story;
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/trace/:number/original`,
      purpose: 'read the request of an event as it came in',
      shapes: {
        answer: originalExchangeSchema,
        errors: { 404: 'The event has no request, or it is kept no more.' },
        note: 'Holds secrets: what the caller sent, with credentials and tokens. The latest are kept, in memory alone; a reset forgets them. The trace, its files and snapshots never hold them.',
      },
      answer: (ctx) => {
        const text = pathParameter(ctx, 'number');
        const request = /^\d{1,15}$/.test(text) ? tenant.exchanges.original(Number(text)) : undefined;
        if (!request) {
          throw new Problem(
            'not_found',
            `No request is kept for event ${JSON.stringify(text.slice(0, 40))}.`,
            {
              status: 404,
              hint: `Name the number of an event with an exchange: GET ${CONTROL_API}/trace. Requests are kept in memory, the latest ones, until a restart or a reset.`,
            },
          );
        }
        ctx.body = { number: Number(text), request };
      },
    },
  ];
}
