// What `assent doctor` says about one thing: what it found, what it expected, and what to type.

export type FindingState =
  /** As it should be. */
  | 'ok'
  /** Worth knowing; nothing is wrong. */
  | 'note'
  /** Somebody will stumble over it. */
  | 'wrong';

/** Stable, for scripts. One for each thing that can be wrong or is so on purpose, and `ok` or `note` for the rest. */
export type FindingCode =
  | 'ok'
  | 'note'
  | 'not_started'
  | 'wrong_port'
  | 'not_ready'
  | 'ca_not_trusted'
  | 'issuer_mismatch'
  | 'issuer_unreachable'
  | 'token_refused'
  | 'device_lost'
  | 'push_failed'
  | 'clock_moved'
  | 'fault_active';

export interface Finding {
  /** What was looked at: `server`, `trust`, `issuer`. */
  about: string;
  state: FindingState;
  code: FindingCode;
  found: string;
  expected?: string;
  /** Commands, or what to do, a line each. */
  type?: readonly string[];
}

export function ok(about: string, found: string): Finding {
  return { about, state: 'ok', code: 'ok', found };
}

/** @param code of its own where somebody may ask for it */
export function note(
  about: string,
  found: string,
  type: readonly string[] = [],
  code: FindingCode = 'note',
): Finding {
  return { about, state: 'note', code, found, ...(type.length === 0 ? {} : { type }) };
}

export function wrong(
  about: string,
  code: Exclude<FindingCode, 'ok' | 'note' | 'clock_moved' | 'fault_active'>,
  rest: { found: string; expected: string; type: readonly string[] },
): Finding {
  return { about, state: 'wrong', code, ...rest };
}
