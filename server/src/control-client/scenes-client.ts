// Plays scenes through the control API.
import {
  type AttackInput,
  CONTROL_API,
  type SceneResult,
  type Scenes,
  sceneResultSchema,
  scenesSchema,
  type WhatIfInput,
} from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

export interface ScenesClient {
  list(): Promise<Scenes>;
  /** @example await control.scenes.whatIf({ request: 'r7', change: 'denied' }) */
  whatIf(input: WhatIfInput): Promise<SceneResult>;
  /** @example await control.scenes.attack({ attack: 'changed_amount', without: 'details' }) */
  attack(input: AttackInput): Promise<SceneResult>;
}

export function createScenesClient(transport: ControlTransport): ScenesClient {
  const path = `${CONTROL_API}/scenes`;
  return {
    list: () => transport.call({ path }, scenesSchema),
    whatIf: (body) => transport.call({ method: 'POST', path: `${path}/what-if`, body }, sceneResultSchema),
    attack: (body) => transport.call({ method: 'POST', path: `${path}/attack`, body }, sceneResultSchema),
  };
}
