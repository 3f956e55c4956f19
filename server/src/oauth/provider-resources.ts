// APIs as the provider needs them, which calls them resources: which one a request is for, and what tokens for it are like.
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { authorizeAudience, grantMachineScopes, readAudience } from './access-rules.ts';
import { fromResource, toResource } from './audience.ts';
import type { Ciba } from './ciba.ts';
import type { LoginRequests } from './login-request.ts';
import { Refusal } from './refusal.ts';
import { requireRequestObject } from './request-objects.ts';
import { STANDARD_SCOPES } from './scopes.ts';

/** `audience` → resource. On /bc-authorize this is the hook that admits the request as a whole. */
export async function chooseResource(
  tenant: Tenant,
  ciba: Ciba,
  requests: LoginRequests,
  ctx: KoaContextWithOIDC,
  clientId: string,
): Promise<string | undefined> {
  if (ctx.oidc.route === 'backchannel_authentication') {
    const client = ctx.oidc.client;
    if (!client) throw new Error('the provider asked for a resource before it knew the client');
    const { resourceServer } = (await ciba.admit(ctx, client)).access;
    return resourceServer && toResource(resourceServer.identifier);
  }
  const client = tenant.directory.client(clientId);
  if (!client) throw new errors.InvalidClient('client is invalid', 'client not found');
  const sent = { ...ctx.query, ...ctx.oidc.body, ...ctx.oidc.params } as Record<string, string | undefined>;
  const audience = readAudience(tenant, definedText(sent), client);
  // RFC 9396 §5: judged when they are pushed and when a login begins, before anybody is asked anything.
  if (['authorization', 'pushed_authorization_request'].includes(ctx.oidc.route)) {
    requireRequestObject(client, ctx);
    requests.readDetails(
      client,
      authorizeAudience(tenant, client, audience),
      definedText(ctx.oidc.params ?? {}),
    );
  }
  if (ctx.oidc.params?.['grant_type'] === 'client_credentials') {
    const requested = (sent['scope'] ?? '').split(' ').filter((scope) => scope !== '');
    const granted = grantMachineScopes(tenant, client, audience, requested);
    // auth0: without `scope`, everything the client grant lists.
    ctx.oidc.params['scope'] = granted.scope.join(' ');
    return toResource(granted.resourceServer.identifier);
  }
  return audience === undefined ? undefined : toResource(audience);
}

/** An API as tokens for it need it. */
export function describeResource(
  tenant: Tenant,
  { clientId, grantType }: { clientId: string | undefined; grantType: unknown },
  resource: string,
): ResourceServer {
  const audience = fromResource(resource);
  const client = tenant.directory.client(clientId ?? '');
  const isMachine = grantType === 'client_credentials';
  if (client && !isMachine) authorizeAudience(tenant, client, audience);
  const api = tenant.directory.resourceServer(audience);
  if (!api) throw new Refusal(403, 'access_denied', `Service not found: ${audience}`);
  const own = api.scopes.map((scope) => scope.value);
  // auth0: API settings, token expiration for browser flows.
  const isBrowserFlow = grantType === 'authorization_code' && client?.app_type === 'spa';
  return {
    audience,
    scope: (isMachine ? own : [...STANDARD_SCOPES, ...own]).join(' '),
    accessTokenTTL: isBrowserFlow ? api.token_lifetime_for_web : api.token_lifetime,
    accessTokenFormat: 'jwt',
    jwt: {
      sign:
        api.signing_alg === 'HS256'
          ? { alg: 'HS256', key: Buffer.from(api.signing_secret ?? '') }
          : { alg: api.signing_alg },
    },
  };
}

function definedText(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
}
