// What a push service does on a bad day, on demand and per device: for tests of what should happen then.

import type { PUSH_STATUSES } from '../../contract/index.ts';

export type PushFault =
  /** The sender is told so; nothing is delivered. */
  | { kind: 'answer'; status: (typeof PUSH_STATUSES)[number]; retryAfterSeconds?: number }
  /** Accepted, then lost. */
  | { kind: 'lose' }
  /** Accepted, and delivered late. */
  | { kind: 'delay'; delayMs: number }
  /** Delivered twice, the second time as a message of its own: browsers drop one that they have seen. */
  | { kind: 'duplicate' };

export class PushFaults {
  readonly #planned = new Map<string, PushFault[]>();

  /** The next `times` messages to this endpoint meet the fault, after those planned before. */
  plan(endpoint: string, fault: PushFault, times = 1): void {
    const token = tokenOf(endpoint);
    const queue = this.#planned.get(token) ?? [];
    this.#planned.set(token, [...queue, ...Array.from({ length: times }, () => fault)]);
  }

  /** Better days for this endpoint. */
  clear(endpoint: string): void {
    this.#planned.delete(tokenOf(endpoint));
  }

  /** The fault for a message that would be accepted now; it is used up by asking. */
  next(sendToken: string): PushFault | undefined {
    const [fault, ...rest] = this.#planned.get(sendToken) ?? [];
    if (rest.length > 0) this.#planned.set(sendToken, rest);
    else this.#planned.delete(sendToken);
    return fault;
  }
}

/** The last part. What stands before it may be another push service's name, which Chromium has built in. */
function tokenOf(endpoint: string): string {
  return new URL(endpoint).pathname.split('/').at(-1) ?? '';
}
