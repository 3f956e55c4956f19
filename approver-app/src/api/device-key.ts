// The keys with which this browser answers. One pairing for each person who approves here, each with a key of its own.
// Private keys are not extractable: neither this code nor an injected script can copy one; it can only ask for signatures.
// Works in pages and in the service worker.
import type { PairDeviceRequest } from 'assent/contract';
import { atLeast, instance, list, type Output, parseAs, text } from '../wire/schema.ts';
import { readAll } from './browser-store.ts';

const pairingSchema = atLeast({
  deviceId: text(),
  deviceName: text(),
  userId: text(),
  userName: text(),
  publicKey: instance(CryptoKey),
  privateKey: instance(CryptoKey),
});

/** This browser, enrolled for one person. */
export type Pairing = Output<typeof pairingSchema>;

export type DeviceKey = Pick<Pairing, 'publicKey' | 'privateKey'>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** False on plain http from another computer: browsers sign only in a secure context. */
export function canSign(): boolean {
  return isSecureContext && 'subtle' in crypto;
}

export function createDeviceKey(): Promise<DeviceKey> {
  return crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
}

/** The public half as the server stores it. */
export async function exportPublicKey(key: CryptoKey): Promise<PairDeviceRequest['public_key']> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { kty: 'EC', crv: 'P-256', x, y };
}

/** All pairings of this browser. */
export async function readPairings(): Promise<Pairing[]> {
  return parseAs(list(pairingSchema), await readAll('pairings'));
}
