// Something harmless to decide, asked by the first client of the tenant that may ask.
import { z } from 'zod';

/** POST /control/demo-request: who is to be asked. 202. POST /approver/demo-request asks the person of the device. */
export const demoRequestSchema = z.strictObject({ user_id: z.string().min(1) });

export const demoRequestAnswerSchema = z.strictObject({ name: z.string().describe('Short name: `r7`.') });
