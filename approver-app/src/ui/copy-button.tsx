// Copies a text and says that it did.
import { sharedTexts } from '../texts/shared.ts';
import { useCopy } from './copy-text.ts';
import { Icon } from './icons.tsx';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const copy = useCopy();
  return (
    <button type="button" className="btn btn--plain btn--icon" aria-label={label} onClick={() => copy(text)}>
      <Icon name="copy" />
    </button>
  );
}

/** A command line with its copy button. */
export function Command({ text }: { text: string }) {
  return (
    <div className="cmd" dir="ltr">
      <code>{text}</code>
      <CopyButton text={text} label={sharedTexts.app.copyCommand} />
    </div>
  );
}
