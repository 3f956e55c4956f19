// What passes between the process that serves a long story and the one that has it drawn.
import { z } from 'zod';

export const sequencePlanSchema = z.object({
  url: z.string(),
  issuer: z.string(),
  env: z.record(z.string()),
  events: z.number().int(),
});
export type SequencePlan = z.output<typeof sequencePlanSchema>;

/** Milliseconds from one frame to the next while the view does something, and what the browser itself calls long. */
const framesSchema = z.object({
  intervals: z.array(z.number()),
  /** Frames that took more than 50 ms of work. */
  longFrames: z.array(z.number()),
});

export const sequenceTimesSchema = z.object({
  /** How many events the view had read, and how many rows it had drawn or left out. */
  events: z.number(),
  rows: z.number(),
  scrolling: framesSchema,
  stepping: framesSchema,
  receiving: framesSchema,
});
export type SequenceTimes = z.output<typeof sequenceTimesSchema>;
