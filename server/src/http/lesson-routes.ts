// Lessons for the pages of a class, and the bank's API that their last step calls: that one is no part of the control API, for it
// is what tokens are for.
import { z } from 'zod';
import {
  CONTROL_API,
  lessonSchema,
  lessonsSchema,
  lessonTrialSchema,
  lessonTrySchema,
} from '../contract/index.ts';
import type { JsonObject } from '../json-object.ts';
import { BANK_API_PATH, type BankApi, type Lessons } from '../lessons/index.ts';
import { ownUrl } from '../own-url.ts';
import { pathParameter, type Route } from '../routes.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

/** What a transfer is made of, the approval says. */
const transferSchema = z.record(z.string(), z.unknown());
const PATH = `${CONTROL_API}/lessons`;
const ERRORS = {
  404: 'There is no such lesson, or no such step.',
  409: 'The tenant has no application with a secret, or nobody who could be asked.',
};

export function lessonRoutes(lessons: Lessons): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: PATH,
      purpose: 'list lessons and how far they are',
      shapes: { answer: lessonsSchema, errors: { 409: ERRORS[409] } },
      answer: async (ctx) => {
        ctx.body = await lessons.list();
      },
    },
    {
      method: 'GET',
      path: `${PATH}/:lesson`,
      purpose: 'read the steps of a lesson',
      shapes: {
        answer: lessonSchema,
        errors: ERRORS,
        note: 'What is done is read from the tenant as it is now.',
      },
      answer: async (ctx) => {
        ctx.body = await lessons.read(pathParameter(ctx, 'lesson'));
      },
    },
    {
      method: 'POST',
      path: `${PATH}/:lesson/try`,
      purpose: 'try a step of a lesson as the agent',
      shapes: {
        body: lessonTrySchema,
        answer: lessonTrialSchema,
        errors: ERRORS,
        note: 'Makes real requests with the credentials of the application. A step that fails is answered with 200 and `passed: false`.',
      },
      answer: async (ctx) => {
        const sent = await readJson(ctx, lessonTrySchema);
        ctx.body = await lessons.try(pathParameter(ctx, 'lesson'), sent.step, {
          bindingMessage: sent.binding_message,
          authorizationDetails: sent.authorization_details,
        });
      },
    },
  ];
}

export function bankApiRoutes(bank: BankApi, tenant: { readonly issuer: string }): Route[] {
  return [
    {
      method: 'POST',
      path: BANK_API_PATH,
      purpose: 'move money with an approved token, in a lesson',
      answer: async (ctx) => {
        const transfer: JsonObject = await readJson(ctx, transferSchema);
        const { status, headers, body } = await bank.transfer(
          {
            // With its query: a token must not be in there.
            url: `${ownUrl(ctx, tenant)}${ctx.search}`,
            authorization: ctx.get('Authorization') || undefined,
            dpop: ctx.req.headersDistinct['dpop'] ?? [],
            interactionId: ctx.get('x-fapi-interaction-id') || undefined,
            socket: ctx.req.socket,
          },
          transfer,
        );
        ctx.status = status;
        ctx.set({ ...headers });
        ctx.body = body;
      },
    },
  ];
}
