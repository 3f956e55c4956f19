// A pairing link brings its ticket behind "#", where no server and no log sees it. It leaves the address bar, and the
// history, before anything is shown.
import { useEffect, useState } from 'react';

const TICKET = /^#ticket=(gten_\w+)$/;

function takeTicket(): string | undefined {
  const ticket = TICKET.exec(window.location.hash)?.[1];
  if (ticket !== undefined) window.history.replaceState(null, '', window.location.pathname);
  return ticket;
}

/** The ticket of the link that was opened, also while the app was open already; and a way to be done with it. */
export function useTicket(): [string | undefined, () => void] {
  const [ticket, setTicket] = useState<string>();
  useEffect(() => {
    const look = (): void => {
      const found = takeTicket();
      if (found !== undefined) setTicket(found);
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return [ticket, () => setTicket(undefined)];
}
