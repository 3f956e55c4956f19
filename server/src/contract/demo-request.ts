// Something harmless to decide, asked by the first client of the tenant that may ask.
import { z } from 'zod';
import { notificationChannelSchema } from './tenant-clients.ts';

/** POST /control/demo-request: who is to be asked. 202. POST /approver/demo-request asks the person of the device. */
export const demoRequestSchema = z.strictObject({
  user_id: z.string().min(1),
  channel: notificationChannelSchema
    .optional()
    .describe(
      'The way that it shall take: asked by a client that has it, and for as long as that way allows.',
    ),
});

export const demoRequestAnswerSchema = z.strictObject({ name: z.string().describe('Short name: `r7`.') });
