// A request as it came in, for a copy that runs. Holds whatever secrets it held; the trace never does.
import { z } from 'zod';

/** GET /control/trace/{number}/original */
export const originalExchangeSchema = z.strictObject({
  number: z.int().positive().describe('Of the event.'),
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    headers: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .describe('In the order and spelling in which they came.'),
    body: z.string().optional().describe('As text.'),
  }),
});
export type OriginalExchange = z.output<typeof originalExchangeSchema>;
