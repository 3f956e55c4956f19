// Rules by which people answer without anybody deciding: under `rules` in the tenant file, and at /control/rules while
// the server runs. Both are one list, and the first rule that matches a request takes it.
import { z } from 'zod';
import { AMOUNT_BOUND } from './tenant-words.ts';

/** Others could not be compared digit by digit, and would count as no bound at all. */
const comparableSchema = z
  .number()
  .refine(
    (number) => number === 0 || (Math.abs(number) >= 1e-100 && Math.abs(number) <= 1e100),
    'expected a number that amounts may come to',
  );

export const amountBoundSchema = z.union([
  comparableSchema.nonnegative(),
  z.string().regex(AMOUNT_BOUND, 'expected an amount such as 50 or "50 EUR"'),
]);

const valueConditionSchema = z
  .strictObject({
    equals: z.unknown().optional().describe('Exactly this JSON value.'),
    one_of: z.array(z.unknown()).min(1).optional().describe('One of these JSON values.'),
    at_most: comparableSchema.optional().describe('A number, or its text, that is not larger.'),
    at_least: comparableSchema.optional().describe('A number, or its text, that is not smaller.'),
    exists: z.boolean().optional().describe('Whether there is a value at all.'),
  })
  .describe('Conditions on one value. All of them must hold.');
export type ValueCondition = z.output<typeof valueConditionSchema>;

export const ruleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][\w-]{0,63}$/, 'expected letters, digits, "-" and "_", at most 64 of them')
      .optional()
      .describe('What the trace calls it. Left out, one is derived from the rest of the rule.'),
    answer: z
      .enum(['approve', 'deny', 'expire', 'nothing'])
      .describe(
        'What the person does. `nothing` leaves the request to whoever else answers; `expire` ends it before its time.',
      ),
    reason: z.string().min(1).max(255).optional().describe('Of a denial.'),
    user_id: z.string().min(1).optional().describe('Only requests to this person.'),
    client_id: z.string().min(1).optional().describe('Only requests of this client.'),
    audience: z.string().min(1).optional().describe('Only requests for this API.'),
    scope: z.string().min(1).optional().describe('Only requests with all of these scopes, between spaces.'),
    binding_message: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Only requests with this code. `*` stands for any text, also for none.'),
    type: z
      .string()
      .min(1)
      .optional()
      .describe('Only requests whose authorization details are all of this type.'),
    up_to: amountBoundSchema
      .optional()
      .describe(
        'Only requests whose amounts come to no more than this, such as `50 EUR`. All their details must have an amount, in one currency, and in this one if it is named. Where the amount stands, the display settings of the type say; without them it is `/amount` and `/currency`, or those under `/instructedAmount`.',
      ),
    at_least: amountBoundSchema
      .optional()
      .describe('The same for requests whose amounts come to no less than this.'),
    where: z
      .record(z.string(), valueConditionSchema)
      .optional()
      .describe(
        'Conditions on values of the authorization details, by JSON Pointer (RFC 6901), such as `/to`. Each object of the details must satisfy them all; a request without details satisfies none.',
      ),
    after_polls: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        'Answer once that many polls were told `authorization_pending`; the next one gets the answer. Polls that were told `slow_down` do not count; one that is held (`ciba.held_poll`) counts when it begins to wait, and gets the answer itself.',
      ),
    after_seconds: z
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .describe(
        'Answer that long after the request, by the clock of the tenant. Later than its expiry, the answer is refused.',
      ),
    late: z
      .boolean()
      .default(false)
      .describe('Answer as soon as the request has expired. The answer is refused, and the trace tells so.'),
    times: z.int().positive().optional().describe('How many requests it takes. Left out: any number.'),
    probability: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe(
        'Take only this part of the requests that match, by a draw from the `seed` of the tenant; the others go on to the next rule.',
      ),
  })
  .describe(
    'How people answer by themselves. A person who is faster wins. Without a delay, the answer is there before the client polls.',
  );
export type Rule = z.output<typeof ruleSchema>;
export type RuleInput = z.input<typeof ruleSchema>;

/** One rule, and what it has done. */
export const ruleViewSchema = ruleSchema.extend({
  id: z.string(),
  says: z.string().describe('The rule in words.'),
  fired: z.int().describe('How many requests it has taken.'),
});
export type RuleView = z.output<typeof ruleViewSchema>;

/** GET /control/rules: in their order. */
export const rulesSchema = z.strictObject({
  seed: z.string().describe('What `probability` draws from.'),
  rules: z.array(ruleViewSchema),
});
export type Rules = z.output<typeof rulesSchema>;

/**
 * POST /control/rules: a rule, behind the others. 201 with a `RuleView`; 400 with every mistake, and then nothing has changed.
 * DELETE /control/rules/{id}: forgets it, and the answers that it still owes. DELETE /control/rules: forgets all of them.
 * Both answer with the rules that are left. Rules are part of the tenant file: `assent export` writes them.
 */
export const anyRuleSchema = z.record(z.string(), z.unknown());

/** In GET /control/health. */
export const rulesHealthSchema = z.strictObject({
  count: z.int().describe('Rules by which people answer.'),
  seed: z.string(),
});
