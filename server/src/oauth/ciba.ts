// The CIBA hooks of the provider. Admission happens in the first hook after client authentication; the last one opens the
// approval. CIBA Core §7.
import type { IncomingMessage } from 'node:http';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { buildConsentView } from '../approvals/index.ts';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { type AdmittedRequest, admit } from './admission.ts';
import { DetailSchemas } from './authorization-details.ts';
import { checkAuthorizationContext } from './fapi-ciba.ts';
import type { RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { RequestLimits } from './request-limits.ts';
import type { SignedRequests } from './signed-request.ts';

/** Only these reach the provider: everything else is ours to judge, in our order. */
const AUTHENTICATION_PARAMETERS = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

export class Ciba {
  readonly #tenant: Tenant;
  readonly #rules: { schemas: DetailSchemas; limits: RequestLimits };
  readonly #parametersOf: (request: IncomingMessage) => RequestParameters;
  readonly #signedRequests: SignedRequests;
  readonly #admitted = new WeakMap<IncomingMessage, AdmittedRequest>();

  /** @param parametersOf what a request really asked; the provider has been shown less */
  constructor(
    tenant: Tenant,
    parametersOf: (request: IncomingMessage) => RequestParameters,
    signedRequests: SignedRequests,
  ) {
    this.#tenant = tenant;
    this.#parametersOf = parametersOf;
    this.#signedRequests = signedRequests;
    this.#rules = {
      schemas: new DetailSchemas(),
      limits: new RequestLimits(tenant.clock, () => tenant.config.ciba),
    };
  }

  /**
   * What the provider gets to see of a request. `scope` and `login_hint` are mandatory there, and would be judged before
   * binding_message and after authorization_details; placeholders keep that judgement to `admit`.
   */
  providerParameters(parameters: RequestParameters): RequestParameters {
    const credentials = Object.entries(parameters).filter(([name]) =>
      AUTHENTICATION_PARAMETERS.includes(name),
    );
    return { ...Object.fromEntries(credentials), scope: 'openid', login_hint: 'admitted' };
  }

  /** The first hook that runs after the client is authentic and its grant type allowed. @throws Refusal */
  async admit(ctx: KoaContextWithOIDC, providerClient: Client): Promise<AdmittedRequest> {
    const client = this.#tenant.directory.client(providerClient.clientId);
    if (!client) throw new Error(`client ${providerClient.clientId} vanished while it was being served`);
    const admitted = await admit(this.#tenant, this.#rules, client, await this.#read(client, ctx.req));
    this.#admitted.set(ctx.req, admitted);
    return admitted;
  }

  /** What a request asks, out of its JWT where it is signed. @throws Refusal */
  async #read(client: ClientConfig, request: IncomingMessage): Promise<RequestParameters> {
    const sent = this.#parametersOf(request);
    if (!rulesOf(this.#tenant, client).takesSignedRequests) return sent;
    const parameters = await this.#signedRequests.read(client, sent);
    checkAuthorizationContext(client, parameters);
    return parameters;
  }

  admitted(ctx: KoaContextWithOIDC): AdmittedRequest {
    const admitted = this.#admitted.get(ctx.req);
    if (!admitted) throw new Error('a CIBA hook ran before admission');
    return admitted;
  }

  /** The last hook: the provider has stored the request and written its answer. */
  async open(ctx: KoaContextWithOIDC, authReqId: string): Promise<void> {
    const { client, user, bindingMessage, scope, access, authorizationDetails, channel, expiresInSeconds } =
      this.admitted(ctx);
    const { interval } = this.#tenant.config.ciba;
    // The provider leaves `interval` out, and clients that then poll without a pause do. CIBA Core §7.3.
    ctx.body = { auth_req_id: authReqId, expires_in: expiresInSeconds, interval };
    const api = access.resourceServer;
    const approval = await this.#tenant.approvals.open({
      authReqId,
      clientId: client.client_id,
      clientName: client.name,
      userId: user.user_id,
      userName: user.name,
      bindingMessage,
      ...(api === undefined ? {} : { audience: api.identifier, audienceName: api.name ?? api.identifier }),
      scope,
      ...(authorizationDetails === undefined ? {} : { authorizationDetails }),
      consent: buildConsentView({
        clientName: client.name,
        scope,
        authorizationDetails,
        resourceServer: api,
      }),
      channel,
      expiresInSeconds,
      intervalSeconds: interval,
      exchange: this.#tenant.exchanges.describe(ctx, this.#parametersOf(ctx.req)),
    });
    await this.#tenant.scriptedPeople.meet(approval);
  }
}
