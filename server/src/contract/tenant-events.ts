// Events that are about the tenant and no request alone: devices, its clock, going back, what fails or is held on purpose.
import { z } from 'zod';
import { HOLD_REASONS, holdMembers, releaseReasonSchema, waitingProgramSchema } from './steps.ts';

/** Of every event. */
export const eventMembers = {
  number: z.int().positive().describe('Position in the log of the tenant. Starts at 1.'),
  at: z.iso.datetime(),
};

export const tenantEventSchemas = [
  z.strictObject({
    type: z.literal('device.paired'),
    ...eventMembers,
    user_id: z.string(),
    user_name: z.string(),
    device: z.string(),
  }),
  z
    .strictObject({
      type: z.literal('device.reachable'),
      ...eventMembers,
      user_id: z.string(),
      user_name: z.string(),
      device: z.string(),
      by: z.enum(['web-push', 'relay']),
    })
    .describe('It turned notifications on, or is notified in another way than before.'),
  z.strictObject({
    type: z.literal('device.passkey_registered'),
    ...eventMembers,
    user_id: z.string(),
    user_name: z.string(),
    device: z.string(),
  }),
  z
    .strictObject({
      type: z.literal('clock.moved'),
      ...eventMembers,
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      by_ms: z.number().describe('How far this time. The clock also runs while it is put forward.'),
      offset_ms: z.number().describe('How far the clock has been put forward in all.'),
    })
    .describe('What fell due on the way is told before, each at its own instant.'),
  z.strictObject({
    type: z.literal('device.removed'),
    ...eventMembers,
    user_id: z.string(),
    user_name: z.string(),
    device: z.string(),
  }),
  z
    .strictObject({ type: z.literal('tenant.reset'), ...eventMembers })
    .describe('Everything is as it was when the server started. What came before is gone.'),
  z
    .strictObject({
      type: z.literal('tenant.restored'),
      ...eventMembers,
      taken_at: z.iso.datetime().describe('When the snapshot was taken.'),
    })
    .describe(
      'Everything is as it was when a snapshot was taken. The events before this one are those of the snapshot.',
    ),
  z
    .strictObject({
      type: z.literal('fault.injected'),
      ...eventMembers,
      fault: z.string().describe('Its id: `f1`.'),
      text: z.string().describe('The fault in words.'),
    })
    .describe('From now on something is made to fail on purpose.'),
  z
    .strictObject({
      type: z.literal('fault.applied'),
      ...eventMembers,
      fault: z.string(),
      text: z.string().describe('What it did.'),
      count: z.int().describe('Which application of it this is, from 1.'),
      approval: z.string().optional(),
      name: z.string().optional(),
      client_id: z.string().optional(),
    })
    .describe('What follows happened because of a fault.'),
  z.strictObject({
    type: z.literal('fault.ended'),
    ...eventMembers,
    fault: z.string(),
    why: z.enum(['removed', 'used_up']),
    applied: z.int().describe('How often it was applied.'),
  }),
  z
    .strictObject({
      type: z.literal('step.held'),
      ...eventMembers,
      ...holdMembers,
      because: z.enum(HOLD_REASONS),
      waits: waitingProgramSchema.optional(),
      goes_on_in_ms: z
        .int()
        .optional()
        .describe('When it goes on by itself. Absent: not before it is let go.'),
    })
    .describe('An exchange is held on purpose, at a break point or by slow mode.'),
  z
    .strictObject({
      type: z.literal('step.warned'),
      ...eventMembers,
      ...holdMembers,
      left_ms: z.int().describe('Until whoever waits gives up, or until it goes on by itself.'),
      text: z.string(),
    })
    .describe('The time for which an exchange can be held is almost over.'),
  z
    .strictObject({
      type: z.literal('step.released'),
      ...eventMembers,
      ...holdMembers,
      why: releaseReasonSchema,
      held_ms: z.int(),
      text: z
        .string()
        .optional()
        .describe('What that means, where it is not simply that the exchange goes on.'),
    })
    .describe('An exchange that was held goes on, or is over.'),
] as const;
