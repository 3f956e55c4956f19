// One polite live region for the whole app. Whoever has news says it here; focus stays where the reader has it.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';

type Announce = (message: string) => void;

interface Speech {
  announce: Announce;
  /** A modal dialog hides the rest of the page, and this region with it: what is said while it is open is said in it as well. */
  join(dialog: Announce): () => void;
}

const SpeechContext = createContext<Speech>({
  announce() {
    throw new Error('announce needs a <LiveRegion> around it.');
  },
  // A dialog may stand alone.
  join: () => () => {},
});

/** How many messages stay readable for a screen reader that catches up. */
const KEPT = 3;

export function LiveRegion({ children }: { children: ReactNode }) {
  const [messages, add] = useMessages();
  const dialogs = useRef<readonly Announce[]>([]);
  const speech = useMemo(
    (): Speech => ({
      announce(text) {
        add(text);
        dialogs.current.at(-1)?.(text);
      },
      join(dialog) {
        dialogs.current = [...dialogs.current, dialog];
        return () => {
          dialogs.current = dialogs.current.filter((one) => one !== dialog);
        };
      },
    }),
    [add],
  );
  return (
    <SpeechContext value={speech}>
      {children}
      <div className="vh" role="log" aria-live="polite" aria-relevant="additions" data-testid="announcements">
        {messages}
      </div>
    </SpeechContext>
  );
}

/** The live region of a modal dialog, for as long as it is open. */
export function DialogAnnouncements() {
  const { join } = useContext(SpeechContext);
  const [messages, add] = useMessages();
  useEffect(() => join(add), [join, add]);
  return (
    <div className="vh" role="log" aria-live="polite" aria-relevant="additions">
      {messages}
    </div>
  );
}

export function useAnnounce(): Announce {
  return useContext(SpeechContext).announce;
}

function useMessages(): [ReactNode, Announce] {
  const [messages, setMessages] = useState<readonly { key: number; text: string }[]>([]);
  const count = useRef(0);
  const add = useCallback((text: string) => {
    count.current += 1;
    const key = count.current;
    setMessages((earlier) => [...earlier.slice(1 - KEPT), { key, text }]);
  }, []);
  return [messages.map(({ key, text }) => <p key={key}>{text}</p>), add];
}
