// The one database of the app in this browser (IndexedDB), opened by its pages and by its service worker. Keys of other
// files say what is in it; here is only how to reach it.

const DATABASE = 'assent-approver';
/** Raised with every new store; opening makes what is missing. */
const VERSION = 3;

const STORES = {
  /** Devices of this browser: api/device-key.ts. */
  pairings: 'deviceId',
  /** Which of them is in use, at most one: api/pairings.ts. */
  choice: 'id',
  /** What each device read last: api/last-inbox.ts. */
  inboxes: 'deviceId',
  /** Which of them want notifications, and on which way: push/reach.ts. */
  reaches: 'deviceId',
  /** The subscription to the relay, at most one: push/relay-subscription.ts. */
  relay: 'id',
} as const;

type StoreName = keyof typeof STORES;

export function readAll(store: StoreName): Promise<unknown[]> {
  return run(store, 'readonly', (entries) => entries.getAll());
}

/** Undefined if nothing is kept under `key`. */
export function readOne(store: StoreName, key: string): Promise<unknown> {
  return run(store, 'readonly', (entries) => entries.get(key));
}

/** Keeps `entry` in place of an earlier one with the same key. */
export async function write(store: StoreName, entry: object): Promise<void> {
  await run(store, 'readwrite', (entries) => entries.put(entry));
}

export async function erase(store: StoreName, key: string): Promise<void> {
  await run(store, 'readwrite', (entries) => entries.delete(key));
}

async function run<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  ask: (entries: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = () => {
    const { result } = opening;
    for (const [name, keyPath] of Object.entries(STORES)) {
      if (!result.objectStoreNames.contains(name)) result.createObjectStore(name, { keyPath });
    }
  };
  const database = await resultOf(opening);
  try {
    return await resultOf(ask(database.transaction(store, mode).objectStore(store)));
  } finally {
    database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
