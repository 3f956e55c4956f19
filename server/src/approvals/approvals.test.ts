// What the heart promises where no other part takes part: after the end nothing goes on.
import { expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createRandomIds } from '../ids.ts';
import { createMemoryStore } from '../tenant/memory-store.ts';
import type { Approval } from './approval.ts';
import { Approvals } from './approvals.ts';
import type { OpenRequest } from './approvals-ports.ts';
import { MOST_REDEEMED } from './redeemed-requests.ts';

const request: OpenRequest = {
  authReqId: 'a-request',
  clientId: 'aiya',
  clientName: 'Aiya',
  userId: 'auth0|ada',
  userName: 'Ada Lovelace',
  bindingMessage: 'RENT-4K9',
  scope: ['openid'],
  consent: { who: 'Aiya', what: 'Know who you are', summary: 'Know who you are', sections: [] },
  channel: 'guardian-push',
  expiresInSeconds: 300,
  intervalSeconds: 5,
};

it('a request that is being opened while everything closes is refused, and neither announced nor waited for', async () => {
  const clock = createManualClock(Date.parse('2030-01-01T00:00:00Z'));
  const outcomes = new Set<string>();
  // Turns of the event queue that pass between the call and the end: each await inside is met once.
  for (let turns = 0; turns < 12; turns++) {
    const announced: Approval[] = [];
    const approvals = new Approvals({
      store: createMemoryStore(clock),
      clock,
      ids: createRandomIds(),
      retentionMs: () => 0,
      redemptionGraceMs: () => 0,
      ports: {
        announce: (approval) => announced.push(approval),
        settle: async () => undefined,
        record: () => undefined,
      },
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
  const approvals = new Approvals({
    store: createMemoryStore(clock),
    clock,
    ids: createRandomIds(),
    retentionMs: () => 86_400_000,
    redemptionGraceMs: () => 60_000,
    ports: { announce: () => undefined, settle: async () => undefined, record: () => undefined },
  });
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
});
