// The time of the tenant, under /control/clock. It runs as the computer's does, and can be put forward.
import { z } from 'zod';

/** GET /control/clock */
export const clockReadingSchema = z.strictObject({
  now: z.iso
    .datetime()
    .describe('What the tenant goes by: requests, tokens, sessions, log, `Date` of every answer.'),
  offset_ms: z.number().describe('How far it has been put forward in all. 0: it never was.'),
});
export type ClockReading = z.output<typeof clockReadingSchema>;

const MILLISECONDS = 'expected milliseconds, 0 or more; the clock goes forwards only';

/**
 * POST /control/clock: puts the clock forward, by so many milliseconds or to an instant; 400 for one that is over. Answers
 * with a `ClockReading` once everything that falls due until then has happened, in the order of time.
 */
export const clockMoveSchema = z
  .strictObject({
    advance_ms: z.number(MILLISECONDS).min(0, MILLISECONDS).max(1e15, MILLISECONDS).optional(),
    to: z.iso
      .datetime({ offset: true, error: 'expected an instant: 2030-01-01T12:00:00Z' })
      .optional()
      .describe('In place of `advance_ms`.'),
  })
  .refine(
    ({ advance_ms, to }) => (advance_ms === undefined) !== (to === undefined),
    'expected {"advance_ms": 60000} or {"to": "2030-01-01T12:00:00Z"}',
  );
export type ClockMove = z.input<typeof clockMoveSchema>;
