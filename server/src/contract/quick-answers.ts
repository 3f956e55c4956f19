// How soon an agent learns of a decision: two deviations from Auth0's pace, both off by default, for tests that must be quick.
import { z } from 'zod';
import { cibaSchema } from './tenant-ciba.ts';

const { interval, held_poll } = cibaSchema.shape;

/** What a start may ask for, over what the tenant file says. Seconds. */
export const quickAnswersInputSchema = z.strictObject({
  interval: interval.unwrap().optional(),
  held_poll: held_poll.unwrap().optional(),
});
export type QuickAnswersInput = z.output<typeof quickAnswersInputSchema>;

/** Member `quick_answers` of GET /control/health. */
export const quickAnswersSchema = z.strictObject({
  on: z.boolean().describe('Whether the interval is below a second, or polls are held.'),
  interval: z.number().describe('Seconds between polls.'),
  held_poll: z.number().describe('Seconds for which a poll waits for the decision; 0 answers at once.'),
});
export type QuickAnswers = z.output<typeof quickAnswersSchema>;
