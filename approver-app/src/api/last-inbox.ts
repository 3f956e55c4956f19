// What a device read last, kept in this browser so that it can be read again without the server. Holds what its person
// was shown, and never a token, a ticket or a proof. Un-pairing erases it.
import type { ApprovalView } from 'assent/contract';
import { approvalViewSchema, deviceSchema } from '../wire/contract.ts';
import { atLeast, list, number, type Output, readAs, text } from '../wire/schema.ts';
import { readOne, write } from './browser-store.ts';

const lastInboxSchema = atLeast({
  deviceId: text(),
  device: deviceSchema,
  approvals: list(approvalViewSchema),
  /** When the server was heard last, by its own clock. */
  heardAtMs: number(),
});

export type LastInbox = Omit<Output<typeof lastInboxSchema>, 'deviceId'>;

/** How many decided requests are worth keeping beside those that wait. */
const MOST_DECIDED = 30;

export async function keepInbox(deviceId: string, inbox: LastInbox): Promise<void> {
  const isPending = ({ state }: ApprovalView): boolean => state === 'pending';
  const approvals = [
    ...inbox.approvals.filter((approval) => !isPending(approval)).slice(-MOST_DECIDED),
    ...inbox.approvals.filter(isPending),
  ];
  await write('inboxes', { ...inbox, deviceId, approvals });
}

/** Undefined if nothing was kept, or by a version of the app that kept something else. */
export async function readLastInbox(deviceId: string): Promise<LastInbox | undefined> {
  return readAs(lastInboxSchema, await readOne('inboxes', deviceId));
}
