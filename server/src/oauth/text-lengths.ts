// How long a text of a request may be where no other rule bounds it and it is kept: with the request, with a login, with each of its
// refresh tokens. Asked for every way in which a request comes, by `Ciba` and by authorize-request. RFC 6749 sets no limit.
import { parameter, type RequestParameters } from './parameters.ts';
import { invalidRequest } from './refusal.ts';

/** In UTF-16 code units. */
const LONGEST_TEXT = 2_048;

/** OpenID Connect Core §3.1.2.1, CIBA Core §7.1, RFC 9449 §10, and Auth0's. */
const TEXTS = [
  'acr_values',
  'claims_locales',
  'connection',
  'display',
  'dpop_jkt',
  'login_hint',
  'max_age',
  'nonce',
  'organization',
  'prompt',
  'screen_hint',
  'state',
  'ui_locales',
];

export function isTooLong(text: string | undefined): boolean {
  return text !== undefined && text.length > LONGEST_TEXT;
}

/** @throws Refusal `invalid_request`: RFC 6749 §4.1.2.1, RFC 9126 §2.3, CIBA Core §13 */
export function checkTextLengths(parameters: RequestParameters): void {
  for (const name of TEXTS) {
    const text = parameter(parameters, name);
    if (text === undefined || !isTooLong(text)) continue;
    throw invalidRequest(`${name} has ${text.length} characters, expected at most ${LONGEST_TEXT}`);
  }
}
