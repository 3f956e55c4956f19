// How this folder says no: an OAuth error with Auth0's status and words, plus a hint that goes to the trace, not to the wire.
import { errors } from 'oidc-provider';

/** An OAuth error answer, RFC 6749 §5.2. The provider turns it into the response. */
export class Refusal extends errors.OIDCProviderError {
  override readonly error_description: string;
  /** What to change, in our words. Shown in the trace and in the terminal. */
  readonly hint: string | undefined;
  /** Header fields of the answer, such as Retry-After. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    error: string,
    description: string,
    hint?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, error);
    // The provider hides what a 5xx says.
    this.expose = true;
    this.name = 'Refusal';
    this.error_description = description;
    this.hint = hint;
    this.headers = headers;
  }
}

/** 400 `invalid_request`, RFC 6749 §5.2. */
export function invalidRequest(description: string, hint?: string): Refusal {
  return new Refusal(400, 'invalid_request', description, hint);
}
