// What a running server tells whoever runs it, beside the answers that it gives: warnings of the process, so that a program that
// runs it in itself hears of them, too (`process.on('warning')`). The commands print them as lines of their log (cli/own-warnings.ts).
import { Problem } from './problem.ts';

/** The closed list of codes. A code is stable: programs and documents refer to it. */
export const WARNING_CODES = [
  'CLOCKS_DIFFER',
  'DAMAGED_ENTRY',
  'ENTRIES_LOST',
  'FAILED',
  'OTHER_AUTHORITY',
  'OTHER_CONTROL_TOKEN',
  'OTHER_TENANT_FILE',
  'STORE_AVAILABLE',
  'STORE_EVICTS',
  'STORE_UNAVAILABLE',
  'TOO_MANY_CONNECTIONS',
  'UNEXPECTED',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** The `name` of each. */
export const WARNING_NAME = 'AssentWarning';

/** @param text whole sentences: what is so, and where it is not plain, what to do. Nothing of it is secret */
export function warn(code: WarningCode, text: string): void {
  process.emitWarning(text, { type: WARNING_NAME, code });
}

/**
 * Something went wrong that nobody waits for, or that nobody foresaw. A warning and not an exception: everything else goes on.
 *
 * @param what as in "a reader of event 7 failed"
 */
export function warnOfFailure(what: string, cause: unknown): void {
  if (cause instanceof Problem) {
    warn('FAILED', [`${what}: ${cause.message}`, ...(cause.hint ? [cause.hint] : [])].join(' '));
  } else {
    // Of what nobody foresaw one wants to know where it was.
    const text = cause instanceof Error ? cause.stack : undefined;
    warn('UNEXPECTED', `${what}: ${text ?? String(cause)}`);
  }
}
