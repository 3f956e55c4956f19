// Lessons: guided steps that check themselves against the running tenant, under /control/lessons. What is done is read from the
// tenant whenever somebody asks; nothing remembers it.
import { z } from 'zod';
import { exchangeSchema } from './exchange.ts';

export const lessonFindingSchema = z.strictObject({
  what: z.string().describe('What must be so in the tenant.'),
  done: z.boolean(),
  found: z.string().optional().describe('What is there instead.'),
});
export type LessonFinding = z.output<typeof lessonFindingSchema>;

export const lessonStepSchema = z.strictObject({
  id: z.string(),
  number: z.int().positive(),
  title: z.string(),
  why: z.string(),
  where: z.array(z.string()).describe('The way there, by the names of the dashboard.'),
  change: z.array(z.string()).describe('What to do there, in order.'),
  page: z.string().optional().describe('Path of the page of this server where it is done.'),
  commands: z
    .array(
      z.strictObject({
        method: z.enum(['POST', 'PUT', 'PATCH']),
        path: z.string(),
        body: z.record(z.string(), z.unknown()),
      }),
    )
    .describe('The same as calls of the Management API, as far as it is not done yet.'),
  fails: z.string().describe('What *try* shows before.'),
  passes: z.string().describe('What it shows after.'),
  asks: z
    .array(z.enum(['binding_message', 'authorization_details']))
    .optional()
    .describe('What *try* takes beside the step.'),
  findings: z.array(lessonFindingSchema),
  done: z.boolean(),
});
export type LessonStep = z.output<typeof lessonStepSchema>;

export const lessonSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  aim: z.string(),
  client: z
    .strictObject({ client_id: z.string(), name: z.string() })
    .describe('The application of the lesson.'),
  person: z.strictObject({ user_id: z.string(), name: z.string() }).describe('Who is asked.'),
  steps: z.array(lessonStepSchema),
  current: z.string().optional().describe('Id of the first step that is not done. Absent: all are.'),
});
export type Lesson = z.output<typeof lessonSchema>;

export const lessonsSchema = z.strictObject({
  lessons: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      aim: z.string(),
      steps: z.int(),
      done: z.int().describe('Steps that are done.'),
      current: z.string().optional().describe('Title of the first one that is not.'),
    }),
  ),
});
export type Lessons = z.output<typeof lessonsSchema>;

export const lessonTrySchema = z.strictObject({
  step: z.string().max(100).describe('Id of the step.'),
  binding_message: z.string().max(1_000).optional(),
  authorization_details: z.string().max(10_000).optional().describe('JSON, as the agent would send it.'),
});
export type LessonTry = z.input<typeof lessonTrySchema>;

export const lessonTrialSchema = z.strictObject({
  step: z.string(),
  passed: z.boolean().describe('It came as far as this step leads.'),
  says: z.string().describe('What the answer means.'),
  exchanges: z
    .array(z.strictObject({ title: z.string(), exchange: exchangeSchema }))
    .describe('What went over the wire, redacted, in order.'),
  enrol: z
    .string()
    .optional()
    .describe('Path of the page that enrols a device, as the agent was given it. Works once.'),
  request: z.string().optional().describe('Short name of the request that the try is about.'),
});
export type LessonTrial = z.output<typeof lessonTrialSchema>;
