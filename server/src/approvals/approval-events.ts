// What is told of a request in the trace, event by event. Pure; `approvals` says when.
import type { NewTraceEvent } from '../contract/index.ts';
import { type Approval, type DecisionRefusal, grantMembers } from './approval.ts';
import type { DecideRequest, OpenRequest } from './approvals-ports.ts';

type Answer = Omit<DecideRequest, 'id' | 'consentHash' | 'told' | 'onHeld'>;

export function tellReceived(
  approval: Approval,
  { expiresInSeconds, intervalSeconds, exchange }: OpenRequest,
): NewTraceEvent {
  const { audience, authorizationDetails } = approval;
  return {
    type: 'request.received',
    ...about(approval),
    client_id: approval.clientId,
    client_name: approval.clientName,
    user_id: approval.userId,
    user_name: approval.userName,
    binding_message: approval.bindingMessage,
    ...(audience === undefined ? {} : { audience }),
    scope: approval.scope,
    ...(authorizationDetails === undefined ? {} : { authorization_details: authorizationDetails }),
    consent: approval.consent,
    expires_in: expiresInSeconds,
    ...(intervalSeconds === undefined ? {} : { interval: intervalSeconds }),
    channel: approval.channel,
    consent_id: approval.consentId,
    ...(exchange === undefined ? {} : { exchange }),
  };
}

export function tellDecision(approval: Approval, answer: Answer, told: DecideRequest['told']): NewTraceEvent {
  return {
    type: 'decision.made',
    ...about(approval),
    outcome: answer.outcome,
    by: answer.by,
    ...sourceOf(answer),
    ...(answer.verifiedBy === undefined ? {} : { verified_by: answer.verifiedBy }),
    ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    ...grantMembers(answer.grant),
    ...(told?.answer === undefined ? {} : { answer: told.answer }),
    ...(told?.exchange === undefined ? {} : { exchange: told.exchange }),
  };
}

export function tellRefusal(approval: Approval, why: DecisionRefusal, answer: Answer): NewTraceEvent {
  return { type: 'decision.refused', ...about(approval), why, ...sourceOf(answer) };
}

/** @param rule id of the rule that ended it, if one did */
export function tellExpiry(approval: Approval, rule: string | undefined): NewTraceEvent {
  return { type: 'request.expired', ...about(approval), ...(rule === undefined ? {} : { rule }) };
}

export function tellSettled(approval: Approval): NewTraceEvent {
  return { type: 'request.settled', ...about(approval) };
}

function about({ id, name }: Approval): { approval: string; name: string } {
  return { approval: id, name };
}

function sourceOf({ from, rule, device }: Answer) {
  return {
    from,
    ...(rule === undefined ? {} : { rule }),
    ...(device === undefined ? {} : { device }),
  };
}
