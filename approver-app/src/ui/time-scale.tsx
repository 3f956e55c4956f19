// Thirty ticks for the whole time of a request. Ticks that are gone are short; the last minute has its own colour.

const TICKS = 30;
const WIDTH = 300;
const HEIGHT = 12;
/** Every sixth tick is full height: the minutes of a five-minute request. */
const LONG_EVERY = 6;

export function TimeScale({ leftMs, totalMs }: { leftMs: number; totalMs: number }) {
  const remaining = Math.ceil((leftMs / totalMs) * TICKS);
  const isLastMinute = leftMs <= 60_000;
  return (
    <svg
      className="scale"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {Array.from({ length: TICKS }, (_, tick) => {
        const x = (2 + (tick * (WIDTH - 4)) / (TICKS - 1)).toFixed(1);
        const isGone = tick >= remaining;
        const top = isGone ? 9 : tick % LONG_EVERY === 0 ? 0 : 3;
        return (
          <path
            key={x}
            className={isGone ? 'gone' : isLastMinute ? 'last' : 'left'}
            d={`M${x} ${top}V${HEIGHT}`}
            strokeWidth={isGone ? 1.2 : 2}
          />
        );
      })}
    </svg>
  );
}
