// Tokens of an approval have been handed out: the trace tells so, and whoever sees the access token later knows its request.
import { type Approval, grantedDetailsOf } from '../approvals/index.ts';
import type { Exchange } from '../contract/index.ts';
import { readToken } from '../exchange/index.ts';
import { unlessAway } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import { isAsGranted } from './narrowed-details.ts';
import type { RequestParameters } from './parameters.ts';

/**
 * @param body the token response, RFC 6749 §5.1
 * @param asked what the client asked the token endpoint; nothing where it did not come there
 */
export async function recordIssued(
  tenant: Tenant,
  approval: Approval,
  body: Readonly<Record<string, unknown>>,
  asked: RequestParameters,
  how: { exchange: Exchange } | { delivery: 'push' },
): Promise<void> {
  const accessToken = readToken(body['access_token']);
  if (accessToken) {
    const { claims } = accessToken;
    // The request is spent: its tokens are answered, whether or not somebody can find the way back from them.
    await unlessAway(tenant.issuedTokens.remember(String(body['access_token']), claims, approval));
  }
  tenant.log.append({
    type: 'token.issued',
    approval: approval.id,
    name: approval.name,
    ...(approval.audience === undefined ? {} : { audience: approval.audience }),
    scope: String(body['scope'] ?? ''),
    details_match: isAsGranted(body['authorization_details'], grantedDetailsOf(approval), asked),
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
    ...how,
  });
}
