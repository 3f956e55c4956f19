// The address that the OpenID conformance suite calls in place of a person: `automated_ciba_approval_url` of its configuration. It
// sends POST with neither a body nor a header of ours, and puts `allow` or `deny` for {action}
// (openid-certification/conformance-suite: CallAutomatedCibaApprovalEndpoint).
import { automatedApprovalQuerySchema, CONTROL_API, decisionResultSchema } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { answerDecision } from './decision-answer.ts';
import { readQuery } from './request-body.ts';

export function automatedApprovalRoutes(tenant: Tenant): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/automated-approval`,
      purpose: 'answer a request by an address alone',
      shapes: {
        query: automatedApprovalQuerySchema,
        answer: decisionResultSchema,
        others: { 409: { meaning: 'Not the first decision, or too late.', answer: decisionResultSchema } },
        errors: { 404: 'There is no such request.' },
        isBodiless: true,
        takesTokenInQuery: true,
        note: 'For the OpenID conformance suite: `automated_ciba_approval_url` is `https://HOST/control/automated-approval?auth_req_id={auth_req_id}&action={action}`. It has no body. A control token may come as `control_token` in the query, for the suite sends no header.',
      },
      answer: async (ctx) => {
        const { auth_req_id: authReqId, action } = readQuery(ctx, automatedApprovalQuerySchema);
        const approval = await tenant.approvals.findByAuthReqId(authReqId);
        if (!approval) {
          // The id is the client's secret, so it is not repeated.
          throw new Problem('not_found', 'There is no request with this auth_req_id.', {
            status: 404,
            hint: `GET ${CONTROL_API}/requests lists them. A finished request is remembered for a while only.`,
          });
        }
        const result = await tenant.approvals.decide({
          id: approval.id,
          outcome: action === 'allow' ? 'approved' : 'denied',
          by: approval.userId,
          from: 'control API',
        });
        answerDecision(ctx, result, tenant.clock.now());
      },
    },
  ];
}
