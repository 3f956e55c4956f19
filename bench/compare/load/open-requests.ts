// Requests that nobody answers, many of them, and what a poll of one of them costs.
import { agentOf, type Target } from '../target.ts';
import { authorize, pollInVain } from './calls.ts';
import type { Extent, SliceResult } from './messages.ts';
import { runWorkers } from './workers.ts';

/** Longer than all that is measured with them takes. */
const EXPIRY_SECONDS = 3600;

interface Slice {
  algorithm: string;
  connections: number;
  extent: Extent;
}

/** By the address of the server. */
const opened = new Map<string, string[]>();

export async function openRequests(target: Target, slice: Slice): Promise<SliceResult> {
  const agent = agentOf(target, slice.algorithm);
  const ids = opened.get(target.url) ?? [];
  opened.set(target.url, ids);
  return runWorkers(target, slice, async ({ connection }) => {
    const number = ids.length;
    const approver = target.approvers[number % target.approvers.length] ?? '';
    const message = `OPEN-${number}`;
    ids.push('');
    ids[number] = await authorize(connection, target, agent, {
      approver,
      message,
      expirySeconds: EXPIRY_SECONDS,
    });
  });
}

export async function pollOpenRequests(target: Target, slice: Slice): Promise<SliceResult> {
  const agent = agentOf(target, slice.algorithm);
  const ids = opened.get(target.url) ?? [];
  // A step that shares no factor with their number meets each of them once before any again, far from its neighbours.
  const step = stepThrough(ids.length);
  let at = 0;
  return runWorkers(target, slice, async ({ connection }) => {
    at = (at + step) % ids.length;
    await pollInVain(connection, target, agent, ids[at] ?? '');
  });
}

function stepThrough(count: number): number {
  let step = Math.max(1, Math.floor(count * 0.618));
  while (greatestDivisor(step, count) > 1) step += 1;
  return step;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
