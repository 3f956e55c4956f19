// Real approval requests, for tests of what is said about them.
import { randomUUID } from 'node:crypto';
import { type Approval, Approvals, buildConsentView } from '../../src/approvals/index.ts';
import type { Clock } from '../../src/clock.ts';
import type { AuthorizationDetail } from '../../src/contract/index.ts';
import { createRandomIds } from '../../src/ids.ts';
import { createMemoryStore } from '../../src/tenant/index.ts';

interface Question {
  clientName?: string;
  bindingMessage?: string;
  authorizationDetails?: AuthorizationDetail[];
  expiresInSeconds?: number;
}

// Nobody redeems here.
const NOTHING_IS_KEPT = { retentionMs: () => 0, redemptionGraceMs: () => 0 };

export interface Questions {
  ask(question?: Question): Promise<Approval>;
  deny(approval: Approval): Promise<Approval>;
  close(): void;
}

export function createQuestions(clock: Clock): Questions {
  const approvals = new Approvals({
    store: createMemoryStore(clock),
    clock,
    ids: createRandomIds(),
    ...NOTHING_IS_KEPT,
    ports: { announce: () => {}, settle: async () => {}, record: () => {} },
  });
  return {
    ask({
      clientName = 'Aiya',
      bindingMessage = 'TRIP-7F2',
      authorizationDetails = [
        { type: 'transfer_funds', amount: '250.00', currency: 'EUR', to: 'Grace Hopper' },
      ],
      expiresInSeconds = 300,
    } = {}) {
      return approvals.open({
        authReqId: randomUUID(),
        clientId: 'aiya',
        clientName,
        userId: 'auth0|ada',
        userName: 'Ada Lovelace',
        bindingMessage,
        scope: ['openid'],
        authorizationDetails,
        consent: buildConsentView({ clientName, scope: ['openid'], authorizationDetails }),
        channel: 'guardian-push',
        expiresInSeconds,
        intervalSeconds: 5,
      });
    },
    async deny(approval) {
      const result = await approvals.decide({
        id: approval.id,
        outcome: 'denied',
        by: 'auth0|ada',
        from: 'approver app',
      });
      if (result.result !== 'decided') throw new Error(result.result);
      return result.approval;
    },
    close: () => approvals.close(),
  };
}
