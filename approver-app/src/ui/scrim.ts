// What lies around a modal dialog: pressing it closes the dialog.
import { type MouseEvent, type RefObject, useRef } from 'react';

/** Closes when the scrim was pressed: both down and up, so that a selection which ends there closes nothing. */
export function useScrim(dialog: RefObject<HTMLDialogElement | null>, close: () => void) {
  const began = useRef(false);
  // The body covers the dialog, so what meets the dialog itself is beside it.
  const isBeside = ({ target }: MouseEvent): boolean => target === dialog.current;
  return {
    onMouseDown: (event: MouseEvent) => {
      began.current = isBeside(event);
    },
    onClick: (event: MouseEvent) => {
      if (began.current && isBeside(event)) close();
    },
  };
}
