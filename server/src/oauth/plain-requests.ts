// Requests that are as plain as most are: a client with a secret in the form that polls for its answer, nothing signed, nothing that
// only the provider could judge. They are admitted by the same rules as all others, stored by the provider's own model and put to
// their person, without the forty steps that the provider takes to get there. Whatever is otherwise in any way, or is refused,
// goes the long way from its beginning, which has all the words; plain-requests.test.ts compares the two ways.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { CIBA_GRANT_TYPE, type ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { toResource } from './audience.ts';
import { ROUTES } from './auth0-dialect.ts';
import type { Ciba, JudgedRequest } from './ciba.ts';
import { answersOutage } from './outage-answer.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { hasNoOther, hasPlainHeaders, isSecretOf, usesSecret } from './plain-clients.ts';
import { recordRefusedRequest } from './refused-requests.ts';

/** All that a plain request may have, and each of them once. */
const PLAIN_PARAMETERS: ReadonlySet<string> = new Set([
  'acr_values',
  'audience',
  'authorization_details',
  'binding_message',
  'client_id',
  'client_secret',
  'login_hint',
  'requested_expiry',
  'resource',
  'scope',
]);

export class PlainRequests {
  readonly #tenant: Tenant;
  readonly #ciba: Ciba;
  readonly #provider: () => Provider;

  constructor(tenant: Tenant, ciba: Ciba, provider: () => Provider) {
    this.#tenant = tenant;
    this.#ciba = ciba;
    this.#provider = provider;
  }

  /** True where `ctx` has its answer. @param client that the request names; nothing is proven yet */
  async answer(
    ctx: Context,
    client: ClientConfig | undefined,
    parameters: RequestParameters,
  ): Promise<boolean> {
    if (ctx.path !== ROUTES.backchannel_authentication || !client) return false;
    if (!isPlain(ctx, parameters) || !mayAskPlainly(client) || !this.#ciba.hasServed(client)) return false;
    if (!isSecretOf(client, parameter(parameters, 'client_secret'))) return false;
    const judged = await this.#judge(client, parameters);
    if (!judged) return false;
    try {
      await this.#ciba.ask(ctx, await this.#store(judged), judged, parameters);
    } catch (error) {
      // Some of it may be written, so it is not done again.
      if (!answersOutage(ctx, error)) throw error;
      recordRefusedRequest(this.#tenant, ctx, parameters, { clientId: client.client_id });
    }
    return true;
  }

  /** Undefined where something is wrong: the long way finds the same, and says it. */
  async #judge(client: ClientConfig, parameters: RequestParameters): Promise<JudgedRequest | undefined> {
    try {
      return await this.#ciba.judge(client, parameters);
    } catch {
      return undefined;
    }
  }

  /** As the provider does it, which has been shown the same placeholders then. Gives the auth_req_id. */
  #store({ admitted: { access, client, expiresInSeconds, user } }: JudgedRequest): Promise<string> {
    const { BackchannelAuthenticationRequest } = this.#provider();
    const { client_id: clientId } = client;
    const resource = access.resourceServer && toResource(access.resourceServer.identifier);
    const forApi = resource === undefined ? {} : { resource };
    const request = {
      accountId: user.user_id,
      claims: {},
      clientId,
      expiresIn: expiresInSeconds,
      params: { client_id: clientId, ...this.#ciba.placeholders, ...forApi },
      ...forApi,
      scope: this.#ciba.placeholders.scope,
    };
    return new BackchannelAuthenticationRequest(request).save();
  }
}

function isPlain({ headers }: Context, parameters: RequestParameters): boolean {
  return hasPlainHeaders(headers) && hasNoOther(parameters, PLAIN_PARAMETERS);
}

function mayAskPlainly(client: ClientConfig): boolean {
  return (
    usesSecret(client) &&
    client.grant_types.includes(CIBA_GRANT_TYPE) &&
    (client.backchannel_token_delivery_mode ?? 'poll') === 'poll'
  );
}
