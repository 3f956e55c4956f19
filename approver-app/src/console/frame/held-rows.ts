// New rows wait in a bar while somebody reads the list: nothing moves under a reader.
import { type RefObject, useEffect, useState } from 'react';

export interface HeldRows<Row> {
  shown: readonly Row[];
  /** How many wait. */
  held: number;
  release(): void;
}

/**
 * @param rows newest first
 * @param orderOf grows from row to newer row
 */
export function useHeldRows<Row>(
  rows: readonly Row[],
  orderOf: (row: Row) => number,
  isReading: boolean,
): HeldRows<Row> {
  const [limit, setLimit] = useState(Number.POSITIVE_INFINITY);
  const newest = rows.reduce((most, row) => Math.max(most, orderOf(row)), Number.NEGATIVE_INFINITY);
  const hasRows = rows.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only beginning to read sets the limit, not each newer row
  useEffect(() => {
    setLimit(isReading && hasRows ? newest : Number.POSITIVE_INFINITY);
  }, [isReading, hasRows]);
  const shown = limit === Number.POSITIVE_INFINITY ? rows : rows.filter((row) => orderOf(row) <= limit);
  return { shown, held: rows.length - shown.length, release: () => setLimit(newest) };
}

/** Whether somebody is somewhere in the list: it was scrolled, or one of its rows has focus. */
export function useIsInList(pane: RefObject<HTMLElement | null>): boolean {
  const [isIn, setIsIn] = useState(false);
  useEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const look = (): void => {
      const focused = document.activeElement;
      setIsIn(element.scrollTop > 0 || (focused?.closest('tbody') ? element.contains(focused) : false));
    };
    element.addEventListener('scroll', look, { passive: true });
    element.addEventListener('focusin', look);
    element.addEventListener('focusout', look);
    return () => {
      element.removeEventListener('scroll', look);
      element.removeEventListener('focusin', look);
      element.removeEventListener('focusout', look);
    };
  }, [pane]);
  return isIn;
}
