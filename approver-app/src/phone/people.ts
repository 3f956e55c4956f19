// The people of the tenant, loaded when a screen needs them.
import type { People } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import type { PublicClient } from '../api/approver-client.ts';

export type PeopleState = { phase: 'loading' } | { phase: 'failed' } | { phase: 'ready'; people: People };

export function usePeople(client: PublicClient): [PeopleState, () => void] {
  const [state, setState] = useState<PeopleState>({ phase: 'loading' });
  const load = useCallback(() => {
    setState({ phase: 'loading' });
    client.people().then(
      (people) => setState({ phase: 'ready', people }),
      () => setState({ phase: 'failed' }),
    );
  }, [client]);
  useEffect(load, [load]);
  return [state, load];
}
