// What passes between the process that serves and the process that asks.
import { z } from 'zod';

/** One server as its caller has to know it. */
export const targetSchema = z.object({
  /** `quick`: quick answers. `auth0`: the pace of Auth0. */
  pace: z.enum(['quick', 'auth0']),
  url: z.string(),
  issuer: z.string(),
  ca: z.string(),
  env: z.record(z.string()),
});
export type Target = z.output<typeof targetSchema>;
export type Pace = Target['pace'];

/** Milliseconds of one whole test, and of its parts in their order. */
const timesSchema = z.object({
  whole: z.number(),
  /** Until the test sees the request. */
  request: z.number(),
  /** Until the approval is acknowledged. */
  decide: z.number(),
  /** From there until the tool runs with its token; below zero where that was sooner. */
  token: z.number(),
  /** Until the API has accepted the token. */
  verify: z.number(),
});
export type Times = z.output<typeof timesSchema>;

/** One round: several tests at one pace right after several at the other, in either order. */
export const roundSchema = z.object({ quick: z.array(timesSchema), auth0: z.array(timesSchema) });
export type Round = z.output<typeof roundSchema>;
