// Scenes over HTTP: list, repeat a run with one thing changed, attack the gate.
import {
  type AttackInput,
  attackInputSchema,
  CONTROL_API,
  type SceneResult,
  type Scenes,
  sceneResultSchema,
  scenesSchema,
  type WhatIfInput,
  whatIfInputSchema,
} from '../contract/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

export interface ScenesPort {
  list(): Scenes;
  whatIf(input: WhatIfInput): Promise<SceneResult>;
  attack(input: AttackInput): Promise<SceneResult>;
}

const SCENES = `${CONTROL_API}/scenes`;
const ISOLATION =
  'Played in a world of its own, with the configuration of this moment and its own time: nothing of it reaches people, devices, the trace or the clock of the tenant.';

export function sceneRoutes(scenes: ScenesPort): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: SCENES,
      purpose: 'list the scenes that can be played',
      shapes: { answer: scenesSchema },
      answer: (ctx) => {
        ctx.body = scenes.list();
      },
    },
    {
      method: 'POST',
      path: `${SCENES}/what-if`,
      purpose: 'repeat a run with one thing changed',
      shapes: {
        body: whatIfInputSchema,
        answer: sceneResultSchema,
        errors: { 404: 'There is no such run.', 409: 'That run cannot be repeated so.' },
        note: `The trace holds the run as it was, played again, and then the one with the change. ${ISOLATION}`,
      },
      answer: async (ctx) => {
        ctx.body = await scenes.whatIf(await readJson(ctx, whatIfInputSchema));
      },
    },
    {
      method: 'POST',
      path: `${SCENES}/attack`,
      purpose: 'try to pass the gate without approval',
      shapes: {
        body: attackInputSchema,
        answer: sceneResultSchema,
        errors: { 404: 'There is no such run.', 409: 'There is nothing to attack in it.' },
        note: `The event \`attack.attempted\` says what the agent was told and which check stopped it. ${ISOLATION}`,
      },
      answer: async (ctx) => {
        ctx.body = await scenes.attack(await readJson(ctx, attackInputSchema));
      },
    },
  ];
}
