// Whether anything is heard: a word in the bar, and a banner over the page where what is shown may be old.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { deskTexts } from '../texts/desk.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Prose } from '../ui/prose.tsx';
import { exactTime } from '../ui/time-text.ts';
import type { LiveState, LiveTrace } from './live-trace.ts';

export function useLive(trace: LiveTrace): LiveState {
  return useSyncExternalStore(trace.watch, trace.state);
}

/** One part of it: the page is drawn again only when that part is another one. */
export function useLivePart<T>(trace: LiveTrace, part: (state: LiveState) => T): T {
  return useSyncExternalStore(trace.watch, () => part(trace.state()));
}

export function ConnectionWord({ trace }: { trace: LiveTrace }) {
  const phase = useLivePart(trace, (state) => state.phase);
  return (
    <span className={phase === 'live' ? 'live' : 'live live--off'} role="status" data-phase={phase}>
      {deskTexts.connection[phase]}
    </span>
  );
}

export function ConnectionBanner({ trace }: { trace: LiveTrace }) {
  const phase = useLivePart(trace, (state) => state.phase);
  const sinceMs = useLivePart(trace, (state) => state.sinceMs);
  const isOutdated = useLivePart(trace, (state) => state.isOutdated);
  const version = useLivePart(trace, (state) => state.health?.version ?? '');
  useBackNotice(phase === 'stopped', phase === 'live');
  return (
    <>
      {phase === 'stopped' ? (
        <div className="banner" role="alert">
          <Icon name="offline" />
          <span className="banner-text">
            <Prose text={deskTexts.connection.lost} values={{ time: exactTime(sinceMs) }} />{' '}
            {deskTexts.connection.lostLead}
          </span>
          <span className="cmd">
            <code>{deskTexts.connection.start}</code>
            <CopyButton text={deskTexts.connection.start} label={deskTexts.connection.start} />
          </span>
          <span>{deskTexts.connection.retrying}</span>
          <button type="button" className="btn btn--s" onClick={() => trace.retryNow()}>
            {deskTexts.connection.retry}
          </button>
        </div>
      ) : null}
      {isOutdated ? (
        <div className="banner" role="alert">
          <Icon name="info" />
          <span className="banner-text">
            <Prose text={deskTexts.connection.outdated} values={{ version }} />
          </span>
          <button type="button" className="btn btn--s" onClick={() => window.location.reload()}>
            {deskTexts.connection.reload}
          </button>
        </div>
      ) : null}
    </>
  );
}

function useBackNotice(isLost: boolean, isLive: boolean): void {
  const announce = useAnnounce();
  const wasLost = useRef(false);
  useEffect(() => {
    if (isLost) wasLost.current = true;
    else if (isLive && wasLost.current) {
      wasLost.current = false;
      announce(deskTexts.connection.back);
    }
  }, [isLost, isLive, announce]);
}
