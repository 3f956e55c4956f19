// A modal sheet from the bottom edge: the platform's own dialog, which keeps the focus and everything behind it inert.
// Escape, the scrim and the back gesture close it, and closing never decides anything.
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { DialogAnnouncements } from './live-region.tsx';
import { useScrim } from './scrim.ts';

interface SheetProps {
  title: ReactNode;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
}

export function Sheet({ isOpen, ...props }: SheetProps) {
  return isOpen ? <OpenSheet {...props} /> : null;
}

function OpenSheet({ title, onClose, children }: Omit<SheetProps, 'isOpen'>) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const latestOnClose = useRef(onClose);
  useEffect(() => {
    latestOnClose.current = onClose;
  });
  useLayoutEffect(() => {
    const opened = dialog.current;
    if (opened === null) return;
    const told = (): void => latestOnClose.current();
    opened.showModal();
    // The sheet and not its first control, so that it is read from the start and a key that is still down does nothing.
    opened.focus();
    opened.addEventListener('close', told);
    return () => {
      opened.removeEventListener('close', told);
      // Before it leaves the page: only then does the focus return to where it was.
      opened.close();
    };
  }, []);
  const scrim = useScrim(dialog, () => dialog.current?.close());
  return (
    <dialog className="sheet" tabIndex={-1} aria-labelledby={titleId} ref={dialog} {...scrim}>
      <div className="sheet-body">
        <h2 id={titleId}>{title}</h2>
        {children}
        <DialogAnnouncements />
      </div>
    </dialog>
  );
}
