// The clock of the tenant: `control.clock`.
import { type ClockMove, type ClockReading, CONTROL_API, clockReadingSchema } from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

const PATH = `${CONTROL_API}/clock`;

export interface ClockClient {
  read(): Promise<ClockReading>;
  /** Puts the clock forward. Resolves once everything that falls due until then has happened. */
  advance(ms: number): Promise<ClockReading>;
  /** The same, to an instant that is still to come: a date, or its text in ISO 8601. */
  moveTo(instant: Date | string): Promise<ClockReading>;
}

/** Of a date that is none, a text that the server refuses with what it expected. */
function textOf(instant: Date | string): string {
  return instant instanceof Date && !Number.isNaN(instant.getTime())
    ? instant.toISOString()
    : String(instant);
}

export function createClockClient(transport: ControlTransport): ClockClient {
  const move = (body: ClockMove): Promise<ClockReading> =>
    transport.call({ method: 'POST', path: PATH, body }, clockReadingSchema);
  return {
    read: () => transport.call({ path: PATH }, clockReadingSchema),
    advance: (ms) => move({ advance_ms: ms }),
    moveTo: (instant) => move({ to: textOf(instant) }),
  };
}
