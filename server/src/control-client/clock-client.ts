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

export function createClockClient(transport: ControlTransport): ClockClient {
  const move = (body: ClockMove): Promise<ClockReading> =>
    transport.call({ method: 'POST', path: PATH, body }, clockReadingSchema);
  return {
    read: () => transport.call({ path: PATH }, clockReadingSchema),
    advance: (ms) => move({ advance_ms: ms }),
    moveTo: (instant) => move({ to: instant instanceof Date ? instant.toISOString() : instant }),
  };
}
