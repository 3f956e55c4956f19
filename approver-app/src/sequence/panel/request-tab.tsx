// What was sent.
import { KeyValues } from './key-values.tsx';
import type { StepTabProps } from './panel-tabs.ts';

export function RequestTab({ arrow: { exchange } }: StepTabProps) {
  if (exchange === undefined) return null;
  const { method, path, content_type: contentType, parameters } = exchange.request;
  return (
    <>
      <p className="line">
        {method} {path}
      </p>
      {contentType === undefined ? null : <p className="quiet">{contentType}</p>}
      <KeyValues entries={Object.entries(parameters)} />
    </>
  );
}
