// What the heart promises where no other part takes part: after the end nothing goes on.
import { expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createRandomIds } from '../ids.ts';
import { createMemoryStore } from '../tenant/memory-store.ts';
import type { Approval } from './approval.ts';
import { Approvals } from './approvals.ts';
import type { OpenRequest } from './approvals-ports.ts';

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
