// Tells screen readers of new steps, several at once: a run of polls is one sentence.
import type { Run } from 'assent/sequence';
import { useEffect, useRef } from 'react';
import { sequenceTexts } from '../texts/sequence.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { fill, plural } from '../ui/prose.tsx';

const BATCH_MS = 1_500;
const { arrived } = sequenceTexts;

export function useAnnouncedSteps(run: Run | undefined, isLive: boolean): void {
  const announce = useAnnounce();
  const told = useRef<{ id: string | undefined; count: number }>({ id: undefined, count: 0 });
  const latest = useRef(run);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = run;
    if (run === undefined || !isLive || told.current.id !== run.id) {
      told.current = { id: run?.id, count: run?.steps.length ?? 0 };
      return;
    }
    if (run.steps.length <= told.current.count || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const now = latest.current;
      if (now === undefined || now.id !== told.current.id) return;
      const count = now.steps.length - told.current.count;
      told.current = { id: now.id, count: now.steps.length };
      if (count <= 0) return;
      const sentence = now.steps.at(-1)?.sentence ?? '';
      announce(`${plural(arrived.announced, count)} ${fill(arrived.last, { sentence })}`);
    }, BATCH_MS);
  }, [run, isLive, announce]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
