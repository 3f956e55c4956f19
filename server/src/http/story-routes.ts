// What has happened so far, at once: for a test that failed and for whoever joins late. `GET /control/events` goes on telling.
import { CONTROL_API, type Story, storyQuerySchema, storySchema } from '../contract/index.ts';
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
      answer: (ctx) => {
        const { after, limit } = readQuery(ctx, storyQuerySchema);
        const story: Story = {
          events: tenant.log.after(after).slice(0, limit),
          last_number: tenant.log.lastNumber,
        };
        ctx.body = story;
      },
    },
  ];
}
