// Something between two arrows: a bar across the columns, with its words.
import type { ViewMark } from '../view-rows.ts';
import { clipLabel, type Geometry } from './geometry.ts';
import { WaitingArrowRow } from './waiting-arrow.tsx';

interface MarkRowProps {
  mark: ViewMark;
  y: number;
  geometry: Geometry;
  time: string;
}

export function MarkRow({ mark, y, geometry, time }: MarkRowProps) {
  const { scale, x, timeX, character, rowHeight } = geometry;
  const left = x.agent - 20 * scale;
  const width = x.api - x.agent + 40 * scale;
  const height = rowHeight - 15 * scale;
  const top = y + 7 * scale;
  return (
    <g className={`mark mark--${mark.tone}`}>
      <text className="t-time" x={timeX - 4 * scale} y={top + height / 2 + 4 * scale} textAnchor="end">
        {time}
      </text>
      <rect x={left} y={top} width={width} height={height} rx={6 * scale} />
      <text className="t-mark" x={left + 16 * scale} y={top + height / 2 + 4.5 * scale}>
        {clipLabel(mark.text, (width - 24 * scale) * 1.12, character)}
      </text>
      {mark.waiting === undefined ? null : (
        <WaitingArrowRow arrow={mark.waiting} y={y + rowHeight} geometry={geometry} />
      )}
    </g>
  );
}
