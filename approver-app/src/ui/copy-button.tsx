// Copies a text and says that it did: in the live region, and by its icon for those who see it.
import { useEffect, useState } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { useCopy } from './copy-text.ts';
import { Icon } from './icons.tsx';

const SHOWN_FOR_MS = 2_000;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const copy = useCopy();
  const [copiedAt, setCopiedAt] = useState<number>();
  useEffect(() => {
    if (copiedAt === undefined) return;
    const timer = setTimeout(() => setCopiedAt(undefined), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [copiedAt]);
  const onClick = async (): Promise<void> => {
    if (await copy(text)) setCopiedAt(performance.now());
  };
  return (
    <button
      type="button"
      className="btn btn--plain btn--icon"
      aria-label={label}
      data-copied={copiedAt !== undefined || undefined}
      onClick={() => void onClick()}
    >
      <Icon name={copiedAt === undefined ? 'copy' : 'approve'} />
    </button>
  );
}

/** A command line with its copy button. Where there is little room it wraps between words: browsers would also break after a hyphen. */
export function Command({ text }: { text: string }) {
  return (
    <div className="cmd" dir="ltr">
      <code>
        {[...text.matchAll(/\S+|\s+/g)].map(({ 0: part, index }) =>
          part.trim() === '' ? (
            part
          ) : (
            <span className="cmd-word" key={index}>
              {part}
            </span>
          ),
        )}
      </code>
      <CopyButton text={text} label={sharedTexts.app.copyCommand} />
    </div>
  );
}
