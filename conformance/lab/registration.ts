// Dynamic client registration, RFC 7591, of a tenant that allows it.
import type { TenantConfigInput } from 'assent/contract';
import type { Answer } from '../client/exchange.ts';
import { CIBA_GRANT } from '../client/relying-party.ts';
import type { Lab } from './lab.ts';

const INITIAL_ACCESS_TOKEN = 'initial-access-token-of-the-lab';

export function withRegistration(config: TenantConfigInput): TenantConfigInput {
  // Auth0 has none that this server imitates.
  if (config.tenant?.profile === 'auth0') return config;
  return { ...config, registration: { enabled: true, initial_access_token: INITIAL_ACCESS_TOKEN } };
}

/** Registers a CIBA client, with changes; a member that is undefined is left out. */
export function register(
  { provider }: Lab,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  return provider.exchange.send(provider.endpoint('registration_endpoint'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${INITIAL_ACCESS_TOKEN}` },
    body: JSON.stringify({
      client_name: 'A client that registered itself',
      grant_types: [CIBA_GRANT],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      backchannel_token_delivery_mode: 'poll',
      ...changes,
    }),
  });
}
