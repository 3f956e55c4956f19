// Takes the events that are shown along as a file.
import type { TraceEvent } from 'assent/contract';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { saveFile } from '../../desk/save-file.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { useLiveState } from '../session/session-context.tsx';
import { toNdjson, toTraceDocument } from './event-files.ts';

const { events: texts } = consoleTexts;

/** @param events newest first, as they are listed */
export function Downloads({ events }: { events: readonly TraceEvent[] }) {
  const health = useLiveState((state) => state.health);
  const inOrder = (): TraceEvent[] => events.toReversed();
  const name = health?.tenant ?? 'tenant';
  return (
    <>
      <button
        type="button"
        className="btn btn--s"
        onClick={() => saveFile(`${name}-events.ndjson`, 'application/x-ndjson', toNdjson(inOrder()))}
      >
        <DeskIcon name="download" />
        {texts.ndjson}
      </button>
      <button
        type="button"
        className="btn btn--s"
        aria-disabled={health === undefined || undefined}
        onClick={() => {
          if (health === undefined) return;
          const document = toTraceDocument(inOrder(), health, fill(texts.documentTitle, { tenant: name }));
          saveFile(`${name}-trace.json`, 'application/json', JSON.stringify(document, null, 2));
        }}
      >
        <DeskIcon name="download" />
        {texts.document}
      </button>
    </>
  );
}
