// The binding message: the same text stands on the screen where the request began. CIBA Core §7.1.
import { sharedTexts } from '../texts/shared.ts';
import { Notice } from '../ui/notice.tsx';

/** Up to this many characters it reads as a code and is set large. */
const CODE_LENGTH = 16;

export function BindingMessage({ text }: { text: string }) {
  // CIBA Core §7.1: a client may leave it out.
  if (text === '') {
    return (
      <Notice tone="pending" icon="info">
        {sharedTexts.content.noCode}
      </Notice>
    );
  }
  return (
    <section className="match" aria-label={sharedTexts.content.codeLabel}>
      <span className="lbl">{sharedTexts.content.sameCode}</span>{' '}
      <bdi className="code" data-len={[...text].length > CODE_LENGTH ? 'long' : undefined}>
        {text}
      </bdi>
    </section>
  );
}
