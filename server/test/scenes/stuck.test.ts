// Scenes in whose own world something is amiss: whoever asked for them learns what, and what to try.
import { afterEach, expect, test } from 'vitest';
import type { FaultInput } from '../../src/contract/index.ts';
import { createRandomIds } from '../../src/ids.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Scenes } from '../../src/scenes/index.ts';
import { checkConfig } from '../../src/tenant/config-check.ts';
import { TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';

const worlds: RunningAssent[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

/** @param fault in the world of each scene */
function scenesWith(fault: FaultInput): Scenes {
  return new Scenes({
    async open({ config, clock }) {
      const world = await startAssent({ tls: false, config, clock });
      worlds.push(world);
      await world.control.faults.inject(fault);
      return world;
    },
    config: () => checkConfig(unlimitedBank()),
    storyOf: async () => undefined,
    demoQuestion: () => ({
      clientId: 'aiya',
      userId: 'auth0|ada',
      audience: TRANSFERS,
      scope: ['openid', 'create:transfer'],
      bindingMessage: 'RENT-4K9',
      details: [TRANSFER],
      more: {},
    }),
    clock: createManualClock(Date.now()),
    ids: createRandomIds(),
    version: '0.0.0',
    // What is lost never comes, however long one waits.
    patienceMs: 500,
  });
}

test('a scene in which something does not come says so, and the next one can be played', async () => {
  const scenes = scenesWith({ on: 'push', does: { kind: 'lose' } });
  for (const _ of [1, 2])
    await expect(scenes.attack({ attack: 'other_token' })).rejects.toMatchObject({
      code: 'scene_stuck',
      status: 504,
      hint: expect.stringContaining('Play it again'),
    });
  await scenes.close();
});

test('a scene that gets no token says what it was answered instead', async () => {
  const scenes = scenesWith({ on: 'token', does: { kind: 'answer', status: 503 } });
  await expect(scenes.attack({ attack: 'other_token' })).rejects.toMatchObject({
    code: 'scene_stuck',
    status: 409,
    message: expect.stringContaining('The scene got no token'),
  });
  await scenes.close();
});
