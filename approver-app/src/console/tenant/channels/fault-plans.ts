// The faults that the page has switches for, as the control API takes them, and which of the active ones belongs to which switch.
// Pure.
import type { Fault, FaultEffect, FaultInput } from 'assent/contract';

export const FAULT_SWITCHES = ['late', 'lose', 'duplicate', 'fail', 'slow'] as const;
export type FaultSwitch = (typeof FAULT_SWITCHES)[number];

/** What can be set of one. As it was typed: what is wrong, the server says. */
export interface FaultSettings {
  on: 'push' | 'email';
  seconds: string;
  chance: string;
  clientId: string;
}

export const USUAL_SETTINGS: FaultSettings = { on: 'push', seconds: '20', chance: '100', clientId: '' };

/** Of a push service that has given a subscription up (RFC 8030 §7.3), and of a mail server without such a box (RFC 5321 §4.2.3). */
const REFUSALS = { push: 410, email: 550 } as const;

export function planOf(name: FaultSwitch, { on, seconds, chance, clientId }: FaultSettings): FaultInput {
  const ms = toNumber(seconds) * 1000;
  const effects: Record<FaultSwitch, FaultEffect> = {
    late: { kind: 'late', ms },
    lose: { kind: 'lose' },
    duplicate: { kind: 'duplicate' },
    fail: { kind: 'answer', status: REFUSALS[on] },
    slow: { kind: 'delay', ms, when: 'before' },
  };
  const probability = toNumber(chance) / 100;
  return {
    on: name === 'slow' ? 'token' : on,
    does: effects[name],
    ...(probability === 1 ? {} : { probability }),
    ...(clientId === '' ? {} : { client_id: clientId }),
  };
}

/** The newest one that a switch could have made. */
export function findActive(name: FaultSwitch, faults: readonly Fault[]): Fault | undefined {
  return faults.findLast((fault) => switchOf(fault) === name);
}

export function switchOf({ on, does, request, times, after }: Fault): FaultSwitch | undefined {
  // What says more than a switch can is none of them.
  if (request !== undefined || times !== undefined || after > 0) return undefined;
  if (on === 'token') return does.kind === 'delay' && does.when === 'before' ? 'slow' : undefined;
  if (on !== 'push' && on !== 'email') return undefined;
  if (does.kind === 'answer') return does.status === REFUSALS[on] ? 'fail' : undefined;
  return does.kind === 'late' || does.kind === 'lose' || does.kind === 'duplicate' ? does.kind : undefined;
}

export function settingsOf({ on, does, probability = 1, client_id: clientId = '' }: Fault): FaultSettings {
  return {
    on: on === 'email' ? 'email' : 'push',
    seconds: 'ms' in does ? String(does.ms / 1000) : USUAL_SETTINGS.seconds,
    chance: String(Math.round(probability * 1000) / 10),
    clientId,
  };
}

/** Not a number stays what the schema refuses. */
function toNumber(text: string): number {
  return text.trim() === '' ? 0 : Number(text.replace(',', '.'));
}
