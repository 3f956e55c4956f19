// The story as a file: for another view, for a document, or to be replayed without a server. Says what is not in it.
import {
  findRedacted,
  type Run,
  writeMermaid,
  writeReplayPage,
  writeSvg,
  writeTraceDocument,
} from 'assent/sequence';
import { useState } from 'react';
import { DeskDialog } from '../desk/desk-dialog.tsx';
import { saveFile } from '../desk/save-file.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import type { Story } from './story.ts';

const { exports: texts } = sequenceTexts;

interface ExportDialogProps {
  story: Story;
  run: Run;
  /** The page that replays, waiting for a story; undefined where none can be had. */
  replayPage: (() => Promise<string>) | undefined;
  onClose(): void;
}

export function ExportDialog({ story, run, replayPage, onClose }: ExportDialogProps) {
  const announce = useAnnounce();
  const [failure, setFailure] = useState<string>();
  const { origin } = story;
  const title = `${run.name} ${run.title}`;
  const document = (ref: string | undefined) =>
    origin === undefined
      ? undefined
      : writeTraceDocument(story.events, ref === undefined ? origin : { ...origin, title }, ref);
  /** @param write answers undefined where what it needs cannot be had */
  const save = async (
    extension: string,
    type: string,
    write: () => string | undefined | Promise<string | undefined>,
  ): Promise<void> => {
    setFailure(undefined);
    try {
      const content = await write();
      if (content === undefined) return setFailure(texts.failed);
      const name = `assent-${run.name}.${extension}`;
      saveFile(name, type, content);
      announce(fill(texts.saved, { name }));
    } catch (reason) {
      // A text may become longer than the browser takes.
      setFailure(reason instanceof RangeError ? texts.tooLong : texts.failed);
    }
  };
  const toJson = (value: unknown): string | undefined =>
    value === undefined ? undefined : `${JSON.stringify(value, null, 2)}\n`;
  const writeReplay = async (): Promise<string | undefined> => {
    const page = await replayPage?.();
    const own = document(run.id);
    return page === undefined || own === undefined ? undefined : writeReplayPage(page, own);
  };
  const { choices: words } = texts;
  const choices = [
    {
      ...words.json,
      act: () => save('assent-trace.json', 'application/json', () => toJson(document(run.id))),
    },
    {
      label: words.whole.label,
      lead: words.whole.lead[story.extent],
      act: () => save('all.assent-trace.json', 'application/json', () => toJson(document(undefined))),
    },
    ...(replayPage === undefined
      ? []
      : [{ ...words.html, act: () => save('html', 'text/html', writeReplay) }]),
    { ...words.mermaid, act: () => save('mmd', 'text/plain', () => writeMermaid(run)) },
    { ...words.svg, act: () => save('svg', 'image/svg+xml', () => writeSvg(run)) },
  ];
  const redacted = findRedacted(run.events);
  return (
    <DeskDialog title={fill(texts.title, { run: run.name })} onClose={onClose}>
      <ul className="exports">
        {choices.map(({ label, lead, act }) => (
          <li key={label}>
            <button type="button" className="btn btn--wide" onClick={() => void act()}>
              {label}
            </button>
            <p className="quiet">{lead}</p>
          </li>
        ))}
      </ul>
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning" role="alert">
          {failure}
        </Notice>
      )}
      <p className="quiet">
        {redacted.length === 0 ? (
          texts.nothingRedacted
        ) : (
          <Prose text={texts.redacted} values={{ names: redacted.join(', ') }} />
        )}
      </p>
    </DeskDialog>
  );
}
