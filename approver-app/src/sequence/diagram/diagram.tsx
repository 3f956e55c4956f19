// The drawing: an image of the list that lies over it. Only the rows in view are drawn, so that a long story stays smooth.
import { type Letter, PARTICIPANTS, type Run } from 'assent/sequence';
import type { RowWindow } from '../../desk/row-window.ts';
import { sequenceTexts } from '../../texts/sequence.ts';
import { fill } from '../../ui/prose.tsx';
import type { ViewRow } from '../view-rows.ts';
import { ArrowRow } from './arrow-row.tsx';
import { type Geometry, hasRoomForNames } from './geometry.ts';
import { MarkRow } from './mark-row.tsx';
import { timeAfter } from './time-labels.ts';

/** Further down than any pane is high. */
const FAR = 20_000;

interface DiagramProps {
  run: Run;
  rows: readonly ViewRow[];
  window: RowWindow;
  geometry: Geometry;
  selected: number;
  /** What comes after this row has not been played yet. */
  playedTo: number | undefined;
  newestKey: string | undefined;
  followed: Letter | undefined;
  isPresenting: boolean;
}

export function Diagram({
  run,
  rows,
  window,
  geometry,
  selected,
  playedTo,
  newestKey,
  followed,
  isPresenting,
}: DiagramProps) {
  const { width, rowHeight } = geometry;
  const { first, end, before, isWindowed } = window;
  const height = (end - first) * rowHeight;
  return (
    <svg
      className="d"
      role="img"
      aria-label={fill(sequenceTexts.diagram.image, { run: run.name })}
      width={width}
      // A short story leaves room, and the columns go on through it.
      style={{ insetBlockStart: before, blockSize: isWindowed ? height : '100%' }}
    >
      {PARTICIPANTS.map((participant) => (
        <path
          key={participant}
          className="life"
          d={`M${geometry.x[participant]} 0V${isWindowed ? height : FAR}`}
        />
      ))}
      {rows.slice(first, end).map((row, offset) => {
        const index = first + offset;
        const y = offset * rowHeight;
        const time = isPresenting
          ? ''
          : timeAfter(instantOf(row), index === 0 ? undefined : instantOfRow(rows[index - 1]));
        return row.type === 'mark' ? (
          <MarkRow key={row.key} mark={row.mark} y={y} geometry={geometry} time={time} />
        ) : (
          <ArrowRow
            key={row.key}
            row={row}
            y={y}
            geometry={geometry}
            time={time}
            isSelected={index === selected}
            isNewest={row.key === newestKey}
            isFuture={playedTo !== undefined && index > playedTo}
            followed={followed}
            isPresenting={isPresenting}
          />
        );
      })}
      {openFolds(rows, first, end).map(({ key, from, to, label }) => (
        <g key={key} className="fold-edge">
          <path
            d={`M${geometry.timeX - 92 * geometry.scale} ${(from - first) * rowHeight + 6}V${(to - first) * rowHeight - 6}`}
          />
          <title>{label}</title>
        </g>
      ))}
    </svg>
  );
}

/** The stretch of each opened fold that is in view. */
function openFolds(rows: readonly ViewRow[], first: number, end: number) {
  const folds: Array<{ key: string; from: number; to: number; label: string }> = [];
  for (let index = first; index < end; index += 1) {
    const row = rows[index];
    if (row?.type !== 'arrow' || row.index === undefined) continue;
    const last = folds.at(-1);
    if (last?.to === index) last.to = index + 1;
    else folds.push({ key: row.key, from: index, to: index + 1, label: row.step.label });
  }
  return folds;
}

function instantOf(row: ViewRow): string {
  return row.type === 'mark' ? row.mark.at : row.arrow.at;
}

function instantOfRow(row: ViewRow | undefined): string | undefined {
  return row === undefined ? undefined : instantOf(row);
}

interface ColumnHeadsProps {
  run: Run;
  tenant: string | undefined;
  geometry: Geometry;
  isPresenting: boolean;
}

/** The names over the columns. They stay while the drawing scrolls. */
export function ColumnHeads({ run, tenant, geometry, isPresenting }: ColumnHeadsProps) {
  // Names of people and addresses of APIs are nobody's business in a room.
  const names: Run['names'] = isPresenting
    ? {}
    : { ...run.names, ...(tenant === undefined ? {} : { server: tenant }) };
  const words = hasRoomForNames(geometry) ? sequenceTexts.participants : sequenceTexts.shortParticipants;
  return (
    <div className="heads" aria-hidden="true">
      {PARTICIPANTS.map((participant) => (
        <div key={participant} style={{ insetInlineStart: geometry.x[participant] }}>
          <b>{words[participant]}</b>
          <small>
            <bdi>{names[participant] ?? ''}</bdi>
          </small>
        </div>
      ))}
    </div>
  );
}
