// Joining and leaving: makes the key, has the server enrol it, keeps it, remembers which person is here, destroys it.
import type { Device } from 'assent/contract';
import { atLeast, readAs, text } from '../wire/schema.ts';
import { createApproverClient, type PublicClient } from './approver-client.ts';
import { erase, readOne, write } from './browser-store.ts';
import { createDeviceKey, type Pairing, readPairings } from './device-key.ts';
import type { ServerClock } from './server-clock.ts';

/**
 * Which of the pairings is in use, so that every tab of this browser shows the same person. Kept beside them: Chromium writes
 * local storage to the disk seconds later, and a browser that was quit at once knew its pairings and none in use.
 */
const CURRENT = 'current';
const choiceSchema = atLeast({ deviceId: text() });

/** All pairings of this browser, and the one in use. */
export async function loadPairings(): Promise<{ current: Pairing | undefined; all: Pairing[] }> {
  const all = await readPairings();
  const currentId = await readChoice();
  return { all, current: all.find((pairing) => pairing.deviceId === currentId) };
}

export interface PairingWish {
  userId: string;
  /** Of this browser. */
  name: string;
  /** Confirms the enrolment that another device began. */
  ticket?: string | undefined;
}

/** Pairs this browser for one person, in place of an earlier pairing for the same one, and makes it the one in use. */
export async function pairBrowser(
  client: PublicClient,
  clock: ServerClock,
  wish: PairingWish,
): Promise<Pairing> {
  const key = await createDeviceKey();
  const device = await client.pair({ ...wish, key });
  const earlier = (await readPairings()).filter(({ userId }) => userId === device.user_id);
  const pairing = { ...key, ...namesOf(device) };
  await write('pairings', pairing);
  await chooseDevice(pairing.deviceId);
  for (const each of earlier) {
    // Should this fail, the old enrolment stays in the server's list; its key is destroyed all the same.
    await createApproverClient(each, clock)
      .unpair(each.deviceId)
      .catch(() => undefined);
    const reach = await readOne('reaches', each.deviceId);
    // Whoever wanted notifications still wants them; the next start registers them for the new device.
    if (typeof reach === 'object') await write('reaches', { ...reach, deviceId: pairing.deviceId });
    await forgetPairing(each.deviceId);
  }
  return pairing;
}

/** Keeps the name that the server knows this browser by. */
export async function renamePairing(pairing: Pairing, device: Device): Promise<void> {
  await write('pairings', { ...pairing, ...namesOf(device) });
}

export async function chooseDevice(deviceId: string): Promise<void> {
  await write('choice', { id: CURRENT, deviceId });
}

/** Destroys the key and what was kept for it. The server may still list the device; nobody can answer for it any more. */
export async function forgetPairing(deviceId: string): Promise<void> {
  for (const store of ['pairings', 'inboxes', 'reaches'] as const) await erase(store, deviceId);
  if ((await readChoice()) === deviceId) await erase('choice', CURRENT);
}

async function readChoice(): Promise<string | undefined> {
  return readAs(choiceSchema, await readOne('choice', CURRENT))?.deviceId;
}

function namesOf(device: Device): Omit<Pairing, 'publicKey' | 'privateKey'> {
  return {
    deviceId: device.id,
    deviceName: device.name,
    userId: device.user_id,
    userName: device.user_name,
  };
}
