// What APIs report of the calls that they had, into the story of the request whose token was used.
import { apiCallAnswerSchema, apiCallSchema, CONTROL_API } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

export function apiCallRoutes({ tenant }: { tenant: Tenant }): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/api-calls`,
      purpose: 'tell how an API judged a call',
      shapes: {
        body: apiCallSchema,
        answer: apiCallAnswerSchema,
        status: 201,
        note: 'For the gates of `assent/resource-server` (`report`). Becomes the event `api.called`, in the story of the request that the token came of; of an unknown token it belongs to no request.',
      },
      answer: async (ctx) => {
        const { token_id: tokenId, path, ...call } = await readJson(ctx, apiCallSchema);
        const origin = tokenId === undefined ? undefined : await tenant.issuedTokens.originOf(tokenId);
        const event = await tenant.log.appendNumbered({
          type: 'api.called',
          ...origin,
          ...call,
          // A query may carry what nobody should read.
          path: path.split(/[?#]/, 1)[0] || '/',
        });
        if (!event) throw notWrittenYet();
        ctx.body = { number: event.number, ...(origin === undefined ? {} : { name: origin.name }) };
        ctx.status = 201;
      },
    },
  ];
}

function notWrittenYet(): Problem {
  return new Problem('store_unavailable', 'What this server keeps cannot be written right now.', {
    status: 503,
    hint: 'Look at the trace before you tell it again: it may be written as soon as it can be.',
  });
}
