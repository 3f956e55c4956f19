import { expect, test } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createRandomIds } from '../ids.ts';
import { checkConfig } from './config-check.ts';
import { Devices } from './devices.ts';
import { createMemoryStore } from './memory-store.ts';

const usersWith = (...names: string[]) =>
  checkConfig({
    tenant: { name: 'bank' },
    users: [
      {
        user_id: 'auth0|ada',
        name: 'Ada Lovelace',
        devices: names.map((name) => ({ id: `dev_${name.padEnd(16, '0')}`, name })),
      },
    ],
  }).users;

test('of several lists at the same time the last one stands', async () => {
  const clock = createManualClock(1_000_000);
  const devices = new Devices({ store: createMemoryStore(clock), clock, ids: createRandomIds() });
  await Promise.all([
    devices.seed(usersWith('phone', 'tablet')),
    devices.seed(usersWith()),
    devices.seed(usersWith('phone', 'laptop', 'watch')),
    devices.seed(usersWith('laptop')),
  ]);
  expect((await devices.of('auth0|ada')).map(({ name }) => name)).toEqual(['laptop']);
});
