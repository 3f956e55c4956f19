// The token in a form of a page of ours, so that only a page of this login session can send it. OWASP CSRF Prevention,
// HMAC-based token. Used beside the check of the origin.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Tenant } from '../tenant/index.ts';
import type { BrowserSession } from './browser-session.ts';

/** @param purpose what the form is about: a consent id, a user code */
export function makeFormToken(tenant: Tenant, { uid, accountId }: BrowserSession, purpose: string): string {
  return createHmac('sha256', tenant.secrets.consentForms)
    .update(JSON.stringify([uid, accountId, purpose]))
    .digest('base64url');
}

export function isFormToken(
  received: string | undefined,
  tenant: Tenant,
  session: BrowserSession,
  purpose: string,
): boolean {
  const [a, b] = [Buffer.from(received ?? ''), Buffer.from(makeFormToken(tenant, session, purpose))];
  return a.length === b.length && timingSafeEqual(a, b);
}
