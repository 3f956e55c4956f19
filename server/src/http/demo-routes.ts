// Has somebody asked something harmless, for the pages of a developer. The approver app asks for itself, under /approver.
import {
  APPROVER_API,
  CONTROL_API,
  demoRequestAnswerSchema,
  demoRequestSchema,
  type NotificationChannel,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

export interface DemoRoutesParts {
  tenant: Tenant;
  /** Gives the short name of the request. */
  askDemo(userId: string, channel?: NotificationChannel): Promise<string>;
}

export function demoRoutes({ tenant, askDemo }: DemoRoutesParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/demo-request`,
      purpose: 'have a person asked something harmless',
      shapes: {
        body: demoRequestSchema,
        answer: demoRequestAnswerSchema,
        status: 202,
        errors: {
          404: 'Nobody here has this user_id.',
          409: 'No client of the tenant could ask, or the request was refused.',
        },
        note: 'Asked by the first client of the tenant that may ask.',
      },
      answer: async (ctx) => {
        const { user_id: userId, channel } = await readJson(ctx, demoRequestSchema);
        if (!tenant.directory.user(userId)) {
          throw new Problem('not_found', `Nobody here has the user_id "${userId.slice(0, 100)}".`, {
            status: 404,
            hint: `GET ${APPROVER_API}/people lists everybody.`,
          });
        }
        ctx.body = { name: await askDemo(userId, channel) };
        ctx.status = 202;
      },
    },
  ];
}
