// When a login stops to ask the person something: who they are, or what they grant.
import { interactionPolicy } from 'oidc-provider';
import type { LoginRequests } from './login-request.ts';

export function createInteractionPolicy(requests: LoginRequests): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  // First-party clients get no consent page; what a person consents to here is asked in the approver app. `prompt=consent`
  // stays a legal value that asks nothing.
  policy.get('consent')?.checks.clear();
  // But authorization details are shown to whoever logs in, each time. RFC 9396 §3.
  policy
    .get('consent')
    ?.checks.add(
      new interactionPolicy.Check(
        'details_unanswered',
        'The authorization details need the consent of the end-user',
        'consent_required',
        (ctx) => requests.isUnanswered(ctx),
      ),
    );
  // Somebody who was deleted or blocked may still have a session; it is nobody's any more.
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'no_account',
        'End-User account is not available',
        'login_required',
        (ctx) => ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined,
      ),
    );
  return policy;
}
