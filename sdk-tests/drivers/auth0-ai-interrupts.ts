// How the `@auth0/ai` family tells its users about a refusal. Its versions differ in how their codes begin.
import type { Refusal, SdkError } from './driver.ts';
import { tellAuthApiError } from './node-auth0.ts';

/** Of `@auth0/ai` up to 4, and from 5. */
export type CodePrefix = 'CIBA' | 'ASYNC_AUTHORIZATION';

/** Interrupts by OAuth error. `invalid_request` always reads as "not enrolled" in these SDKs. */
const INTERRUPTS: Readonly<Record<string, { class: string; code: string }>> = {
  slow_down: { class: 'AuthorizationPollingInterrupt', code: 'AUTHORIZATION_POLLING_ERROR' },
  invalid_grant: { class: 'InvalidGrantInterrupt', code: 'INVALID_GRANT' },
  invalid_request: {
    class: 'UserDoesNotHavePushNotificationsInterrupt',
    code: 'USER_DOES_NOT_HAVE_PUSH_NOTIFICATIONS',
  },
  access_denied: { class: 'AccessDeniedInterrupt', code: 'ACCESS_DENIED' },
};

/** What a tool is interrupted with while nobody has answered. */
export function pendingCode(prefix: CodePrefix): string {
  return `${prefix}_AUTHORIZATION_PENDING`;
}

/** At /bc-authorize the SDKs translate `invalid_request` alone; what they do not translate is an error of `auth0`. */
export function tellInterrupt(prefix: CodePrefix, refusal: Refusal): SdkError {
  const { endpoint, error, description, retryAfter } = refusal;
  const interrupt = endpoint === 'token' || error === 'invalid_request' ? INTERRUPTS[error] : undefined;
  if (interrupt === undefined) return tellAuthApiError(refusal);
  return {
    class: interrupt.class,
    code: `${prefix}_${interrupt.code}`,
    description,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
