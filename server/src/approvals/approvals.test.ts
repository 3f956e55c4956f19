// What the heart promises where no other part takes part: after the end nothing goes on.
import { expect, it } from 'vitest';
import { OPEN_REQUEST as request } from '../../test/open-request.ts';
import { type Clock, createManualClock } from '../clock.ts';
import { createRandomIds } from '../ids.ts';
import { Problem } from '../problem.ts';
import { createMemoryStore } from '../tenant/memory-store.ts';
import type { Approval } from './approval.ts';
import { Approvals } from './approvals.ts';
import type { ApprovalsOptions } from './approvals-ports.ts';
import { MOST_REDEEMED } from './redemptions.ts';

const SILENT: ApprovalsOptions['ports'] = {
  announce: () => undefined,
  settle: async () => undefined,
  record: () => undefined,
};

/** A heart of its own, on a store of its own. */
function partsAt(clock: Clock): ApprovalsOptions {
  return {
    store: createMemoryStore(clock),
    clock,
    ids: createRandomIds(),
    retentionMs: () => 0,
    redemptionGraceMs: () => 0,
    ports: SILENT,
  };
}

it('a request that is being opened while everything closes is refused, and neither announced nor waited for', async () => {
  const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
  const outcomes = new Set<string>();
  // Turns of the event queue that pass between the call and the end: each await inside is met once.
  for (let turns = 0; turns < 12; turns++) {
    const announced: Approval[] = [];
    const approvals = new Approvals({
      ...partsAt(clock),
      ports: { ...SILENT, announce: (approval) => announced.push(approval) },
    });
    const opening = approvals.open(request).then(
      () => 'opened' as const,
      () => 'refused' as const,
    );
    for (let turn = 0; turn < turns; turn++) await null;
    const wasAnnounced = announced.length === 1;
    approvals.close();
    const outcome = await opening;
    outcomes.add(outcome);
    expect([turns, outcome]).toEqual([turns, wasAnnounced ? 'opened' : 'refused']);
    expect([turns, announced.length, approvals.pendingCount]).toEqual([turns, wasAnnounced ? 1 : 0, 0]);
  }
  expect(outcomes).toEqual(new Set(['refused', 'opened']));
});

it('of requests whose tokens were fetched the newest are remembered, and every other one', async () => {
  const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
  const parts: ApprovalsOptions = {
    ...partsAt(clock),
    retentionMs: () => 86_400_000,
    redemptionGraceMs: () => 60_000,
  };
  let approvals = new Approvals(parts);
  const openUp = (name: string): Promise<Approval> => approvals.open({ ...request, authReqId: name });
  const redeemOne = async (name: string): Promise<void> => {
    const { id } = await openUp(name);
    await approvals.decide({ id, outcome: 'approved', by: 'auth0|ada', from: 'control API' });
    expect(await approvals.redeem(id)).toBe(true);
  };
  await openUp('waits');
  const denied = await openUp('denied');
  await approvals.decide({ id: denied.id, outcome: 'denied', by: 'auth0|ada', from: 'control API' });
  await redeemOne('first');
  for (let more = 1; more < MOST_REDEEMED; more += 1) await redeemOne(`redeemed ${more}`);
  expect(await approvals.findByAuthReqId('first')).toMatchObject({ state: 'redeemed' });
  await redeemOne('last');
  expect(await approvals.findByAuthReqId('first')).toBeUndefined();
  for (const [name, state] of [
    ['waits', 'pending'],
    ['denied', 'denied'],
    ['redeemed 1', 'redeemed'],
    ['last', 'redeemed'],
  ] as const) {
    expect(await approvals.findByAuthReqId(name), name).toMatchObject({ state });
  }
  approvals.close();

  // A process that goes on with what another one has left.
  approvals = new Approvals(parts);
  await approvals.resume();
  expect(await approvals.findByAuthReqId('redeemed 1')).toMatchObject({ state: 'redeemed' });
  await redeemOne('after a restart');
  expect(await approvals.findByAuthReqId('redeemed 1')).toBeUndefined();
  expect(await approvals.findByAuthReqId('redeemed 2')).toMatchObject({ state: 'redeemed' });
  approvals.close();
});

it('a request that waits is counted by the instance that took it, also where another one puts the clock forward', async () => {
  const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
  const parts = partsAt(clock);
  const instance = (id: string): Approvals =>
    new Approvals({
      ...parts,
      others: { id, tell: () => undefined, hear: () => undefined, isLost: async () => false },
    });
  const [one, other] = [instance('one'), instance('other')];
  await one.open(request);
  await other.setAllAlarms();
  expect([one.pendingCount, other.pendingCount]).toEqual([1, 0]);
  one.close();
  other.close();
});

it('a decision that could not be settled, because the store went away, is settled once it is back', async () => {
  const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
  let isAway = true;
  const approvals = new Approvals({
    ...partsAt(clock),
    ports: {
      ...SILENT,
      async settle() {
        if (isAway)
          throw new Problem('store_unavailable', 'What this server keeps cannot be used right now.');
      },
    },
  });
  const { id } = await approvals.open(request);
  const deciding = approvals.decide({ id, outcome: 'approved', by: 'auth0|ada', from: 'control API' });
  await expect(deciding).rejects.toMatchObject({ code: 'store_unavailable' });
  isAway = false;
  clock.advance(2_000);
  await expect.poll(async () => (await approvals.get(id))?.settledAtMs).toBeDefined();
  expect(await approvals.redeem(id)).toBe(true);
  approvals.close();
});
