// What a push says: ids and a headline, never the details or a secret, since lock screens are public. Whoever holds a
// message can read the rest only with the key of the device.
import { createHash } from 'node:crypto';
import type { Approval } from '../../approvals/index.ts';
import type { PushMessage, QuickAction } from '../../contract/index.ts';

/** In characters; with the rest they stay below LONGEST_PUSH_MESSAGE_BYTES in any script. */
const LONGEST = { title: 120, body: 240, code: 64 } as const;

/** "Please look at this", for a request that waits. */
export function buildRequestMessage(
  approval: Approval,
  url: string,
  actions: readonly QuickAction[] = [],
): PushMessage {
  const { consent, bindingMessage } = approval;
  const words = {
    title: `${consent.who} asks for your approval`,
    body: consent.summary,
    code: bindingMessage,
  };
  const shown = {
    title: shorten(words.title, LONGEST.title),
    body: shorten(words.body, LONGEST.body),
    code: shorten(words.code, LONGEST.code),
  };
  // Whoever answers a notification has read nothing else.
  const saysAll =
    consent.summary_is_complete === true &&
    shown.title === words.title &&
    shown.body === words.body &&
    shown.code === words.code;
  return {
    ...identify(approval, url),
    kind: 'request',
    ...shown,
    ...(saysAll && actions.length > 0 ? { actions: [...actions] } : {}),
  };
}

/** "No longer needed", in place of the first one. */
export function buildEndedMessage(
  approval: Approval,
  state: NonNullable<PushMessage['state']>,
  url: string,
): PushMessage {
  const { consent, bindingMessage } = approval;
  const ending = { approved: 'was approved', denied: 'was denied', expired: 'has expired' }[state];
  return {
    ...identify(approval, url),
    kind: 'ended',
    state,
    title: shorten(`The request of ${shorten(consent.who, 80)} ${ending}`, LONGEST.title),
    body: shorten(consent.summary, LONGEST.body),
    code: shorten(bindingMessage, LONGEST.code),
  };
}

/** The same without a headline, for a push service that took offence at the length. */
export function withoutHeadline({ actions: _untold, ...message }: PushMessage): PushMessage {
  const title = message.kind === 'request' ? 'Somebody asks for your approval' : 'A request has ended';
  return { ...message, title, body: '', code: '' };
}

/**
 * RFC 8030 §5.4: at most 32 characters. The same for every message about a request, so that a later one takes the place
 * of an earlier one; a hash, since the push service reads it.
 */
export function topicOf(approvalId: string): string {
  return createHash('sha256').update(approvalId).digest('base64url').slice(0, 32);
}

function identify(
  { id, name, expiresAtMs }: Approval,
  url: string,
): Pick<PushMessage, 'v' | 'approval_id' | 'name' | 'url' | 'expires_at'> {
  return { v: 1, approval_id: id, name, url, expires_at: new Date(expiresAtMs).toISOString() };
}

/** Whole characters only: half of a surrogate pair is no text. */
function shorten(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
