// The devices of a person, kept current while a screen shows them: asked for again when the reader comes back, and every
// other second while an enrolment is pending, since nothing else tells that it was used.
import type { Device } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import { useSession } from './session-context.tsx';

const LOOK_EVERY_MS = 2_000;

export type DevicesState = { phase: 'loading' | 'failed' } | { phase: 'ready'; devices: readonly Device[] };

export function useDevices(): [DevicesState, () => void] {
  const session = useSession();
  const [state, setState] = useState<DevicesState>({ phase: 'loading' });
  const load = useCallback(() => {
    session.devices().then(
      (devices) => setState({ phase: 'ready', devices }),
      // A list that was read once is better than none.
      () => setState((earlier) => (earlier.phase === 'ready' ? earlier : { phase: 'failed' })),
    );
  }, [session]);
  useEffect(load, [load]);

  const isPending = state.phase === 'ready' && state.devices.some(({ status }) => status === 'pending');
  useEffect(() => {
    const timer = isPending ? setInterval(load, LOOK_EVERY_MS) : undefined;
    window.addEventListener('focus', load);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', load);
    };
  }, [isPending, load]);
  return [state, load];
}
