// The help behind `?`, drawn from the list that drives the keys.
import { builtInKeys, shortcuts } from '../shortcut-list.ts';
import { texts } from '../texts/phone.ts';
import { sharedTexts } from '../texts/shared.ts';
import { useLetterShortcuts } from '../ui/preferences.ts';
import { Sheet } from '../ui/sheet.tsx';

export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const [areOn] = useLetterShortcuts();
  return (
    <Sheet title={texts.shortcuts.title} isOpen onClose={onClose}>
      {areOn ? null : <p className="sub">{texts.shortcuts.off}</p>}
      <dl className="keys">
        {[...shortcuts, ...builtInKeys].map(({ id, shown, text }) => (
          <div key={id}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="btn btn--wide" onClick={onClose}>
        {sharedTexts.app.close}
      </button>
    </Sheet>
  );
}
