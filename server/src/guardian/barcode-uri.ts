// What the QR code of an enrolment page says to a Guardian app. auth0: Guardian enrolment; read by both SDKs.
import type { Tenant, Ticket } from '../tenant/index.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base of the Guardian API, without a slash at the end. */
export function guardianBase(tenant: Pick<Tenant, 'issuer'>): string {
  return `${tenant.issuer}appliance-mfa`;
}

/** An otpauth URI. Its `enrollment_tx_id` enrols whoever sends it, so the URI is as secret as the ticket. */
export function barcodeUri(tenant: Tenant, ticket: Ticket): string {
  const user = tenant.directory.user(ticket.userId);
  const label = `${tenant.displayName}:${user?.email ?? user?.name ?? ticket.userId}`;
  const query = new URLSearchParams({
    // One-time passwords are not imitated; the app wants a secret to parse. RFC 4648 §6.
    secret: toBase32(ticket.code),
    enrollment_tx_id: ticket.transactionId,
    issuer: tenant.displayName,
    id: ticket.deviceId,
    base_url: guardianBase(tenant),
    algorithm: 'sha1',
    digits: '6',
    counter: '0',
    period: '30',
  });
  return `otpauth://totp/${encodeURIComponent(label)}?${query}`;
}

function toBase32(text: string): string {
  const bits = [...Buffer.from(text)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)])
    .join('');
}
