// What a person who logs in would grant: to whom, at which API, with which permissions and authorization details. Read from the
// parameters of the authorization request, the same way wherever it is asked: when the grant is made, on the consent page,
// and when the page's answer comes back.
import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { buildConsentView } from '../approvals/index.ts';
import type { AuthorizationDetail, ClientConfig, ConsentView } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { authorizeAudience, type GrantedAccess, grantScopes, readAudience } from './access-rules.ts';
import { DetailSchemas, parseAuthorizationDetails } from './authorization-details.ts';
import { sentParameters } from './authorize-request.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';

export interface LoginRequest {
  client: ClientConfig;
  userId: string;
  audience: string | undefined;
  access: GrantedAccess;
  scope: string[];
  authorizationDetails: AuthorizationDetail[] | undefined;
}

/** What the person reads, and its digest, which the answer must name. */
export interface LoginQuestion {
  consent: ConsentView;
  hash: string;
}

export class LoginRequests {
  readonly #tenant: Tenant;
  readonly #schemas = new DetailSchemas();

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** @throws Refusal where the client may not ask for it */
  read(client: ClientConfig, userId: string, parameters: RequestParameters): LoginRequest {
    const audience = readAudience(this.#tenant, parameters, client);
    const access = authorizeAudience(this.#tenant, client, audience);
    const requested = (parameter(parameters, 'scope') ?? '').split(' ');
    return {
      client,
      userId,
      audience,
      access,
      scope: grantScopes(this.#tenant, client, userId, access, requested),
      authorizationDetails: this.readDetails(client, access, parameters),
    };
  }

  /** The request under way, once somebody is logged in. */
  readCurrent(ctx: KoaContextWithOIDC): LoginRequest | undefined {
    const { account, client: providerClient } = ctx.oidc;
    const client = this.#tenant.directory.client(providerClient?.clientId ?? '');
    return account && client && this.read(client, account.accountId, sentParameters(ctx));
  }

  /** RFC 9396 §5, by the rules of /bc-authorize. @throws Refusal */
  readDetails(
    client: ClientConfig,
    access: GrantedAccess,
    parameters: RequestParameters,
  ): AuthorizationDetail[] | undefined {
    const text = parameter(parameters, 'authorization_details');
    if (text === undefined) return undefined;
    return parseAuthorizationDetails(text, { config: this.#tenant.config, client, ...access }, this.#schemas);
  }

  /**
   * What the person must be shown; undefined where logging in is all it takes. The tenant's own clients ask for nothing beyond
   * that by scopes alone: anything that matters is in the details, or is asked in the approver app.
   */
  question(request: LoginRequest): LoginQuestion | undefined {
    const { client, userId, scope, access, authorizationDetails } = request;
    const isForThirdParty = !client.is_first_party && rulesOf(this.#tenant, client).asksForThirdParties;
    if (authorizationDetails === undefined && !isForThirdParty) return undefined;
    const consent = buildConsentView({
      clientName: client.name,
      scope,
      authorizationDetails,
      resourceServer: access.resourceServer,
    });
    const shown = JSON.stringify([consent, authorizationDetails ?? [], client.client_id, userId]);
    return { consent, hash: createHash('sha256').update(shown).digest('base64url') };
  }

  /** Whether the person has still to be asked. An answer to something else does not count. */
  isUnanswered(ctx: KoaContextWithOIDC): boolean {
    const request = this.readCurrent(ctx);
    const question = request && this.question(request);
    return question !== undefined && ctx.oidc.result?.['consented'] !== question.hash;
  }

  /**
   * What the code carries: the details that were shown and approved, nothing else. RFC 9396 §6.
   */
  approvedDetails(ctx: KoaContextWithOIDC): AuthorizationDetail[] | undefined {
    return this.isUnanswered(ctx) ? undefined : this.readCurrent(ctx)?.authorizationDetails;
  }
}
