// Where everything is kept while servers die: a file that one server has, or a Redis that several share.
import { join } from 'node:path';
import { RedisProcess } from './redis-process.ts';
import type { FleetOptions } from './server-fleet.ts';

export const STORES = ['sqlite', 'redis'] as const;
export type StoreName = (typeof STORES)[number];

export interface CrashStore extends AsyncDisposable {
  storeWords: FleetOptions['storeWords'];
}

export async function openCrashStore(name: StoreName): Promise<CrashStore> {
  if (name === 'sqlite') {
    return {
      storeWords: (folder) => ['--data', join(folder, 'assent.db')],
      async [Symbol.asyncDispose]() {
        // It lies in the folder of the run, and goes with that.
      },
    };
  }
  const redis = await RedisProcess.start();
  return {
    storeWords: () => ['--store', redis.url],
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}
