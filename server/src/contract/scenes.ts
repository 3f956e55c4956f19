// Runs that are played in a world of their own, for teaching: a recorded one again with one thing changed, and attempts to pass the
// gate without approval. Nothing of them reaches the tenant, its people or its trace.
import { z } from 'zod';
import { exchangeSchema } from './exchange.ts';
import { traceDocumentSchema } from './trace-document.ts';

export const WHAT_IF_CHANGES = [
  'denied',
  'expired',
  'polled_too_fast',
  'wrong_details',
  'push_lost',
  'replayed',
] as const;
export type WhatIfChange = (typeof WHAT_IF_CHANGES)[number];

export const ATTACKS = [
  'claimed_approval',
  'login_token',
  'other_token',
  'changed_amount',
  'replayed_request',
  'replayed_token',
  'approved_by_get',
  'ignored_denial',
] as const;
export type Attack = (typeof ATTACKS)[number];

/** Checks of the API of a scene that can be turned off, to see what they are for. */
export const SCENE_CHECKS = ['token_present', 'scope', 'details', 'single_use'] as const;
export type SceneCheck = (typeof SCENE_CHECKS)[number];

/** GET /control/scenes */
export const scenesSchema = z.strictObject({
  what_if: z.array(z.strictObject({ change: z.enum(WHAT_IF_CHANGES), title: z.string(), says: z.string() })),
  attacks: z.array(
    z.strictObject({
      attack: z.enum(ATTACKS),
      title: z.string(),
      told: z.string().describe('What the agent is told to do.'),
      without: z.array(z.enum(SCENE_CHECKS)).describe('Checks that can be turned off for it.'),
    }),
  ),
});
export type Scenes = z.output<typeof scenesSchema>;

const requestRef = z.string().min(1).max(500);

/** POST /control/scenes/what-if */
export const whatIfInputSchema = z.strictObject({
  request: requestRef.default('latest').describe('The run to repeat: id, short name (`r7`) or `latest`.'),
  change: z.enum(WHAT_IF_CHANGES),
});
export type WhatIfInput = z.input<typeof whatIfInputSchema>;

/** POST /control/scenes/attack */
export const attackInputSchema = z.strictObject({
  attack: z.enum(ATTACKS),
  request: requestRef
    .optional()
    .describe(
      'Whose question is asked: id, short name or `latest`. Left out: a demo request of this tenant.',
    ),
  without: z.enum(SCENE_CHECKS).optional().describe('The check of the API that is turned off.'),
});
export type AttackInput = z.input<typeof attackInputSchema>;

/** What a scene came to. */
export const sceneResultSchema = z.strictObject({
  scene: z.enum(['what_if', 'attack']),
  title: z.string(),
  says: z.string().describe('What was changed, or what the agent was told.'),
  change: z.enum(WHAT_IF_CHANGES).optional(),
  attack: z.enum(ATTACKS).optional(),
  without: z.enum(SCENE_CHECKS).optional(),
  repeats: z.string().optional().describe('Short name of the recorded run that was repeated.'),
  runs: z
    .array(z.strictObject({ name: z.string(), title: z.string() }))
    .describe('In the trace: of a what-if the run as it was and the one with the change; of an attack one.'),
  trace: traceDocumentSchema.describe(
    'What the world of the scene has recorded. It was played at its own time, by an agent and a device of its own.',
  ),
  wire: z
    .array(z.strictObject({ run: z.string(), to: z.enum(['server', 'api']), exchange: exchangeSchema }))
    .describe('What the agent sent and was answered, as the agent recorded it, redacted like the trace.'),
});
export type SceneResult = z.output<typeof sceneResultSchema>;
