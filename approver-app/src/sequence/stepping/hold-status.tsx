// "held for 0:42", in the bar, and said once to those who do not see it.
import type { HeldExchange } from 'assent/contract';
import { useEffect, useRef } from 'react';
import { steppingTexts } from '../../texts/stepping.ts';
import { useAnnounce } from '../../ui/live-region.tsx';
import { fill } from '../../ui/prose.tsx';
import { heldTime } from './held-words.tsx';
import { useSince } from './use-since.ts';

export function HoldStatus({ hold, readAtMs }: { hold: HeldExchange; readAtMs: number }) {
  const sinceReadMs = useSince(readAtMs, true);
  return (
    // A number that changes every second is not read out.
    <span className="live live--held" role="timer">
      {fill(steppingTexts.held.status, { time: heldTime(hold, sinceReadMs) })}
    </span>
  );
}

export function useAnnouncedHolds(held: readonly HeldExchange[]): void {
  const announce = useAnnounce();
  const told = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const fresh = held.filter(({ id, because }) => because === 'break_point' && !told.current.has(id));
    told.current = new Set(held.map(({ id }) => id));
    const [first] = fresh;
    if (first !== undefined)
      announce(fill(steppingTexts.held.announced, { what: steppingTexts.waiting[first.arrow] }));
  }, [held, announce]);
}
