// The rules by which people answer, while the server runs: read, added, forgotten. Part of the control API.
import type { RouterContext } from '@koa/router';
import {
  anyRuleSchema,
  CONTROL_API,
  type Rules,
  ruleSchema,
  rulesSchema,
  ruleViewSchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter } from '../routes.ts';
import { checkRule, type Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

export function ruleRoutes(tenant: Tenant): ControlRoute[] {
  const answerAll = async (ctx: RouterContext): Promise<void> => {
    ctx.body = {
      seed: String(tenant.config.seed),
      rules: await tenant.ruleBook.list(),
    } satisfies Rules;
  };
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/rules`,
      purpose: 'list the rules by which people answer',
      shapes: {
        answer: rulesSchema,
        note: 'In their order: the first one that matches a request takes it.',
      },
      answer: answerAll,
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/rules`,
      purpose: 'have people answer by one more rule',
      shapes: {
        body: ruleSchema,
        answer: ruleViewSchema,
        status: 201,
        note: 'Behind the others. Requests that wait already are none of its business. 400 names every mistake in the rule.',
      },
      answer: async (ctx) => {
        const rule = checkRule(await readJson(ctx, anyRuleSchema), tenant.config);
        ctx.body = await tenant.ruleBook.add(rule);
        ctx.status = 201;
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL_API}/rules/:id`,
      purpose: 'forget a rule',
      shapes: {
        answer: rulesSchema,
        errors: { 404: 'There is no such rule.' },
        note: 'And the answers that it still owes. Answers what is left.',
      },
      answer: async (ctx) => {
        const id = pathParameter(ctx, 'id');
        if (!(await tenant.ruleBook.remove(id))) {
          throw new Problem('not_found', `There is no rule "${id.slice(0, 64)}".`, {
            status: 404,
            hint: `GET ${CONTROL_API}/rules lists them with their ids.`,
          });
        }
        await answerAll(ctx);
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL_API}/rules`,
      purpose: 'forget all rules',
      shapes: { answer: rulesSchema, note: 'And the answers that they still owe.' },
      answer: async (ctx) => {
        await tenant.ruleBook.clear();
        await answerAll(ctx);
      },
    },
  ];
}
