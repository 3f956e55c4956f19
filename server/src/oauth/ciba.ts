// The CIBA hooks of the provider. Admission happens in the first hook after client authentication; the last one opens the
// approval. CIBA Core §7.
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { type AnswerCallback, buildConsentView } from '../approvals/index.ts';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { admit } from './admission.ts';
import type { AdmissionParts, AdmittedRequest } from './admitted-request.ts';
import { DetailSchemas } from './authorization-details.ts';
import type { ClientKeys } from './client-keys.ts';
import { checkAuthorizationContext } from './fapi-ciba.ts';
import { readCallback } from './notification-token.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { type ProfileRules, rulesOf } from './profiles.ts';
import { Refusal } from './refusal.ts';
import { RequestLimits } from './request-limits.ts';
import type { SignedRequests } from './signed-request.ts';
import { admitStandard } from './standard-admission.ts';
import { checkTextLengths } from './text-lengths.ts';

/** Only these reach the provider: everything else is ours to judge, in our order. */
const AUTHENTICATION_PARAMETERS = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

const ADMISSIONS: Readonly<Record<ProfileRules['admission'], typeof admit>> = {
  auth0: admit,
  standard: admitStandard,
};

/** A request that may be put to its person. */
export interface JudgedRequest {
  admitted: AdmittedRequest;
  /** Undefined where the client polls. */
  callback: AnswerCallback | undefined;
}

export class Ciba {
  readonly #tenant: Tenant;
  readonly #parts: AdmissionParts;
  readonly #parametersOf: (request: IncomingMessage) => RequestParameters;
  readonly #signedRequests: SignedRequests;
  readonly #judged = new WeakMap<IncomingMessage, JudgedRequest>();
  /** Clients whose metadata the provider has taken, as they are now. */
  readonly #served = new WeakSet<ClientConfig>();
  /** By auth_req_id: requests whose client has not been told of it yet. */
  readonly #unacknowledged = new Map<string, Promise<void>>();

  /** @param parametersOf what a request really asked; the provider has been shown less */
  constructor(
    tenant: Tenant,
    parametersOf: (request: IncomingMessage) => RequestParameters,
    signedRequests: SignedRequests,
    clientKeys: ClientKeys,
  ) {
    this.#tenant = tenant;
    this.#parametersOf = parametersOf;
    this.#signedRequests = signedRequests;
    this.#parts = {
      schemas: new DetailSchemas(),
      clientKeys,
      limits: new RequestLimits(tenant.clock, () => tenant.config.ciba),
    };
    tenant.approvals.watch(({ clientId, requestedAtMs, state, userId }, changedAt) => {
      if (changedAt === 'here' || state !== 'pending') return;
      const { limitsRequestsPerPerson } = rulesOf(tenant, tenant.directory.client(clientId));
      this.#parts.limits.count(userId, requestedAtMs, limitsRequestsPerPerson);
    });
  }

  /** What the provider is shown in place of a scope and a hint. */
  readonly placeholders = { login_hint: 'admitted', scope: 'openid' } as const;

  /**
   * What the provider gets to see of a request. `scope` and `login_hint` are mandatory there, and would be judged before
   * binding_message and after authorization_details; placeholders keep that judgement to `admit`.
   */
  providerParameters(parameters: RequestParameters): RequestParameters {
    const credentials = Object.entries(parameters).filter(([name]) =>
      AUTHENTICATION_PARAMETERS.includes(name),
    );
    return { ...Object.fromEntries(credentials), ...this.placeholders };
  }

  /** The first hook that runs after the client is authentic and its grant type allowed. @throws Refusal */
  async admit(ctx: KoaContextWithOIDC, providerClient: Client): Promise<AdmittedRequest> {
    const client = this.#tenant.directory.client(providerClient.clientId);
    if (!client) throw clientIsGone();
    const judged = await this.judge(client, this.#parametersOf(ctx.req));
    this.#judged.set(ctx.req, judged);
    return judged.admitted;
  }

  /**
   * Every rule that a request must pass once its client is authentic.
   *
   * @param sent as it came in
   * @throws Refusal
   */
  async judge(client: ClientConfig, sent: RequestParameters): Promise<JudgedRequest> {
    const parameters = await this.#read(client, sent);
    checkTextLengths(parameters);
    const admitTo = ADMISSIONS[rulesOf(this.#tenant, client).admission];
    const admitted = await admitTo(this.#tenant, this.#parts, client, parameters);
    if (!this.#tenant.directory.client(client.client_id)) throw clientIsGone();
    return { admitted, callback: readCallback(client, parameter(parameters, 'client_notification_token')) };
  }

  /** Whether the provider has served this client before: it checks what is registered of one when it meets it. */
  hasServed(client: ClientConfig): boolean {
    return this.#served.has(client);
  }

  /** What a request asks, out of its JWT where it is signed. @throws Refusal */
  async #read(client: ClientConfig, sent: RequestParameters): Promise<RequestParameters> {
    if (!rulesOf(this.#tenant, client).takesSignedRequests) return sent;
    const parameters = await this.#signedRequests.read(client, sent);
    checkAuthorizationContext(client, parameters);
    return parameters;
  }

  admitted(ctx: KoaContextWithOIDC): AdmittedRequest {
    return this.#judgedOf(ctx).admitted;
  }

  #judgedOf(ctx: KoaContextWithOIDC): JudgedRequest {
    const judged = this.#judged.get(ctx.req);
    if (!judged) throw new Error('a CIBA hook ran before admission');
    return judged;
  }

  /** The last hook: the provider has stored the request and written its answer. */
  async open(ctx: KoaContextWithOIDC, authReqId: string): Promise<void> {
    const judged = this.#judgedOf(ctx);
    this.#served.add(judged.admitted.client);
    await this.ask(ctx, authReqId, judged, this.#parametersOf(ctx.req));
  }

  /** Answers the client and has its person asked. The request is stored for the provider. */
  async ask(
    ctx: Context,
    authReqId: string,
    { admitted, callback }: JudgedRequest,
    parameters: RequestParameters,
  ): Promise<void> {
    const { client, user, bindingMessage, scope, access, authorizationDetails, expiresInSeconds } = admitted;
    // The provider leaves `interval` out, and clients that then poll without a pause do. CIBA Core §7.3: push has none.
    const interval = callback?.mode === 'push' ? undefined : this.#tenant.config.ciba.interval;
    ctx.body = {
      auth_req_id: authReqId,
      expires_in: expiresInSeconds,
      ...(interval === undefined ? {} : { interval }),
    };
    if (callback) this.#rememberUntilAnswered(ctx, authReqId);
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
      channel: admitted.channel,
      ...(admitted.acrValues?.length ? { acrValues: admitted.acrValues } : {}),
      ...(callback === undefined ? {} : { callback }),
      expiresInSeconds,
      intervalSeconds: interval,
      exchange: this.#tenant.exchanges.describe(ctx, parameters),
    });
    await this.#tenant.scriptedPeople.meet(approval);
  }

  /** Until the client of a request could know its auth_req_id; undefined where it does, or polls. */
  acknowledged(authReqId: string): Promise<void> | undefined {
    return this.#unacknowledged.get(authReqId);
  }

  #rememberUntilAnswered({ res }: Context, authReqId: string): void {
    if (res.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unacknowledged.set(authReqId, promise);
    res.once('close', () => {
      this.#unacknowledged.delete(authReqId);
      resolve();
    });
  }
}

/** Taken away, by itself or by whoever runs the tenant, while its request was read: nobody is asked for it. RFC 6749 §5.2. */
function clientIsGone(): Refusal {
  return new Refusal(401, 'invalid_client', 'The client is not there any more');
}
