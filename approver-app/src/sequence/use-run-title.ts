// The title of the page: which request is shown.
import type { Run } from 'assent/sequence';
import { useEffect } from 'react';
import { sequenceTexts } from '../texts/sequence.ts';
import { fill } from '../ui/prose.tsx';

export function useRunTitle(run: Run | undefined): void {
  const title =
    run === undefined ? undefined : fill(sequenceTexts.pageTitle, { run: `${run.name} ${run.title}` });
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
}
