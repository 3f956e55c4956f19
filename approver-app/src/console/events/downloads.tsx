// Takes the events that are shown along as a file: one JSON value per line, for tools, or a trace document, which the sequence view and
// the test kit read. They hold what the trace holds, so no secrets.
import type { TraceEvent } from 'assent/contract';
import { writeTraceDocument } from 'assent/sequence';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { saveFile } from '../../desk/save-file.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { useLiveState } from '../session/session-context.tsx';

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
          const { issuer, tenant, version } = health;
          const title = fill(texts.documentTitle, { tenant });
          const document = writeTraceDocument(inOrder(), { title, issuer, tenant, assent: version });
          saveFile(`${name}-trace.json`, 'application/json', JSON.stringify(document, null, 2));
        }}
      >
        <DeskIcon name="download" />
        {texts.document}
      </button>
    </>
  );
}

function toNdjson(events: readonly TraceEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
