// What an answer says to have granted, read for every surface that may say so.
import { type Approval, type Grant, judgeGranted } from '../approvals/index.ts';
import { Problem } from '../problem.ts';

/**
 * @returns undefined where nothing was changed
 * @throws Problem `bad_request` where something else was granted than the approver of this request may grant
 */
export function readGrant(
  approval: Approval,
  isApproval: boolean,
  received: readonly unknown[] | undefined,
): Grant | undefined {
  if (received === undefined) return undefined;
  if (!isApproval) {
    throw new Problem('bad_request', 'A denial came with granted_details, and grants nothing.', {
      hint: 'Nothing was decided. Leave them out to deny.',
    });
  }
  const verdict = judgeGranted(approval, received);
  if (!('finding' in verdict)) return verdict.grant;
  throw new Problem('bad_request', `granted_details ${verdict.finding}.`, {
    hint: 'Nothing was decided. Send the authorization_details of the request, changed only as `may` in its consent sections says; leave granted_details out to grant all of it.',
  });
}
