// A modal dialog of the browser's own kind: it holds focus, and Escape or its button closes it. Closing never changes anything.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { deskTexts } from '../texts/desk.ts';
import { Icon } from '../ui/icons.tsx';
import { DialogAnnouncements } from '../ui/live-region.tsx';
import { useScrim } from '../ui/scrim.ts';

interface DeskDialogProps {
  title: ReactNode;
  onClose(): void;
  /** Wider, for code. */
  isWide?: boolean;
  children: ReactNode;
}

/** Open for as long as it is rendered. */
export function DeskDialog({ title, onClose, isWide = false, children }: DeskDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    // Where somebody was; a dialog that is taken out of the page does not go back by itself.
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const scrim = useScrim(dialog, onClose);
  return (
    <dialog
      ref={dialog}
      className={isWide ? 'desk-dialog desk-dialog--wide' : 'desk-dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      {...scrim}
    >
      <div className="desk-dialog-body">
        <div className="desk-dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button
            type="button"
            className="btn btn--s btn--icon btn--plain"
            aria-label={deskTexts.dialog.close}
            onClick={onClose}
          >
            <Icon name="deny" />
          </button>
        </div>
        {children}
        <DialogAnnouncements />
      </div>
    </dialog>
  );
}
