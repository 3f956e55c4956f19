// A fault as it is kept, and the questions about it: what it is called, what it meets, and whether it is due. Pure; asked by `faults.ts`.
import type { Approval } from '../approvals/index.ts';
import type { Fault, FaultKind, FaultPlan } from '../contract/index.ts';
import { draw } from '../draw.ts';
import { describeFault } from './fault-text.ts';

/** A fault as the store keeps it. */
export interface KeptFault {
  number: number;
  plan: FaultPlan;
  /** What `request` has come to; absent without one, and for `next` as long as none came. */
  approval?: { id: string; name: string };
  matched: number;
  applied: number;
}

export interface Entry {
  kept: KeptFault;
  version: number;
}

/** What is happening: where, by whose wish, and about which request, as far as that is known. */
export interface Occasion {
  /** Names of the place: a route has its own and its path. */
  on: readonly string[];
  /** What can go wrong at this point of it. */
  kinds: readonly FaultKind[];
  clientId?: string | undefined;
  approval?: Pick<Approval, 'id' | 'name' | 'clientId'> | undefined;
}

export function idOf({ number }: KeptFault): string {
  return `f${number}`;
}

export function toFault({ kept }: Entry): Fault {
  const { plan, approval, matched, applied } = kept;
  const request = approval?.name ?? plan.request;
  return {
    id: idOf(kept),
    text: describeFault(plan, applied, request),
    ...plan,
    ...(request === undefined ? {} : { request }),
    matched,
    applied,
  };
}

export function matches({ plan, approval }: KeptFault, occasion: Occasion): boolean {
  const clientId = occasion.clientId ?? occasion.approval?.clientId;
  return (
    isPlace(plan.on, occasion.on) &&
    occasion.kinds.includes(plan.does.kind) &&
    (plan.client_id === undefined || plan.client_id === clientId) &&
    (plan.request === undefined || (approval !== undefined && approval.id === occasion.approval?.id))
  );
}

/** A place by its name, or a path; a star at its end stands for the rest. */
export function isPlace(wanted: string, names: readonly string[]): boolean {
  if (!wanted.endsWith('*')) return names.includes(wanted);
  const start = wanted.slice(0, -1);
  return names.some((name) => name.startsWith(start));
}

export function isDue({ plan, matched }: KeptFault): boolean {
  const { after, probability, seed = '' } = plan;
  return matched > after && (probability === undefined || draw(seed, String(matched)) < probability);
}
