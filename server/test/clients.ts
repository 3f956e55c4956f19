// Clients that several tests need.
import { CIBA_GRANT_TYPE, DEVICE_GRANT_TYPE, type TenantConfigInput } from '../src/contract/index.ts';

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];

/** Keeps no secret, and logs people in by a code that they enter elsewhere. */
export const TELEVISION: ClientInput = Object.freeze<ClientInput>({
  client_id: 'television',
  name: 'Television',
  app_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [DEVICE_GRANT_TYPE],
});

/** One of each kind whose refresh tokens are renewed otherwise; the id and `-secret-not-real` are the secret of each. */
export function refreshingClients(more: {
  grant_types: ClientInput['grant_types'];
  callbacks?: string[];
}): ClientInput[] {
  const client = (
    client_id: string,
    profile: 'auth0' | 'standard',
    rotation_type: 'rotating' | 'non-rotating',
  ): ClientInput => ({
    ...more,
    client_id,
    client_secret: `${client_id}-secret-not-real`,
    name: client_id,
    profile,
    grant_types: [CIBA_GRANT_TYPE, 'refresh_token', ...(more.grant_types ?? [])],
    refresh_token: { rotation_type },
  });
  return [
    client('rotating', 'standard', 'rotating'),
    client('steady', 'standard', 'non-rotating'),
    client('dialect', 'auth0', 'rotating'),
  ];
}
