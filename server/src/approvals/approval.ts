// One question to one approver, and the only ways its state may change. Pure: no clock, no store, no HTTP.
//
//   pending ──► approved ──► redeemed
//      ├──────► denied
//      └──────► expired
import type {
  ApprovalState,
  ApprovalView,
  AuthorizationDetail,
  ConsentView,
  Decision,
  NotificationChannel,
} from '../contract/index.ts';
import type { Grant } from './granted-details.ts';

declare const brand: unique symbol;
export type ApprovalId = string & { readonly [brand]: 'ApprovalId' };

/** How a client is called back once there is an answer. CIBA Core §5 and §7.1. */
export interface AnswerCallback {
  /** `ping` tells that there is one, `push` brings it. */
  mode: 'ping' | 'push';
  endpoint: string;
  /** By which the client knows that we call. A secret of the client. */
  token: string;
}

/** Who answered, how and why. */
export interface ApprovalDecision {
  outcome: 'approved' | 'denied';
  /** user_id of the approver, also where somebody else's surface acted for them. */
  by: string;
  from: Decision['from'];
  /** Id of the rule that answered. */
  rule?: string;
  /** Name of the device whose key signed the answer. */
  device?: string;
  /** How the approver was verified beside that key. */
  verifiedBy?: NonNullable<Decision['verified_by']>;
  reason?: string;
  /** Where something else was granted than was asked. */
  grant?: Grant;
  atMs: number;
  /** Which attempt to write it this is, of all that were ever made. Undefined for those that were kept before attempts were named. */
  attempt?: string;
}

export interface Approval {
  id: ApprovalId;
  /** Short name to say aloud: `r7`. */
  name: string;
  /** CIBA Core §7.3. */
  authReqId: string;
  state: ApprovalState;
  clientId: string;
  clientName: string;
  userId: string;
  userName: string;
  bindingMessage: string;
  /** Undefined: the token is for /userinfo alone. */
  audience?: string;
  audienceName?: string;
  /** Scopes that an approval grants, after RBAC and after dropping what the API does not define. */
  scope: string[];
  /** Exactly as received, RFC 9396 §2. */
  authorizationDetails?: AuthorizationDetail[];
  consent: ConsentView;
  /** base64url SHA-256 over what the approver sees. */
  consentHash: string;
  channel: NotificationChannel;
  /** Undefined: the client polls, and is not called. */
  callback?: AnswerCallback;
  /** Names the request in the link of an e-mail. auth0: CIBA, consent id: `cns_` and 22 characters. */
  consentId: string;
  /** How sure the client wants to be that it was this person, preferred values first. CIBA Core §7.1. */
  acrValues?: readonly string[];
  requestedAtMs: number;
  expiresAtMs: number;
  /** Of several instances the one that tells whoever has to know of its newest change. */
  instance?: string;
  decision?: ApprovalDecision;
  /** When the provider had learnt of the decision; only then may a poll see it. */
  settledAtMs?: number;
  /** Which attempt to write that it had was the one that did. Undefined where it was written with the decision. */
  settledInAttempt?: string;
  redeemedAtMs?: number;
  /** Which attempt to redeem it was the one that did. */
  redeemedInAttempt?: string;
}

/** The state as of `nowMs`: a pending request whose time is over is expired, whether or not anybody noticed. */
export function stateAt(approval: Approval, nowMs: number): ApprovalState {
  return approval.state === 'pending' && nowMs >= approval.expiresAtMs ? 'expired' : approval.state;
}

/** When the link of an e-mail stops working: never after the request itself. */
export function linkEndsAtMs(
  approval: Pick<Approval, 'requestedAtMs' | 'expiresAtMs'>,
  lifetimeSeconds: number,
): number {
  return Math.min(approval.expiresAtMs, approval.requestedAtMs + lifetimeSeconds * 1000);
}

/** Why a decision does not count. */
export type DecisionRefusal = 'already_decided' | 'expired' | 'changed';

/** Why an answer about what was shown would not count at `nowMs`; undefined if it would. */
export function findRefusal(
  approval: Approval,
  nowMs: number,
  consentHash: string | undefined,
): DecisionRefusal | undefined {
  const state = stateAt(approval, nowMs);
  if (state === 'expired') return 'expired';
  if (state !== 'pending') return 'already_decided';
  return consentHash !== undefined && consentHash !== approval.consentHash ? 'changed' : undefined;
}

/** Applies the first decision; refuses every other one, one that came too late, and one about something else. */
export function decideApproval(
  approval: Approval,
  decision: ApprovalDecision,
  consentHash: string | undefined,
): { approval: Approval } | { refusal: DecisionRefusal } {
  const refusal = findRefusal(approval, decision.atMs, consentHash);
  if (refusal !== undefined) return { refusal };
  return { approval: { ...approval, state: decision.outcome, decision } };
}

/**
 * Whether an approved request can still become tokens. CIBA Core §7.3: `expires_in` ends the auth_req_id; the grace is for an
 * answer that came in the last moment and the poll that fetches it.
 */
export function isRedeemable(approval: Approval, nowMs: number, graceMs: number): boolean {
  return (
    approval.state === 'approved' &&
    approval.settledAtMs !== undefined &&
    nowMs < approval.expiresAtMs + graceMs
  );
}

/** Whether somebody has decided and the provider has not learnt of it yet. */
export function isUnsettled(approval: Approval): boolean {
  return approval.decision !== undefined && approval.settledAtMs === undefined;
}

/** Spends an approved and settled request; undefined if it cannot be spent (any more). */
export function redeemApproval(approval: Approval, nowMs: number, graceMs: number): Approval | undefined {
  if (!isRedeemable(approval, nowMs, graceMs)) return undefined;
  return { ...approval, state: 'redeemed', redeemedAtMs: nowMs };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The shape that leaves the process. `auth_req_id` is left out: only the client may know it. */
export function toApprovalView(approval: Approval, nowMs: number): ApprovalView {
  const { decision } = approval;
  return {
    id: approval.id,
    name: approval.name,
    state: stateAt(approval, nowMs),
    client: { client_id: approval.clientId, name: approval.clientName },
    approver: { user_id: approval.userId, name: approval.userName },
    binding_message: approval.bindingMessage,
    ...(approval.audience === undefined ? {} : { audience: approval.audience }),
    ...(approval.audienceName === undefined ? {} : { audience_name: approval.audienceName }),
    scope: approval.scope,
    ...(approval.authorizationDetails === undefined
      ? {}
      : { authorization_details: approval.authorizationDetails }),
    consent: approval.consent,
    consent_hash: approval.consentHash,
    channel: approval.channel,
    requested_at: iso(approval.requestedAtMs),
    expires_at: iso(approval.expiresAtMs),
    ...(decision === undefined
      ? {}
      : {
          decision: {
            outcome: decision.outcome,
            by: decision.by,
            from: decision.from,
            ...(decision.rule === undefined ? {} : { rule: decision.rule }),
            ...(decision.device === undefined ? {} : { device: decision.device }),
            ...(decision.verifiedBy === undefined ? {} : { verified_by: decision.verifiedBy }),
            ...(decision.reason === undefined ? {} : { reason: decision.reason }),
            ...grantMembers(decision.grant),
            at: iso(decision.atMs),
          },
        }),
    ...(approval.redeemedAtMs === undefined ? {} : { redeemed_at: iso(approval.redeemedAtMs) }),
  };
}

/** What was granted, as everybody is told: nothing where it is what was asked. */
export function grantMembers(
  grant: Grant | undefined,
): Pick<NonNullable<ApprovalView['decision']>, 'granted_details' | 'changes'> {
  return grant === undefined ? {} : { granted_details: [...grant.details], changes: [...grant.changes] };
}
