// Says since when the server is silent, what still works, and how to bring it back.
import { useEffect, useRef } from 'react';
import { texts } from '../texts/phone.ts';
import { Command } from '../ui/copy-button.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { clockTime } from '../ui/time-text.ts';
import { useSession, useSnapshot } from './session-context.tsx';

export function ConnectionNotice({ text, showCommand = false }: { text: string; showCommand?: boolean }) {
  const session = useSession();
  const { lostAtMs } = useSnapshot();
  const announce = useAnnounce();
  const wasLost = useRef(false);
  useEffect(() => {
    if (wasLost.current && lostAtMs === undefined) announce(texts.connection.back);
    wasLost.current = lostAtMs !== undefined;
  }, [lostAtMs, announce]);
  if (lostAtMs === undefined) return null;
  return (
    <Notice tone="danger" icon="offline" role="alert">
      <Prose text={texts.connection.lost} values={{ time: clockTime(lostAtMs) }} /> {text}{' '}
      <button type="button" className="link" onClick={session.reconnect}>
        {texts.connection.retry}
      </button>
      {showCommand ? (
        <>
          <p className="after">{texts.connection.command}</p>
          <Command text={texts.connection.start} />
        </>
      ) : null}
    </Notice>
  );
}
