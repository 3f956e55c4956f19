// What becomes of scenes when the world that plays them ends.
import { expect, test } from 'vitest';
import { createRandomIds } from '../../src/ids.ts';
import { createManualClock, startAssent } from '../../src/index.ts';
import { Scenes } from '../../src/scenes/index.ts';
import { checkConfig } from '../../src/tenant/config-check.ts';
import { TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';

test('what is being played is played to its end, and what waits for its turn is not begun', async () => {
  const hasBegun = Promise.withResolvers<void>();
  let opened = 0;
  const scenes = new Scenes({
    async open({ config, clock }) {
      opened += 1;
      hasBegun.resolve();
      return startAssent({ tls: false, config, clock });
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
  });
  const playing = [1, 2, 3].map(() =>
    scenes.attack({ attack: 'other_token' }).then(
      ({ scene }) => scene,
      ({ code }) => code,
    ),
  );
  await hasBegun.promise;
  await scenes.close();
  expect([opened, await Promise.all(playing)]).toEqual([1, ['attack', 'not_ready', 'not_ready']]);
  await expect(scenes.attack({ attack: 'other_token' })).rejects.toMatchObject({ status: 503 });
});
