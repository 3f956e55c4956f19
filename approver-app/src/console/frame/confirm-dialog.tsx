// Asks before something is taken away that nothing brings back. It names the object; Escape and *Keep* leave everything as it is.
import type { ReactNode } from 'react';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { ActButton } from './act-button.tsx';

interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  /** What the button says: "Remove Phone of Ada". */
  label: string;
  keep: string;
  act(): Promise<unknown>;
  onClose(): void;
}

export function ConfirmDialog({ title, children, label, keep, act, onClose }: ConfirmDialogProps) {
  return (
    <DeskDialog title={title} onClose={onClose}>
      {children}
      <div className="acts">
        <button type="button" className="btn btn--s" onClick={onClose}>
          {keep}
        </button>
        <ActButton
          tone="danger"
          label={label}
          act={async () => {
            await act();
            onClose();
          }}
        />
      </div>
    </DeskDialog>
  );
}
