// Which clients may ask people. auth0: CIBA prerequisites. The provider checks the grant and the credentials beside this.
import type { ClientConfig } from '../contract/index.ts';

/**
 * Why this client may not start CIBA; undefined if it may. A public client may not, and by Auth0’s rules no third-party or legacy one.
 */
export function whyNotCiba(
  client: ClientConfig,
  { isFirstPartyOnly }: { isFirstPartyOnly: boolean } = { isFirstPartyOnly: true },
): string | undefined {
  if (client.token_endpoint_auth_method === 'none')
    return 'a public client (token_endpoint_auth_method "none")';
  if (!isFirstPartyOnly) return undefined;
  if (!client.is_first_party) return 'a third-party client (is_first_party false)';
  if (!client.oidc_conformant) return 'a client that is not OIDC conformant (oidc_conformant false)';
  return undefined;
}
