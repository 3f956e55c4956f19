// The state of a row: a glyph and a word. A question that was refused never became a request.
import { consoleTexts } from '../../texts/console.ts';
import { Icon } from '../../ui/icons.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import type { RequestRow } from './request-row.ts';

export function RowState({ state }: { state: RequestRow['state'] }) {
  if (state !== 'refused') return <StateTag state={state} />;
  return (
    <span className="tag tag--danger">
      <Icon name="warning" />
      {consoleTexts.requests.refused}
    </span>
  );
}
