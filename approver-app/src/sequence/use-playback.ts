// Plays the steps in their own pace, within limits: nobody waits for a minute of polling, and nothing rushes past.
import { useEffect, useRef, useState } from 'react';
import type { ViewRow } from './view-rows.ts';

const SPEEDS = [1, 2, 4, 0.5] as const;
type Speed = (typeof SPEEDS)[number];

const SHORTEST_MS = 500;
const LONGEST_MS = 2_000;

export interface Playback {
  isPlaying: boolean;
  speed: Speed;
  play(): void;
  pause(): void;
  nextSpeed(): void;
}

/**
 * @param current index of the row that is shown
 * @param onStep shows the next arrow; answers whether there was one
 */
export function usePlayback(rows: readonly ViewRow[], current: number, onStep: () => boolean): Playback {
  const [isPlaying, setIsPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const latest = useRef({ rows, onStep });
  useEffect(() => {
    latest.current = { rows, onStep };
  });
  // What arrives meanwhile does not begin the wait anew: in a busy tenant it would never be over.
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (!latest.current.onStep()) setIsPlaying(false);
    }, waitAfter(latest.current.rows, current) / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, speed, current]);
  return {
    isPlaying,
    speed,
    play: () => setIsPlaying(true),
    pause: () => setIsPlaying(false),
    nextSpeed: () => setSpeed((now) => SPEEDS[(SPEEDS.indexOf(now) + 1) % SPEEDS.length] ?? 1),
  };
}

function waitAfter(rows: readonly ViewRow[], current: number): number {
  const [now, next] = [instantOf(rows[current]), instantOf(rows[current + 1])];
  if (now === undefined || next === undefined) return SHORTEST_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, next - now));
}

function instantOf(row: ViewRow | undefined): number | undefined {
  if (row === undefined) return undefined;
  return Date.parse(row.type === 'mark' ? row.mark.at : row.arrow.at);
}
