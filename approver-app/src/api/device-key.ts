// The keys with which this browser answers. One pairing for each person who approves here, each with a key of its own.
// Private keys are not extractable: neither this code nor an injected script can copy one; it can only ask for signatures.
import type { PairDeviceRequest } from 'assent/contract';
import { z } from 'zod';

const pairingSchema = z.object({
  deviceId: z.string(),
  deviceName: z.string(),
  userId: z.string(),
  userName: z.string(),
  publicKey: z.instanceof(CryptoKey),
  privateKey: z.instanceof(CryptoKey),
});

/** This browser, enrolled for one person. */
export type Pairing = z.output<typeof pairingSchema>;

export type DeviceKey = Pick<Pairing, 'publicKey' | 'privateKey'>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const DATABASE = 'assent-approver';
const PAIRINGS = 'pairings';
/** Which of the pairings is in use. Local storage, so that every tab of this browser shows the same person. */
const CURRENT = 'assent.device';

/** False on plain http from another computer: browsers sign only in a secure context. */
export function canSign(): boolean {
  return window.isSecureContext && 'subtle' in crypto;
}

export function createDeviceKey(): Promise<DeviceKey> {
  return crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
}

/** The public half as the server stores it. */
export async function exportPublicKey(key: CryptoKey): Promise<PairDeviceRequest['public_key']> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { kty: 'EC', crv: 'P-256', x, y };
}

/** All pairings of this browser, and the one in use. */
export async function loadPairings(): Promise<{ current: Pairing | undefined; all: Pairing[] }> {
  const found: unknown = await runOnPairings('readonly', (store) => store.getAll());
  const all = z.array(pairingSchema).parse(found);
  const currentId = localStorage.getItem(CURRENT);
  return { all, current: all.find((pairing) => pairing.deviceId === currentId) };
}

/** Keeps a pairing in place of any earlier one of the same person, and makes it the one in use. */
export async function storePairing(pairing: Pairing): Promise<void> {
  const { all } = await loadPairings();
  for (const { userId, deviceId } of all) {
    if (userId === pairing.userId) await forgetPairing(deviceId);
  }
  await runOnPairings('readwrite', (store) => store.put(pairing));
  chooseDevice(pairing.deviceId);
}

export function chooseDevice(deviceId: string): void {
  localStorage.setItem(CURRENT, deviceId);
}

/** Destroys the key. The server may still list the device; nobody can answer for it any more. */
export async function forgetPairing(deviceId: string): Promise<void> {
  await runOnPairings('readwrite', (store) => store.delete(deviceId));
  if (localStorage.getItem(CURRENT) === deviceId) localStorage.removeItem(CURRENT);
}

async function runOnPairings<T>(
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(PAIRINGS, { keyPath: 'deviceId' });
  const database = await resultOf(opening);
  try {
    return await resultOf(run(database.transaction(PAIRINGS, mode).objectStore(PAIRINGS)));
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
