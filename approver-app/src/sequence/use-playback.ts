// Plays the steps in their own pace, within limits: nobody waits for a minute of polling, and nothing rushes past.
import { useEffect, useState } from 'react';
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
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (!onStep()) setIsPlaying(false);
    }, waitAfter(rows, current) / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, speed, rows, current, onStep]);
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
