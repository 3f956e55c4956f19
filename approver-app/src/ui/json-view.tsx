// JSON as text, members in the order in which they were received.
import { sharedTexts } from '../texts/shared.ts';
import { CopyButton } from './copy-button.tsx';

export function JsonView({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="json">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="codeblock" tabIndex={0} dir="ltr">
        {text}
      </pre>
      <CopyButton text={text} label={sharedTexts.app.copy} />
    </div>
  );
}
