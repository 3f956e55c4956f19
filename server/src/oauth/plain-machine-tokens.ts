// Tokens for clients themselves (RFC 6749 §4.4) that are asked for plainly: a secret in the form, an API by its name, nothing that binds
// the token to a key. The rules are those of all others, the model and its signature the provider's own; what is spared is the way
// through its token endpoint. Whatever is otherwise in any way, or is refused, goes the long way, which has the words;
// plain-machine-tokens.test.ts compares the two ways.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import { describeCaller } from '../log-caller.ts';
import type { Tenant } from '../tenant/index.ts';
import { grantMachineScopes, readAudience } from './access-rules.ts';
import { toResource } from './audience.ts';
import { ROUTES } from './auth0-dialect.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { openToPages } from './pending-polls.ts';
import { hasNoOther, hasPlainHeaders, hasUnboundTokens, isSecretOf, usesSecret } from './plain-clients.ts';
import { describeResource } from './provider-resources.ts';

const GRANT_TYPE = 'client_credentials';

/** All that a plain request may have, and each of them once. */
const PLAIN_PARAMETERS: ReadonlySet<string> = new Set([
  'audience',
  'client_id',
  'client_secret',
  'grant_type',
  'scope',
]);
/** RFC 6749 §3.3. */
const SCOPES = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/;

type MachineToken = InstanceType<Provider['ClientCredentials']>;

export class PlainMachineTokens {
  readonly #tenant: Tenant;
  readonly #provider: () => Provider;

  /** @param provider the current one */
  constructor(tenant: Tenant, provider: () => Provider) {
    this.#tenant = tenant;
    this.#provider = provider;
  }

  /** True where `ctx` has its answer. @param client that the request names; nothing is proven yet */
  async answer(
    ctx: Context,
    client: ClientConfig | undefined,
    parameters: RequestParameters,
  ): Promise<boolean> {
    if (ctx.path !== ROUTES.token || parameter(parameters, 'grant_type') !== GRANT_TYPE) return false;
    if (!client || !isPlain(ctx, parameters) || !mayAskPlainly(client)) return false;
    if (!isSecretOf(client, parameter(parameters, 'client_secret'))) return false;
    const made = await this.#make(client, parameters);
    if (!made) return false;
    const { text, token } = made;
    const { scope } = token;
    openToPages(ctx);
    ctx.status = 200;
    ctx.body = {
      access_token: text,
      expires_in: token.expiration,
      ...(scope === undefined ? {} : { scope }),
      token_type: token.tokenType,
    };
    this.#tenant.tenantLog.append({
      type: 'seccft',
      client_id: client.client_id,
      audience: parameter(parameters, 'audience'),
      scope: scope ?? '',
      caller: describeCaller(ctx),
    });
    return true;
  }

  /** Undefined where something is wrong: the long way finds the same, and says it. */
  async #make(
    config: ClientConfig,
    parameters: RequestParameters,
  ): Promise<{ text: string; token: MachineToken } | undefined> {
    const tenant = this.#tenant;
    try {
      const audience = readAudience(tenant, parameters, config);
      const requested = parameter(parameters, 'scope')?.split(' ') ?? [];
      const granted = grantMachineScopes(tenant, config, audience, requested);
      const provider = this.#provider();
      const client = await provider.Client.find(config.client_id);
      if (!client) return undefined;
      const resource = toResource(granted.resourceServer.identifier);
      const api = describeResource(tenant, { clientId: client.clientId, grantType: GRANT_TYPE }, resource);
      const scopes = new Set(api.scope.split(' '));
      const scope = [...new Set(granted.scope)].filter((one) => scopes.has(one)).join(' ');
      const token = new provider.ClientCredentials({ client, ...(scope === '' ? {} : { scope }) });
      token.resourceServer = { ...api, scopes, identifier: () => resource };
      return { text: await token.save(), token };
    } catch {
      return undefined;
    }
  }
}

function isPlain({ headers, querystring }: Context, parameters: RequestParameters): boolean {
  const scope = parameter(parameters, 'scope');
  return (
    querystring === '' &&
    hasPlainHeaders(headers) &&
    (scope === undefined || SCOPES.test(scope)) &&
    hasNoOther(parameters, PLAIN_PARAMETERS)
  );
}

function mayAskPlainly(client: ClientConfig): boolean {
  return usesSecret(client) && client.grant_types.includes(GRANT_TYPE) && hasUnboundTokens(client);
}
