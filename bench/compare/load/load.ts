// The process that asks. It gets one order at a time, carries it out and answers what came of it, or the first mistake.
import { agentOf, type Target } from '../target.ts';
import { approve, askForOwnToken, authorize, pollInVain, redeem } from './calls.ts';
import { type Answer, type Order, orderSchema, type SliceResult } from './messages.ts';
import { runNotifiedCycles } from './notified-cycles.ts';
import { openRequests, pollOpenRequests } from './open-requests.ts';
import { verifyOneToken } from './verification.ts';
import { Watchers } from './watchers.ts';
import { type Operation, runWorkers } from './workers.ts';

let told = 0;

process.on('message', (message) => {
  carryOut(orderSchema.parse(message)).then(
    (done) => tell({ done }),
    (error: unknown) =>
      tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

function tell(answer: Answer): void {
  process.send?.(answer);
}

function carryOut(order: Order): Promise<SliceResult> {
  const { kind, target, algorithm } = order;
  switch (kind) {
    case 'client credentials':
      return runWorkers(target, order, askOnce(target, algorithm));
    case 'CIBA cycles':
      return runWorkers(target, order, playCycle(target, algorithm));
    case 'open requests':
      return openRequests(target, order);
    case 'pending polls':
      return pollOpenRequests(target, order);
    case 'watched cycles':
      return runWatched(target, order);
    case 'notified cycles':
      return runNotifiedCycles(target, order);
  }
}

function askOnce(target: Target, algorithm: string): Operation {
  const agent = agentOf(target, algorithm);
  const verify = verifyOneToken(target, algorithm);
  return async ({ connection }) => verify(await askForOwnToken(connection, target, agent));
}

/** Authorize, poll in vain, approve, redeem. */
function playCycle(target: Target, algorithm: string): Operation {
  const agent = agentOf(target, algorithm);
  const verify = verifyOneToken(target, algorithm);
  return async ({ connection, number, approver }) => {
    told += 1;
    const message = `BENCH-${number}-${told}`;
    const authReqId = await authorize(connection, target, agent, { approver, message });
    await pollInVain(connection, target, agent, authReqId);
    await approve(connection, target, { authReqId, approver, message });
    await verify(await redeem(connection, target, agent, authReqId));
  };
}

/** Notes how many events arrived. */
async function runWatched(
  target: Target,
  order: Extract<Order, { kind: 'watched cycles' }>,
): Promise<SliceResult> {
  const watchers = await Watchers.open(target, order.watchers);
  try {
    const result = await runWorkers(target, order, playCycle(target, order.algorithm));
    await watchers.catchUp();
    return { ...result, parts: { events: [watchers.events] } };
  } finally {
    watchers.close();
  }
}
