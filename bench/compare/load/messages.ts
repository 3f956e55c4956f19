// What passes between the process that measures and the one that asks: one order at a time, and what came of it.
import { z } from 'zod';
import { targetSchema } from '../target.ts';

/** How long something is repeated: until so much time has passed, or so many times. */
const extentSchema = z.union([
  z.object({ durationMs: z.number() }),
  z.object({ operations: z.number().int() }),
]);
export type Extent = z.output<typeof extentSchema>;

const sliceSchema = {
  target: targetSchema,
  algorithm: z.string(),
  connections: z.number().int(),
  extent: extentSchema,
};

export const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('client credentials'), ...sliceSchema }),
  z.object({ kind: z.literal('CIBA cycles'), ...sliceSchema }),
  /** Opens requests that nobody answers, and keeps their ids. */
  z.object({ kind: z.literal('open requests'), ...sliceSchema }),
  /** Polls the requests that were opened at this server, in an order by chance. */
  z.object({ kind: z.literal('pending polls'), ...sliceSchema }),
  /** Follows the event stream over so many connections while cycles go on. */
  z.object({ kind: z.literal('watched cycles'), watchers: z.number().int(), ...sliceSchema }),
  /** Cycles in which a paired device hears of the request and answers it, and the agent's poll waits. */
  z.object({ kind: z.literal('notified cycles'), ...sliceSchema }),
]);
export type Order = z.output<typeof orderSchema>;

/** What one slice came to. Times are of the operations, in milliseconds. */
const sliceResultSchema = z.object({
  operations: z.number().int(),
  elapsedMs: z.number(),
  /** Of the server, all threads, while the slice went on. */
  serverCpuMs: z.number(),
  /** Of the process that asks. */
  loadCpuMs: z.number(),
  rssMiB: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** What the order measured beside, by name. */
  parts: z.record(z.array(z.number())),
});
export type SliceResult = z.output<typeof sliceResultSchema>;

export const answerSchema = z.union([
  z.object({ done: sliceResultSchema }),
  z.object({ failed: z.string() }),
]);
export type Answer = z.output<typeof answerSchema>;
