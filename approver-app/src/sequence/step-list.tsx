// The steps as an ordered list: the content that the drawing is an image of. It lies over the drawing row by row, or stands alone
// where there is no room for one. One of its links can be reached by Tab; the arrow keys go to the others.

import type { Letter } from 'assent/sequence';
import { type MouseEvent, type RefObject, useEffect, useRef } from 'react';
import type { RowWindow } from '../desk/row-window.ts';
import { timeWithMilliseconds } from '../desk/trace-time.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { Icon } from '../ui/icons.tsx';
import { fill } from '../ui/prose.tsx';
import { writeAddress } from './address.ts';
import type { Selection, ViewRow } from './view-rows.ts';

interface StepListProps {
  runName: string;
  rows: readonly ViewRow[];
  window: RowWindow;
  /** Lies over the drawing: the words are there for those who do not see it. */
  isOverlay: boolean;
  selected: number;
  followed: Letter | undefined;
  rowHeight: number;
  onSelect(selection: Selection): void;
  onToggle(row: Extract<ViewRow, { type: 'arrow' }>): void;
}

export function StepList(props: StepListProps) {
  const { runName, rows, window, isOverlay, selected, rowHeight } = props;
  const list = useRef<HTMLOListElement>(null);
  useFocusOnSelected(list, selected);
  const { first, end, before, after, isWindowed } = window;
  return (
    <ol
      ref={list}
      className={`${isOverlay ? 'overlay' : 'sl'}${isWindowed ? ' windowed' : ''}`}
      aria-label={fill(sequenceTexts.list.label, { run: runName })}
      style={{ paddingBlockStart: before, paddingBlockEnd: after }}
    >
      {rows.slice(first, end).map((row, offset) => {
        const index = first + offset;
        const place = isWindowed ? { 'aria-posinset': index + 1, 'aria-setsize': rows.length } : {};
        return (
          <li
            key={row.key}
            className={row.type === 'mark' ? `li-mark li-mark--${row.mark.tone}` : undefined}
            style={isOverlay ? { blockSize: rowHeight } : undefined}
            {...place}
          >
            {row.type === 'mark' ? (
              <p className={isOverlay ? 'vh' : 'mark-text'}>
                {isOverlay ? fill(sequenceTexts.list.mark, { text: row.mark.text }) : row.mark.text}
              </p>
            ) : (
              <StepLink {...props} row={row} index={index} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

interface StepLinkProps extends StepListProps {
  row: Extract<ViewRow, { type: 'arrow' }>;
  index: number;
}

function StepLink({
  row,
  index,
  runName,
  isOverlay,
  selected,
  followed,
  rows,
  onSelect,
  onToggle,
}: StepLinkProps) {
  const { step, arrow } = row;
  const { participants, letters } = sequenceTexts;
  const isCurrent = index === selected;
  const isTabStop = isCurrent || (selected < 0 && index === rows.length - 1);
  const count = step.arrows.length;
  const selection: Selection = { step: step.number, index: row.index };
  const follow = (event: MouseEvent): void => {
    // A new tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (isCurrent && count > 1) onToggle(row);
    else onSelect(selection);
  };
  const words = fill(sequenceTexts.list.item, {
    from: participants[arrow.from],
    to: participants[arrow.to],
    label: arrow.label,
    sentence: arrow.sentence,
  });
  const folded = count > 1 && row.index === undefined;
  return (
    <a
      href={writeAddress({ run: runName, selection })}
      aria-current={isCurrent ? 'step' : undefined}
      {...(count > 1 ? { 'aria-expanded': row.index !== undefined } : {})}
      tabIndex={isTabStop ? 0 : -1}
      data-row={index}
      onClick={follow}
    >
      {isOverlay ? (
        <span className="vh">
          {step.number}. {words} {folded ? fill(sequenceTexts.list.repeated, { count }) : ''}
        </span>
      ) : (
        <>
          <span className="nn">{step.number}</span>
          <span className="body">
            <span className="dir">
              {participants[arrow.from]} <Icon name="forward" /> {participants[arrow.to]}
              {folded ? <b>{fill(sequenceTexts.diagram.repeated, { count })}</b> : null}
              {row.index === undefined ? null : (
                <b>{fill(sequenceTexts.list.ofMany, { index: row.index + 1, count })}</b>
              )}
            </span>
            <span className="says">{arrow.sentence}</span>
            <span className="line">
              <code>{arrow.label}</code> <time dateTime={arrow.at}>{timeWithMilliseconds(arrow.at)}</time>
            </span>
            {arrow.values.length === 0 ? null : (
              <span className="vals">
                {arrow.values.map((letter) => (
                  <span key={letter} className={`v v--${letter}${letter === followed ? ' v--followed' : ''}`}>
                    {letter} {letters[letter]}
                  </span>
                ))}
              </span>
            )}
          </span>
        </>
      )}
    </a>
  );
}

/** Whoever moves within the list takes the focus along; nobody else is moved. */
function useFocusOnSelected(list: RefObject<HTMLOListElement | null>, selected: number): void {
  useEffect(() => {
    if (list.current?.contains(document.activeElement) !== true) return;
    list.current.querySelector<HTMLElement>(`[data-row="${selected}"]`)?.focus({ preventScroll: true });
  }, [list, selected]);
}
