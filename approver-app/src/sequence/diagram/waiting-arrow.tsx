// The arrow that is held, dotted and pale under its bar: it has arrived, and has not happened.
import type { WaitingArrow } from '../view-rows.ts';
import { clipLabel, type Geometry } from './geometry.ts';

interface WaitingArrowRowProps {
  arrow: WaitingArrow;
  y: number;
  geometry: Geometry;
}

export function WaitingArrowRow({ arrow, y, geometry }: WaitingArrowRowProps) {
  const { scale, x, badge, character } = geometry;
  const line = y + 29 * scale;
  const [from, to] = [x[arrow.from], x[arrow.to]];
  const direction = to > from ? 1 : -1;
  const tip = to - direction;
  const [back, half] = [tip - direction * 10 * scale, 5.6 * scale];
  const label = clipLabel(arrow.label, Math.abs(to - from) - 2 * badge - 8 * scale, character);
  return (
    <g className="arrow waiting">
      <path className="wire" d={`M${from + direction * badge} ${line}H${tip}`} />
      <path className="head" d={`M${back} ${line - half}L${tip} ${line}L${back} ${line + half}Z`} />
      <circle className="badge" cx={from} cy={line} r={badge} />
      <text className="t-num" x={from} y={line + 4.2 * scale}>
        {arrow.number}
      </text>
      <text className="lab halo" x={(from + to) / 2 - (label.length * character) / 2} y={line - 8 * scale}>
        {label}
      </text>
    </g>
  );
}
