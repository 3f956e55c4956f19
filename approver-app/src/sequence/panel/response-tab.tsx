// What came back.
import { KeyValues } from './key-values.tsx';
import type { StepTabProps } from './panel-tabs.ts';

export function ResponseTab({ arrow: { exchange } }: StepTabProps) {
  if (exchange === undefined) return null;
  const { status, headers, body } = exchange.response;
  return (
    <>
      <p className="line">{status}</p>
      <KeyValues entries={Object.entries(headers)} />
      {body === undefined ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className="codeblock" tabIndex={0} dir="ltr">
          {JSON.stringify(body, null, 2)}
        </pre>
      )}
    </>
  );
}
