// The refusals that the scenarios provoke, as they are on the wire.
import type { Refusal } from './drivers/driver.ts';

/** auth0: Client-Initiated Backchannel Authentication Flow. Denied and expired read the same there. */
export const DENIED_OR_EXPIRED: Refusal = {
  endpoint: 'token',
  status: 400,
  error: 'access_denied',
  description: 'The end-user denied the authorization request or it has been expired',
};

/** Same page. Ten seconds after the first poll that came too early, with an interval of five. */
export const POLLED_TOO_FAST: Refusal = {
  endpoint: 'token',
  status: 400,
  error: 'slow_down',
  description: 'You are polling faster than allowed. Try again in 10 seconds.',
  retryAfter: '10',
};

/** Text of node-auth0's tests, status of CIBA Core §11 and RFC 6749 §5.2. */
export const SPENT: Refusal = {
  endpoint: 'token',
  status: 400,
  error: 'invalid_grant',
  description: 'Invalid or expired auth_req_id',
};

/** Recorded in go-auth0's `TestCIBA`. */
export const UNKNOWN_USER: Refusal = {
  endpoint: 'bc-authorize',
  status: 400,
  error: 'unknown_user_id',
  description: 'User ID is malformed or unknown',
};

/** Reported by developers from a live tenant. */
export const NO_DEVICE: Refusal = {
  endpoint: 'bc-authorize',
  status: 400,
  error: 'invalid_request',
  description:
    'No eligible notification channels were found. guardian-push: User does not have push notifications set up',
};
