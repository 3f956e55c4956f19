// The drawing with the list over it, or the list alone, in the one pane that scrolls. New steps are followed for as long as the end
// is in view and nothing was selected: nothing moves away from whoever reads.
import type { Letter, Run } from 'assent/sequence';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useRowWindow } from '../desk/row-window.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { plural } from '../ui/prose.tsx';
import { ColumnHeads, Diagram } from './diagram/diagram.tsx';
import { layOut } from './diagram/geometry.ts';
import { StepList } from './step-list.tsx';
import { useRootFontSize } from './use-layout.ts';
import type { Selection, ViewRow } from './view-rows.ts';

/** How much larger the drawing is for a room. */
const PRESENTED = 1.45;
/** Height of a row of the list alone, where it is too long to be drawn whole: in units of the text. */
const LIST_ROW_REM = 8.5;

interface StageProps {
  run: Run;
  tenant: string | undefined;
  rows: readonly ViewRow[];
  isList: boolean;
  /** For a room: larger, and without times and names. */
  isPresenting: boolean;
  selected: number;
  isFollowing: boolean;
  playedTo: number | undefined;
  followed: Letter | undefined;
  onSelect(selection: Selection): void;
  onToggle(row: Extract<ViewRow, { type: 'arrow' }>): void;
  onFollow(): void;
}

export function Stage(props: StageProps) {
  const { run, tenant, rows, isList, isPresenting, selected, isFollowing, playedTo, followed } = props;
  const { onSelect, onToggle } = props;
  const pane = useRef<HTMLDivElement>(null);
  const fontSize = useRootFontSize();
  const width = useWidth(pane);
  const geometry = layOut(width, isPresenting ? fontSize * PRESENTED : fontSize, !isPresenting);
  const rowHeight = isList ? LIST_ROW_REM * fontSize : geometry.rowHeight;
  const window = useRowWindow(pane, rows.length, rowHeight);
  const isAtEnd = useEndInView(pane, rowHeight);
  const unseen = useUnseen(run, isFollowing && isAtEnd);
  useFollowedEnd(pane, rows.length, rowHeight, isFollowing && isAtEnd);
  useSelectedInView(pane, selected, rowHeight, isFollowing, window.isWindowed || !isList);
  const last = rows.at(-1);
  // Room for what waits behind the bar.
  const waiting = last?.type === 'mark' && last.mark.waiting !== undefined ? 1 : 0;
  const height = (rows.length + waiting) * geometry.rowHeight;
  return (
    <section className="dia" aria-label={sequenceTexts.diagram.label}>
      {isList ? null : (
        <ColumnHeads run={run} tenant={tenant} geometry={geometry} isPresenting={isPresenting} />
      )}
      <div className="pane" ref={pane}>
        {isList ? null : (
          <div className="canvas" style={{ blockSize: height }}>
            <Diagram
              run={run}
              rows={rows}
              window={window}
              geometry={geometry}
              selected={selected}
              playedTo={playedTo}
              newestKey={isFollowing ? rows.at(-1)?.key : undefined}
              followed={followed}
              isPresenting={isPresenting}
            />
          </div>
        )}
        <StepList
          runName={run.name}
          rows={rows}
          window={window}
          isOverlay={!isList}
          selected={selected}
          followed={followed}
          rowHeight={rowHeight}
          onSelect={onSelect}
          onToggle={onToggle}
        />
      </div>
      {unseen > 0 ? (
        <button
          type="button"
          className="btn btn--s arrived"
          onClick={() => {
            props.onFollow();
            pane.current?.scrollTo({ top: pane.current.scrollHeight });
          }}
        >
          {plural(sequenceTexts.arrived.bar, unseen)}
        </button>
      ) : null}
    </section>
  );
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const read = (): void => setWidth(measured.clientWidth);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** Whether the last row is, or nearly is, in view. */
function useEndInView(pane: RefObject<HTMLElement | null>, rowHeight: number): boolean {
  const [isInView, setIsInView] = useState(true);
  useEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const read = (): void =>
      setIsInView(element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight * 1.5);
    element.addEventListener('scroll', read, { passive: true });
    return () => element.removeEventListener('scroll', read);
  }, [pane, rowHeight]);
  return isInView;
}

/** Also when rows grow for a room, or the pane shrinks under what opens above it. */
function useFollowedEnd(
  pane: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  isFollowed: boolean,
): void {
  useLayoutEffect(() => {
    const element = pane.current;
    if (element === null || !isFollowed || count * rowHeight === 0) return;
    const toEnd = (): void => {
      element.scrollTop = element.scrollHeight;
    };
    toEnd();
    const observer = new ResizeObserver(toEnd);
    observer.observe(element);
    return () => observer.disconnect();
  }, [pane, count, rowHeight, isFollowed]);
}

/** How many steps came since the end was last followed. */
function useUnseen(run: Run, isFollowed: boolean): number {
  const { id } = run;
  const count = run.steps.length;
  const [known, setKnown] = useState({ id, count });
  const isKnown = known.id === id && known.count === count;
  // While the page is drawn, so that no step is told of as new for the length of a frame.
  if ((known.id !== id || isFollowed) && !isKnown) setKnown({ id, count });
  return known.id === id ? Math.max(0, count - known.count) : 0;
}

/** What was selected is brought into view, by as little as possible. */
function useSelectedInView(
  pane: RefObject<HTMLElement | null>,
  selected: number,
  rowHeight: number,
  isFollowing: boolean,
  hasRowsOfOneHeight: boolean,
): void {
  useEffect(() => {
    const element = pane.current;
    if (element === null || selected < 0 || isFollowing) return;
    const drawn = element.querySelector<HTMLElement>(`[data-row="${selected}"]`);
    if (!hasRowsOfOneHeight || drawn !== null) {
      drawn?.scrollIntoView({ block: 'nearest' });
      return;
    }
    element.scrollTop = selected * rowHeight - element.clientHeight / 2;
  }, [pane, selected, rowHeight, isFollowing, hasRowsOfOneHeight]);
}
