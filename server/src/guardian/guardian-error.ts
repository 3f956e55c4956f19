// How the Guardian protocol refuses. The SDKs read different members, so all five are always there: iOS `errorCode` and
// `description`, Android `errorCode` and `error`. auth0: Guardian error code reference.
import { STATUS_CODES } from 'node:http';

export type GuardianErrorCode =
  | 'already_enrolled'
  | 'device_account_not_found'
  | 'enrollment_transaction_not_found'
  | 'field_required'
  | 'invalid_bearer_format'
  | 'invalid_body'
  | 'invalid_dpop_assertion'
  | 'invalid_token'
  | 'login_transaction_not_found'
  | 'rich_consent_not_found'
  | 'transaction_expired'
  | 'unexpected_input';

export class GuardianError extends Error {
  readonly status: number;
  readonly errorCode: GuardianErrorCode;

  /** @param message what was received, what was expected, and what to try */
  constructor(status: number, errorCode: GuardianErrorCode, message: string) {
    super(message);
    this.name = 'GuardianError';
    this.status = status;
    this.errorCode = errorCode;
  }

  get body(): Record<'statusCode' | 'errorCode' | 'error' | 'message' | 'description', string | number> {
    return {
      statusCode: this.status,
      errorCode: this.errorCode,
      error: STATUS_CODES[this.status] ?? 'Error',
      message: this.message,
      description: this.message,
    };
  }
}
