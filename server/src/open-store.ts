// The store that was asked for: memory, a file, or Redis.
import type { Clock } from './clock.ts';
import type { TenantConfig } from './contract/index.ts';
import { createRandomIds } from './ids.ts';
import type { Store } from './store.ts';
import { createMemoryStore } from './tenant/memory-store.ts';
import type { StoreOutages } from './tenant/store-outage.ts';

/** SQLite and the client of Redis are loaded only where they are wanted. @param options for a store that is opened again at once */
export async function openStore(
  {
    dataFile,
    storeUrl,
    config,
    outages,
  }: {
    dataFile?: string | undefined;
    storeUrl?: string | undefined;
    config: TenantConfig;
    outages?: StoreOutages | undefined;
  },
  clock: Clock,
  { isQuiet = false } = {},
): Promise<Store> {
  const tenant = config.tenant.name;
  if (storeUrl !== undefined) {
    const { openRedisStore } = await import('./tenant/redis/redis-store.ts');
    const processId = createRandomIds().make('', 12);
    return openRedisStore({ url: storeUrl, tenant, clock, processId, outages, isQuiet });
  }
  if (dataFile === undefined) return createMemoryStore(clock);
  const { openSqliteStore } = await import('./tenant/sqlite-store.ts');
  return openSqliteStore({ file: dataFile, tenant, clock, outages });
}
