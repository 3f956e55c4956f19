// The messages to this person, kept current while a screen shows them: asked for again with each new one, and when the
// reader comes back.
import type { OwnMailbox } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import { useSession } from './session-context.tsx';

export type MailboxState = { phase: 'loading' | 'failed' } | { phase: 'ready'; mailbox: OwnMailbox };

export function useMailbox(): [MailboxState, () => void] {
  const session = useSession();
  const [state, setState] = useState<MailboxState>({ phase: 'loading' });
  const load = useCallback(() => {
    session.mailbox().then(
      (mailbox) => setState({ phase: 'ready', mailbox }),
      // A list that was read once is better than none.
      () => setState((earlier) => (earlier.phase === 'ready' ? earlier : { phase: 'failed' })),
    );
  }, [session]);
  useEffect(load, [load]);
  useEffect(() => {
    const stopMail = session.onMail(load);
    window.addEventListener('focus', load);
    return () => {
      stopMail();
      window.removeEventListener('focus', load);
    };
  }, [session, load]);
  return [state, load];
}
