// What a person answers, signed by the key of this device and sent where every device sends it: Guardian's protocol.
// auth0: Guardian SDKs, allow and reject.
import type {
  ApprovalView,
  AuthorizationDetail,
  ChallengeResponseClaims,
  DeviceTransaction,
  PasskeyAssertion,
} from 'assent/contract';
import type { Pairing } from './device-key.ts';
import { signJws } from './jws.ts';
import { absoluteUrl, toSeconds } from './signed-fetch.ts';

/** What a person answers, about exactly the content that `approval` shows. */
export interface Answer {
  approval: ApprovalView;
  accepted: boolean;
  reason?: string | undefined;
  /** What is granted, where that is not all that was asked. */
  granted?: AuthorizationDetail[] | undefined;
}

export interface DeviceAnswer {
  pairing: Pairing;
  /** Good for one answer. */
  transaction: DeviceTransaction;
  answer: Answer;
  passkey: PasskeyAssertion | undefined;
  /** By the server's clock. */
  nowMs: number;
}

const RESOLVE_PATH = '/appliance-mfa/api/resolve-transaction';
const LIFETIME_SECONDS = 30;

export async function sendDeviceAnswer(sent: DeviceAnswer): Promise<Response> {
  const { pairing, transaction, answer, passkey } = sent;
  const { approval, accepted, reason, granted } = answer;
  const url = absoluteUrl(RESOLVE_PATH);
  const nowSeconds = toSeconds(sent.nowMs);
  const claims = {
    iss: pairing.deviceId,
    sub: transaction.challenge,
    aud: url,
    iat: nowSeconds,
    exp: nowSeconds + LIFETIME_SECONDS,
    auth0_guardian_method: 'push',
    auth0_guardian_accepted: accepted,
    ...(reason === undefined ? {} : { auth0_guardian_reason: reason }),
    consent_hash: approval.consent_hash,
    ...(granted === undefined ? {} : { granted_details: granted }),
  } satisfies ChallengeResponseClaims;
  const challengeResponse = await signJws({ typ: 'JWT' }, claims, pairing.privateKey);
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${transaction.transaction_token}`,
    },
    body: JSON.stringify({
      challenge_response: challengeResponse,
      ...(passkey === undefined ? {} : { passkey }),
    }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  });
}
