// What a push to a Guardian app says: ids, a token and a challenge, never what is asked; the app fetches that with a proof.
// As Guardian.swift and Guardian.Android parse it.
import type { Approval } from '../approvals/index.ts';
import type { PushServiceName } from '../tenant/index.ts';

export interface PayloadParts {
  /** Host of this server, with a port where it is not 443. */
  host: string;
  deviceId: string;
  token: string;
  challenge: string;
  startedAtMs: number;
}

/** Without this category the iOS SDK does not recognise the notification. */
const IOS_CATEGORY = 'com.auth0.notification.authentication';

/** The payload as JSON, in the shape of the push service that the device named. */
export function writePayload(service: PushServiceName, approval: Approval, parts: PayloadParts): string {
  const members = {
    sh: parts.host,
    dai: parts.deviceId,
    txtkn: parts.token,
    c: parts.challenge,
    // Android parses exactly yyyy-MM-dd'T'HH:mm:ss.SSS'Z'.
    d: new Date(parts.startedAtMs).toISOString(),
    txlnkid: approval.consentId,
  };
  // FCM's data is a flat map of texts. Nobody knows a browser or a place: the agent called, not a person.
  if (service !== 'APNS') return JSON.stringify(members);
  return JSON.stringify({
    aps: {
      category: IOS_CATEGORY,
      alert: { title: approval.clientName, body: 'Approval requested' },
      sound: 'default',
      'mutable-content': 1,
    },
    mfa: members,
  });
}
