// Where everything is kept while servers die: a file that one server has, or a Redis that several share.
import { join } from 'node:path';
import { RedisProcess } from './redis-process.ts';
import { RedisTrap } from './redis-trap.ts';
import type { FleetOptions, ServerFleet } from './server-fleet.ts';
import { SQLITE_TRAP, SqliteTrap, type Trap } from './trap.ts';

export const STORES = ['sqlite', 'redis'] as const;
export type StoreName = (typeof STORES)[number];

export interface CrashStore extends AsyncDisposable {
  storeWords: FleetOptions['storeWords'];
}

/** One at whose writes servers can be ended. */
export interface TrappedStore extends CrashStore {
  /** Options of Node for every server. */
  nodeOptions: string;
  trapFor(fleet: ServerFleet): Trap;
}

/** It lies in the folder of the run, and goes with that. */
const DATA_FILE: CrashStore = {
  storeWords: (folder) => ['--data', join(folder, 'assent.db')],
  async [Symbol.asyncDispose]() {
    // See above.
  },
};

export async function openCrashStore(name: StoreName): Promise<CrashStore> {
  if (name === 'sqlite') return DATA_FILE;
  const redis = await RedisProcess.start();
  return {
    storeWords: () => ['--store', redis.url],
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}

export async function openTrappedStore(name: StoreName, instances: number): Promise<TrappedStore> {
  if (name === 'sqlite')
    return { ...DATA_FILE, nodeOptions: SQLITE_TRAP, trapFor: (fleet) => new SqliteTrap(fleet) };
  const redis = await RedisProcess.start();
  const trap = await RedisTrap.open(redis.port, instances);
  return {
    storeWords: (_folder, instance) => ['--store', trap.urlFor(instance)],
    nodeOptions: '',
    trapFor(fleet) {
      trap.use((instance) => fleet.kill(instance));
      return trap;
    },
    async [Symbol.asyncDispose]() {
      await trap[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
