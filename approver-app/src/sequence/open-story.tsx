// Opens a recorded story: by the button, or by dropping the file anywhere on the page.
import type { TraceDocument } from 'assent/contract';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { sequenceTexts } from '../texts/sequence.ts';
import { Notice } from '../ui/notice.tsx';
import { openStoryFile } from './story-file.ts';

const { open: texts } = sequenceTexts;

export interface StoryOpener {
  pick(): void;
  /** The hidden field, and what was wrong with the last file. */
  parts: ReactNode;
}

export function useStoryOpener(onStory: (document: TraceDocument) => void): StoryOpener {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const latest = useRef(onStory);
  useEffect(() => {
    latest.current = onStory;
  });
  const open = useRef(async (file: File): Promise<void> => {
    const opened = await openStoryFile(file);
    setProblem('problem' in opened ? opened.problem : undefined);
    if ('document' in opened) latest.current(opened.document);
  });
  useEffect(() => {
    const onDrag = (event: DragEvent): void => {
      // A page that is dropped on would otherwise be left for the file.
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void open.current(file);
    };
    window.addEventListener('dragover', onDrag);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDrag);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  return {
    pick: () => field.current?.click(),
    parts: (
      <>
        <input
          ref={field}
          // Opened by its button alone.
          hidden
          type="file"
          accept=".json,application/json"
          aria-label={texts.label}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            // The same file may be picked again.
            event.target.value = '';
            if (file !== undefined) void open.current(file);
          }}
        />
        {problem === undefined ? null : (
          <Notice tone="danger" icon="warning" role="alert">
            {problem}{' '}
            <button type="button" className="link" onClick={() => setProblem(undefined)}>
              {texts.dismiss}
            </button>
          </Notice>
        )}
      </>
    ),
  };
}
