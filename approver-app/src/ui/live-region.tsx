// One polite live region for the whole app. Whoever has news says it here; focus stays where the reader has it.
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';

type Announce = (message: string) => void;

const AnnounceContext = createContext<Announce>(() => {
  throw new Error('announce needs a <LiveRegion> around it.');
});

/** How many messages stay readable for a screen reader that catches up. */
const KEPT = 3;

export function LiveRegion({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly { key: number; text: string }[]>([]);
  const count = useRef(0);
  const announce = useCallback((text: string) => {
    count.current += 1;
    const key = count.current;
    setMessages((earlier) => [...earlier.slice(1 - KEPT), { key, text }]);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="vh" role="log" aria-live="polite" aria-relevant="additions" data-testid="announcements">
        {messages.map(({ key, text }) => (
          <p key={key}>{text}</p>
        ))}
      </div>
    </AnnounceContext>
  );
}

export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
