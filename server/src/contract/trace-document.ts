// The story so far: as the control API answers it, and as a file that a failed test leaves behind.
import { z } from 'zod';
import { traceEventSchema } from './trace-events.ts';

/**
 * GET /control/trace?after=&before=&limit=: every event that is still kept, or the ones between two numbers. A test that notes
 * `last_number` when it begins has its own story when it ends.
 */
export const storyQuerySchema = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Number of the last event already known. 0 for all.'),
  before: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Number of an event that is not wanted any more. With `limit`, the newest ones before it.'),
  limit: z.coerce
    .number()
    .int()
    .min(0)
    .max(20_000)
    .default(20_000)
    .describe(
      'How many at most: the oldest of them, unless `before` is given. 0 asks for `last_number` alone.',
    ),
});
export const storySchema = z.strictObject({
  events: z.array(traceEventSchema),
  last_number: z.int().describe('Of the newest event, whether it is among these or not.'),
});
export type Story = z.output<typeof storySchema>;

/** A file with a story. Holds what the trace holds, so no secrets and no whole tokens. */
export const traceDocumentSchema = z.strictObject({
  format: z.literal('assent-trace'),
  version: z.literal(1),
  title: z.string().describe('What the story is about, such as the name of a test.'),
  issuer: z.string(),
  tenant: z.string(),
  assent: z.string().describe('Version of the server.'),
  redacted: z
    .array(z.string())
    .optional()
    .describe('Names of values that are shortened or left out: secrets, tokens, references.'),
  events: z.array(traceEventSchema),
});
export type TraceDocument = z.output<typeof traceDocumentSchema>;
