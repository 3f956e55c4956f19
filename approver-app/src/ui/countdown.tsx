// Time left, as a number and as a scale. The number never interrupts a screen reader; two spoken notices do, once each.
import { useEffect, useRef } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { useAnnounce } from './live-region.tsx';
import { fill } from './prose.tsx';
import { TimeScale } from './time-scale.tsx';
import { countdownText } from './time-text.ts';

const NOTICES = [
  { leftMs: 60_000, text: sharedTexts.countdown.oneMinute },
  { leftMs: 20_000, text: sharedTexts.countdown.twentySeconds },
] as const;

export function Countdown({ leftMs }: { leftMs: number }) {
  const time = countdownText(leftMs);
  useSpokenNotices(leftMs);
  return (
    <span
      className="clock"
      role="timer"
      aria-live="off"
      aria-label={fill(sharedTexts.countdown.timeLeft, { time })}
    >
      <small>{sharedTexts.countdown.left}</small>
      <bdi>{time}</bdi>
    </span>
  );
}

export function CountdownScale({ leftMs, totalMs }: { leftMs: number; totalMs: number }) {
  return (
    <div className="time">
      <TimeScale leftMs={leftMs} totalMs={totalMs} />
    </div>
  );
}

/** Speaks when the time left passes a mark while this is on screen; nothing for a mark that had passed before. */
function useSpokenNotices(leftMs: number): void {
  const announce = useAnnounce();
  const earlierMs = useRef(leftMs);
  useEffect(() => {
    const passed = NOTICES.findLast((notice) => earlierMs.current > notice.leftMs && leftMs <= notice.leftMs);
    earlierMs.current = leftMs;
    if (passed !== undefined && leftMs > 0) announce(passed.text);
  }, [leftMs, announce]);
}
