// Logging a person in through the browser: /authorize with its login page, and the two ways to log out.
import type { Context } from 'koa';
import type { AuthorizationDetail, Configuration, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { authorizeAudience, grantScopes, readAudience, STANDARD_SCOPES } from './access-rules.ts';
import { toResource } from './audience.ts';
import { ROUTES } from './auth0-dialect.ts';
import { DetailSchemas, parseAuthorizationDetails } from './authorization-details.ts';

type Features = NonNullable<Configuration['features']>;
type DetailTypes = NonNullable<NonNullable<Features['richAuthorizationRequests']>['types']>;

/** What the provider's configuration and the middleware need of the browser flows. */
export interface WebLogin {
  readonly cookies: NonNullable<Configuration['cookies']>;
  readonly extraParams: NonNullable<Configuration['extraParams']>;
  readonly logout: NonNullable<Features['rpInitiatedLogout']>;
  readonly detailTypes: DetailTypes;
  readonly renderError: NonNullable<Configuration['renderError']>;
  attach(provider: Provider): void;
  /** Address of the page for an interaction. */
  pageFor(interaction: { uid: string }): string;
  loadGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined>;
  /** Details of a pushed authorization request, for the code. */
  detailsOf(ctx: KoaContextWithOIDC): AuthorizationDetail[] | undefined;
  /** Answers the pages of this folder; false for every other path. */
  answer(ctx: Context): Promise<boolean>;
  /** Paths below the provider's own routes, such as the way back from the login page. */
  belongsToProvider(path: string): boolean;
  close(): void;
}

export function createWebLogin(tenant: Tenant): WebLogin {
  const schemas = new DetailSchemas();
  let provider: Provider | undefined;
  const types = tenant.directory
    .resourceServers()
    .flatMap((api) => api.authorization_details.map((t) => t.type));
  return {
    cookies: {
      keys: [tenant.ids.make('', 43)],
      names: { session: 'auth0', interaction: 'auth0_interaction', resume: 'auth0_resume' },
    },
    extraParams: { audience: null, connection: null, organization: null, screen_hint: null },
    logout: { enabled: true },
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    detailTypes: Object.fromEntries(
      types.map((type) => [
        type,
        {
          validate: (ctx: KoaContextWithOIDC, detail: AuthorizationDetail) => {
            const client = tenant.directory.client(ctx.oidc.client?.clientId ?? '');
            if (!client) return;
            const access = authorizeAudience(
              tenant,
              client,
              readAudience(tenant, (ctx.oidc.params ?? {}) as Record<string, string>),
            );
            parseAuthorizationDetails(
              JSON.stringify([detail]),
              { config: tenant.config, ...access },
              schemas,
            );
          },
        },
      ]),
    ),
    attach(attached) {
      provider = attached;
    },
    pageFor: (interaction) => `/u/login?state=${interaction.uid}`,
    async loadGrant(ctx) {
      if (!provider || !ctx.oidc.account || !ctx.oidc.client) return undefined;
      const client = tenant.directory.client(ctx.oidc.client.clientId);
      if (!client) return undefined;
      const params = (ctx.oidc.params ?? {}) as Record<string, string | undefined>;
      const audience = readAudience(tenant, params as Record<string, string>);
      const scope = grantScopes(
        tenant,
        client,
        ctx.oidc.account.accountId,
        authorizeAudience(tenant, client, audience),
        (params['scope'] ?? '').split(' '),
      );
      const grant = new provider.Grant({ accountId: ctx.oidc.account.accountId, clientId: client.client_id });
      grant.addOIDCScope(
        scope.filter((one) => (STANDARD_SCOPES as readonly string[]).includes(one)).join(' '),
      );
      if (audience !== undefined) grant.addResourceScope(toResource(audience), scope.join(' '));
      await grant.save();
      return grant;
    },
    detailsOf: (ctx) => {
      const text = ctx.oidc.params?.['authorization_details'];
      return typeof text === 'string' ? (JSON.parse(text) as AuthorizationDetail[]) : undefined;
    },
    answer: async () => false,
    belongsToProvider: (path) =>
      path.startsWith(`${ROUTES.authorization}/`) || path.startsWith(`${ROUTES.end_session}/`),
    close() {},
  };
}
