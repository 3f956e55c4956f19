// Which rows of a long list are drawn: those in view and a few around them. Rows of one height; short lists are drawn whole, and may
// have rows of any height.
import { type RefObject, useEffect, useState } from 'react';

export interface RowWindow {
  first: number;
  /** Behind the last one. */
  end: number;
  /** Height in pixels that stands for the rows before and after. */
  before: number;
  after: number;
  isWindowed: boolean;
}

/** Up to this many, nothing is left out. */
export const DRAWN_WHOLE = 150;
const AROUND = 12;

export function windowOf(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  if (count <= DRAWN_WHOLE) return { first: 0, end: count, before: 0, after: 0, isWindowed: false };
  const top = Math.floor(scrollTop / rowHeight);
  const first = Math.max(0, Math.min(top - AROUND, count - 1));
  const end = Math.min(count, top + Math.ceil(height / rowHeight) + AROUND);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight, isWindowed: true };
}

/** @param pane what scrolls */
export function useRowWindow(
  pane: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [view, setView] = useState({ scrollTop: 0, height: 900 });
  useEffect(() => {
    const element = pane.current;
    if (element === null) return;
    let isPlanned = false;
    const read = (): void => {
      isPlanned = false;
      setView({ scrollTop: element.scrollTop, height: element.clientHeight });
    };
    const plan = (): void => {
      if (isPlanned) return;
      isPlanned = true;
      requestAnimationFrame(read);
    };
    read();
    element.addEventListener('scroll', plan, { passive: true });
    const observer = new ResizeObserver(plan);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', plan);
      observer.disconnect();
    };
  }, [pane]);
  return windowOf(count, rowHeight, view.scrollTop, view.height);
}
