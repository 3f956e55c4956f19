// One arrow of the drawing: its time, line, number, label and the values that travel on it.
import type { Arrow, Letter, StepKind } from 'assent/sequence';
import { sequenceTexts } from '../../texts/sequence.ts';
import { fill } from '../../ui/prose.tsx';
import type { ViewRow } from '../view-rows.ts';
import { fitLabel, type Geometry } from './geometry.ts';

const WALLED: ReadonlySet<StepKind> = new Set(['api-called', 'attack']);

/** Fewer say nothing. */
const LEAST_CHARACTERS = 10;

interface ArrowRowProps {
  row: Extract<ViewRow, { type: 'arrow' }>;
  y: number;
  geometry: Geometry;
  time: string;
  isSelected: boolean;
  isNewest: boolean;
  isFuture: boolean;
  followed: Letter | undefined;
  isPresenting: boolean;
}

export function ArrowRow({
  row,
  y,
  geometry,
  time,
  isSelected,
  isNewest,
  isFuture,
  followed,
  isPresenting,
}: ArrowRowProps) {
  const { arrow, step } = row;
  const { scale, x, timeX, badge, character, rowHeight, width } = geometry;
  const line = y + 29 * scale;
  const [from, to] = [x[arrow.from], x[arrow.to]];
  const direction = to > from ? 1 : -1;
  const start = from + direction * badge;
  const isStopped = arrow.outcome === 'stopped';
  // A call that a check has stopped got as far as its door.
  const isAtWall = isStopped && WALLED.has(arrow.kind);
  const reach = isAtWall ? to - direction * 24 * scale : isStopped ? from + (to - from) * 0.72 : to;
  const tip = reach - direction;
  const room = Math.abs(to - from) - 2 * badge - 4 * scale;
  const count = row.index === undefined ? step.arrows.length : 1;
  const counted = count > 1 ? fill(sequenceTexts.diagram.repeated, { count }) : '';
  const chip = 18 * scale;
  const extras =
    arrow.values.length * (chip + 3 * scale) + (counted === '' ? 0 : (counted.length + 1.4) * character);
  const label = fitLabel(
    isPresenting ? spokenLabel(arrow) : arrow.label,
    Math.max(room - extras, LEAST_CHARACTERS * character),
    character,
  );
  const textWidth = label.length * character;
  const whole = textWidth + extras + (extras > 0 ? 6 * scale : 0);
  const left = Math.max(
    Math.min(from, to) + badge + 3 * scale,
    Math.min((from + to) / 2 - whole / 2, Math.max(from, to) - whole - 4 * scale),
  );
  const className = [
    'arrow',
    arrow.isResponse ? 'res' : '',
    arrow.outcome === 'plain' ? '' : arrow.outcome,
    isSelected ? 'sel' : '',
    isNewest ? 'new' : '',
    isFuture ? 'future' : '',
    followed !== undefined && arrow.values.includes(followed) ? 'carries' : '',
  ].join(' ');
  return (
    <g className={className}>
      {isSelected ? (
        <>
          <rect className="band" x={0} y={y} width={width} height={rowHeight - 2 * scale} />
          <rect className="band-edge" x={0} y={y} width={4} height={rowHeight - 2 * scale} />
        </>
      ) : null}
      <text className="t-time" x={timeX} y={line + 4 * scale} textAnchor="end">
        {time}
      </text>
      <path className="wire" d={`M${start} ${line}H${tip}`} pathLength={arrow.isResponse ? undefined : 1} />
      <Head
        at={reach}
        line={line}
        direction={direction}
        scale={scale}
        isOpen={arrow.isResponse}
        isStopped={isStopped}
      />
      {isAtWall ? (
        <path className="wall" d={`M${to - direction * 8 * scale} ${line - 20 * scale}v${40 * scale}`} />
      ) : null}
      <circle className="badge" cx={from} cy={line} r={badge} />
      <text className="t-num" x={from} y={line + 4.2 * scale}>
        {step.number}
      </text>
      <text className="lab halo" x={left} y={line - 8 * scale}>
        {label}
      </text>
      {arrow.values.map((letter, index) => (
        <Chip
          key={letter}
          letter={letter}
          x={left + textWidth + 6 * scale + index * (chip + 3 * scale)}
          y={line - 21 * scale}
          scale={scale}
          isFollowed={letter === followed}
        />
      ))}
      {counted === '' ? null : (
        <g className="fold">
          <rect
            x={left + whole - (counted.length + 1) * character}
            y={line - 21 * scale}
            width={(counted.length + 1) * character}
            height={chip}
            rx={8.5 * scale}
          />
          <text x={left + whole - (counted.length + 0.5) * character} y={line - 7.5 * scale}>
            {counted}
          </text>
        </g>
      )}
    </g>
  );
}

/** What one would say of it, in place of its line on the wire. */
function spokenLabel(arrow: Arrow): string {
  return sequenceTexts.presenter.labels[arrow.kind];
}

interface HeadProps {
  at: number;
  line: number;
  direction: 1 | -1;
  scale: number;
  isOpen: boolean;
  isStopped: boolean;
}

function Head({ at, line, direction, scale, isOpen, isStopped }: HeadProps) {
  const back = at - direction * 10 * scale;
  const half = 5.6 * scale;
  if (isStopped) {
    return (
      <path
        className="head-stop"
        d={`M${at - half} ${line - half}L${at + half} ${line + half}M${at + half} ${line - half}L${at - half} ${line + half}`}
      />
    );
  }
  const points = `M${back} ${line - half}L${at - direction} ${line}L${back} ${line + half}`;
  return <path className="head" d={isOpen ? points : `${points}Z`} />;
}

interface ChipProps {
  letter: Letter;
  x: number;
  y: number;
  scale: number;
  isFollowed: boolean;
}

function Chip({ letter, x, y, scale, isFollowed }: ChipProps) {
  const side = 17 * scale;
  return (
    <g className={isFollowed ? `tile v${letter} followed` : `tile v${letter}`}>
      <rect x={x} y={y} width={side} height={side} rx={3 * scale} />
      <text x={x + side / 2} y={y + 13.5 * scale}>
        {letter}
      </text>
    </g>
  );
}
