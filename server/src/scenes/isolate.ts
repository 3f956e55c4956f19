// The configuration of a tenant for a world of its own: the same people, programs, APIs and rules of asking; but nobody is written to,
// nobody answers by rule, and its keys and secrets are other ones.
import {
  type ClientConfig,
  profileOf,
  type ResourceServerConfig,
  standardClientMembers,
  type TenantConfig,
} from '../contract/index.ts';

/** @param clientSecret by which the agent of the scene proves itself, whatever the real one does */
export function isolate(config: TenantConfig, clientId: string, clientSecret: string): TenantConfig {
  const { provider: _provider, ...email } = config.email;
  return {
    ...config,
    email,
    rules: [],
    signing_keys: [],
    // Phones of the file are the real people's.
    users: config.users.map((user) => ({ ...user, devices: [] })),
    resource_servers: config.resource_servers.map(signByKey),
    clients: config.clients.map((client) => {
      if (client.client_id !== clientId) return client;
      const { jwks: _jwks, ...own } = withoutStandardMembers(client);
      return {
        ...own,
        // It is answered in the words in which it was.
        profile: profileOf(config.tenant, client),
        token_endpoint_auth_method: 'client_secret_post',
        client_secret: clientSecret,
      };
    }),
    ciba: {
      ...config.ciba,
      // The time of a scene stands still until the scene moves it.
      held_poll: 0,
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
    },
  };
}

/** A shared secret is the real API's, and the API of the scene has none. */
function signByKey(api: ResourceServerConfig): ResourceServerConfig {
  if (api.signing_alg !== 'HS256') return api;
  const { signing_secret: _secret, ...own } = api;
  return { ...own, signing_alg: 'RS256' };
}

function withoutStandardMembers(client: ClientConfig): ClientConfig {
  const names = Object.keys(standardClientMembers);
  return Object.fromEntries(Object.entries(client).filter(([name]) => !names.includes(name))) as ClientConfig;
}
