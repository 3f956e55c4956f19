// The list of shortcuts, as it drives the keys.
import { deskTexts } from '../texts/desk.ts';
import { useLetterShortcuts } from '../ui/preferences.ts';
import { Prose } from '../ui/prose.tsx';
import { DeskDialog } from './desk-dialog.tsx';
import { shownKeys } from './keys.ts';

interface KeysDialogProps {
  entries: ReadonlyArray<{ keys: string; text: string }>;
  onClose(): void;
}

export function KeysDialog({ entries, onClose }: KeysDialogProps) {
  const [lettersAreOn] = useLetterShortcuts();
  return (
    <DeskDialog title={deskTexts.keys.title} onClose={onClose}>
      {lettersAreOn ? null : (
        <p className="quiet">
          <Prose text={deskTexts.keys.off} />
        </p>
      )}
      <dl className="keys">
        {entries.map(({ keys, text }) => (
          <div key={keys}>
            <dt>
              {shownKeys(keys).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </DeskDialog>
  );
}
