// Waits for one warning of ours, whatever else the process is warned of meanwhile: Node has some of its own.
import { on } from 'node:events';
import { WARNING_NAME, type WarningCode } from '../src/warnings.ts';

/** The next one with that code. Listens from the call on. */
export async function nextWarning(code: WarningCode): Promise<Error> {
  for await (const [warning] of on(process, 'warning')) {
    if (warning.name === WARNING_NAME && warning.code === code) return warning;
  }
  throw new Error('the process is over');
}
