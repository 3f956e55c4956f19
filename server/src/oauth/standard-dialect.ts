// Errors as the specifications say them: the provider's, with what it calls by another name put right, and with descriptions that
// keep to their characters. RFC 6749 §5.2, CIBA Core §11 and §13.
import { toErrorText } from '../error-text.ts';
import type { OAuthErrorBody, ProviderError } from './auth0-dialect.ts';

/** The error in the words of the specifications. */
export function toStandardError(error: ProviderError): OAuthErrorBody {
  const { error: code, error_description: description = '' } = error;
  if (code === 'invalid_client') return answer(401, code, 'Client authentication failed');
  if (code === 'invalid_request' && description === 'no client authentication mechanism provided') {
    return answer(401, 'invalid_client', 'No client authentication was included');
  }
  // The provider's name for a grant that the client is not registered for.
  if (code === 'invalid_request' && description.endsWith('is not allowed for this client')) {
    return answer(400, 'unauthorized_client', 'The client is not registered for this grant type');
  }
  // Of the API endpoints, only the one for pushed requests tells of it.
  if (code === 'request_uri_not_supported') {
    return answer(400, 'invalid_request', 'A pushed request cannot have a request_uri. RFC 9126 section 2.1');
  }
  if (code === 'unauthorized_client') return answer(400, code, description);
  if (code === 'authorization_pending') return answer(400, code, 'The user has not answered yet');
  return answer(error.status, code, description);
}

/** CIBA Core §11. The wait is in `Retry-After`. */
export function slowDownByStandard(intervalSeconds: number): OAuthErrorBody {
  return answer(
    400,
    'slow_down',
    `Polled too soon. Leave ${Math.ceil(intervalSeconds)} seconds between two requests`,
  );
}

function answer(status: number, error: string, description: string): OAuthErrorBody {
  return {
    status,
    body: { error, ...(description === '' ? {} : { error_description: toErrorText(description) }) },
  };
}
