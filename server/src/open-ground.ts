// What a world stands on before anything is built on it: its time, its store, and the keys that it signs with.
import { createMovableClock, type MovableClock } from './clock.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { loadSigningKeys, type SigningKeys } from './tenant/signing-keys.ts';
import type { WorldFrame } from './world-frame.ts';

export interface Ground {
  clock: MovableClock;
  store: Store;
  keys: SigningKeys;
}

/**
 * Of a world in memory, which nothing can have been left to.
 *
 * @param whenMaking is told when keys have to be made first
 * @throws Problem `signing_key_unusable`
 */
export async function openGround(
  frame: Pick<WorldFrame, 'config' | 'clock' | 'keyFolder'>,
  whenMaking: () => void,
): Promise<Ground> {
  const { config, keyFolder } = frame;
  const clock = createMovableClock(frame.clock);
  const store = await openStore({ config }, clock);
  return { clock, store, keys: await loadSigningKeys(config, keyFolder, store, whenMaking) };
}
