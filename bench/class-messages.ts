// What passes between the process that serves a class and the one that has its browser.
import { z } from 'zod';

/** One place of the class as its agent and its approver know it. */
const placeSchema = z.object({
  number: z.number(),
  url: z.string(),
  issuer: z.string(),
  env: z.record(z.string()),
  /** Pairs the browser that opens it with the approver of the place. */
  invitation: z.string(),
});
export type Place = z.output<typeof placeSchema>;

export const classPlanSchema = z.object({ places: z.array(placeSchema), rounds: z.number().int() });
export type ClassPlan = z.output<typeof classPlanSchema>;

/** Said once before the first round. */
export const READY = 'ready';

/** Milliseconds from the agent's call until the request is on its approver's screen, one for each place. */
export const classRoundSchema = z.object({
  /** The places ask one by one, at moments of their own. */
  apart: z.array(z.number()),
  /** All places ask at once. */
  together: z.array(z.number()),
});
export type ClassRound = z.output<typeof classRoundSchema>;
