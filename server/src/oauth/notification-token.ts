// How a client with the mode `ping` or `push` wants to be called back, and the token by which it will know that it is us.
// CIBA Core §7.1: required of such a client, at most 1024 characters, a bearer credential of RFC 6750 §2.1.
import type { AnswerCallback } from '../approvals/index.ts';
import type { ClientConfig } from '../contract/index.ts';
import { invalidRequest } from './refusal.ts';

const LONGEST_TOKEN = 1024;
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const NAME = 'client_notification_token';

/**
 * @param token what was sent; of a client that polls it is ignored
 * @throws Refusal
 */
export function readCallback(client: ClientConfig, token: string | undefined): AnswerCallback | undefined {
  const { backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint } =
    client;
  if (mode === undefined || mode === 'poll' || endpoint === undefined) return undefined;
  if (token === undefined) {
    throw invalidRequest(
      `${NAME} is required`,
      `"${client.client_id}" is called back (${mode}) and knows us by it`,
    );
  }
  if (token.length > LONGEST_TOKEN) {
    throw invalidRequest(`${NAME} must not exceed ${LONGEST_TOKEN} characters`, `received ${token.length}`);
  }
  if (!B64TOKEN.test(token)) {
    throw invalidRequest(
      `${NAME} must consist of letters, digits and -._~+/ with = at its end only`,
      'RFC 6750, section 2.1: it is sent as Authorization: Bearer',
    );
  }
  return { mode, endpoint, token };
}

/** Whether the client gets its answer brought, and must not come for it. */
export function isPushed(client: Pick<ClientConfig, 'backchannel_token_delivery_mode'> | undefined): boolean {
  return client?.backchannel_token_delivery_mode === 'push';
}
