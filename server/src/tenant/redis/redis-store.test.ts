// What only the shared store must show: that it is shared, that it outlives connections and the server, and what it says of a
// server that is none of ours.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../../test/redis-server.ts';
import { createManualClock, createSystemClock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { describeStore } from '../store.suite.ts';
import { openRedisStore, type RedisStoreOptions } from './redis-store.ts';

const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
const opened: Store[] = [];
let count = 0;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

afterAll(() => redis[Symbol.asyncDispose]());

const clock = createSystemClock();

async function open(changes: Partial<RedisStoreOptions> = {}): Promise<Store> {
  count += 1;
  const store = await openRedisStore({
    url: redis.url,
    tenant: 'bank',
    clock,
    processId: `p${count}`,
    ...changes,
  });
  opened.push(store);
  return store;
}

describeStore(
  'the store in Redis',
  (manualClock) => open({ clock: manualClock, tenant: `suite-${count}` }),
  { many: 1_000 },
);

interface Note {
  text: string;
  owner?: string;
}
