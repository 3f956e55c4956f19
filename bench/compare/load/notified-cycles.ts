// From the agent's call to its token, with a paired browser in between that hears of the request and answers. The agent's poll is
// held by the server until there is an answer, as with quick answers.
import { agentOf, type Target } from '../target.ts';
import { authorize, redeem } from './calls.ts';
import { Connection } from './connection.ts';
import type { Extent, SliceResult } from './messages.ts';
import { PairedDevice } from './paired-device.ts';
import { runWorkers } from './workers.ts';

let asked = 0;

export async function runNotifiedCycles(
  target: Target,
  slice: { algorithm: string; connections: number; extent: Extent },
): Promise<SliceResult> {
  const agent = agentOf(target, slice.algorithm);
  const connection = new Connection(target.url);
  const devices = new Map<string, PairedDevice>();
  try {
    for (const approver of target.approvers.slice(0, slice.connections))
      devices.set(approver, await PairedDevice.pair(target, connection, approver));
    return await runWorkers(target, slice, async (worker) => {
      const device = devices.get(worker.approver);
      if (!device) throw new Error(`${worker.approver} has no device`);
      asked += 1;
      const message = `HEARD-${asked}`;
      const beganMs = performance.now();
      const heard = device.hearOf(message).then((approval) => ({ approval, atMs: performance.now() }));
      const authReqId = await authorize(worker.connection, target, agent, {
        approver: worker.approver,
        message,
      });
      const answered = heard.then(async ({ approval, atMs }) => {
        await device.approve(approval);
        return { atMs, decidedMs: performance.now() };
      });
      const [, { atMs, decidedMs }] = await Promise.all([
        redeem(worker.connection, target, agent, authReqId),
        answered,
      ]);
      const endedMs = performance.now();
      worker.note('notification', atMs - beganMs);
      worker.note('decision', decidedMs - atMs);
      worker.note('token', Math.max(0, endedMs - decidedMs));
      worker.note('whole', endedMs - beganMs);
    });
  } finally {
    for (const device of devices.values()) device.close();
    await connection.close();
  }
}
