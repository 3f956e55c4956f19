// What FAPI-CIBA (Implementer's Draft 1) asks of a client beyond CIBA Core. No third profile: a client of the profile `standard` may be
// held to it by `fapi_ciba`. What its metadata may be is checked with the tenant file; what it signs is in signing-rules.
import type { ClientConfig } from '../contract/index.ts';
import type { RequestParameters } from './parameters.ts';
import { invalidRequest } from './refusal.ts';

/** FAPI-CIBA §5.2.2: a signed request lives for at most an hour, from `nbf` to `exp`. */
export const LONGEST_FAPI_REQUEST_SECONDS = 3_600;

/**
 * FAPI-CIBA §5.2.2: a request carries something by which the person recognises this one among others.
 *
 * @param parameters of the request, out of its JWT where it is signed
 * @throws Refusal
 */
export function checkAuthorizationContext(client: ClientConfig, parameters: RequestParameters): void {
  if (!client.fapi_ciba) return;
  const hasContext = ['binding_message', 'authorization_details'].some(
    (name) => parameters[name] !== undefined,
  );
  if (hasContext) return;
  throw invalidRequest(
    'This client must say what each request is about, in binding_message or authorization_details',
  );
}
