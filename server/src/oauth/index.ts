// The protocol edge, and the only folder that imports oidc-provider. app.ts mounts the middleware and hands `settle` to
// the approvals.
import type { IncomingMessage } from 'node:http';
import type { JWK } from 'jose';
import type { Context, Middleware } from 'koa';
import type { Provider } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { AccessTokens } from './access-tokens.ts';
import { AssertionTime } from './assertion-time.ts';
import { ABSENT_PATHS, API_PATHS, ROUTES } from './auth0-dialect.ts';
import { translateRequest } from './authorize-request.ts';
import { Ciba } from './ciba.ts';
import { ClientAssertions } from './client-assertions.ts';
import { ClientKeys, type ClientKeysParts } from './client-keys.ts';
import { dateCookies } from './cookie-time.ts';
import { DETAIL_TYPES_PATH, describeDetailTypes, namesOfDetailTypes } from './detail-types.ts';
import { DpopRequests } from './dpop-requests.ts';
import { audiencesOf, baseOf } from './endpoint-base.ts';
import { claimedClient, dialectOf } from './error-dialects.ts';
import { answerFailedCalls, CALLED_PATHS } from './failed-calls.ts';
import { GrantedTarget } from './granted-target.ts';
import { NarrowedDetails } from './narrowed-details.ts';
import { answersOutage } from './outage-answer.ts';
import { ACTIVATE_PATH, CONSENT_PATH } from './own-login.ts';
import {
  expectedForm,
  isJson,
  parameter,
  type RequestParameters,
  readParameters,
  repeatedParameters,
  withForm,
} from './parameters.ts';
import { PendingPolls } from './pending-polls.ts';
import { PlainMachineTokens } from './plain-machine-tokens.ts';
import { PlainPolls } from './plain-polls.ts';
import { PlainRequests } from './plain-requests.ts';
import { type PollPorts, Polls } from './polls.ts';
import { rulesOf, usesStandard } from './profiles.ts';
import { installProtocol } from './protocol.ts';
import { createProvider } from './provider.ts';
import { DISCOVERY_PATHS, findPublicDocument } from './public-documents.ts';
import { publishedKeys } from './published-keys.ts';
import { makePushedTokens } from './pushed-tokens.ts';
import { invalidRequest, Refusal } from './refusal.ts';
import { recordUnread } from './refused-requests.ts';
import { ClientRegistration, REGISTRATION_PURPOSES } from './registration.ts';
import { learnRequestKeys } from './request-objects.ts';
import { isRedeemable, needsSettling, type Settlement, settle } from './settlement.ts';
import { SignedRequests } from './signed-request.ts';
import { installTokenInspection, withoutJwt } from './token-inspection.ts';
import { UserInfo } from './userinfo.ts';
import { createWebLogin } from './web-login.ts';
import { methodsOf, refuseMethod } from './wrong-method.ts';

export { previewConsent } from './consent-preview.ts';
export { PAGES_PATH as LOGIN_PAGES_PATH } from './login-attempts.ts';
export { recordIssued } from './record-issued.ts';

export interface OAuth {
  /** Answers the routes below and passes everything else on. */
  readonly middleware: Middleware;
  /** In front of everything: whatever fails below it, programs are told as OAuth says. */
  readonly answerFailures: Middleware;
  readonly routes: ReadonlyArray<{ method: string; path: string; purpose: string }>;
  settle(approval: Approval): Promise<void>;
  /** Whether there is anything to be done for that as soon as a request is decided. */
  needsSettling(approval: Approval): boolean;
  /** Whether an approved request can still become tokens, by the rules of its client. */
  isRedeemable(approval: Approval): boolean;
  /** The token response for an approved request whose client has it pushed; undefined where nobody could have one any more. */
  makePushedTokens(approval: Approval): Promise<Record<string, unknown> | undefined>;
  /** Until the client of a request could know its auth_req_id; undefined where it does. */
  acknowledged(authReqId: string): Promise<void> | undefined;
  /** What a protocol request asks, by name; nothing of one that cannot be read. Whoever reads it later gets the same. */
  readParameters(request: IncomingMessage): Promise<(name: string) => string | undefined>;
  /** The key set as it was shown before the last rotation; undefined without one. */
  keysBeforeRotation(): readonly JWK[] | undefined;
  close(): void;
}

const PURPOSES: ReadonlyArray<{ method: string; path: string; purpose: string }> = [
  { method: 'POST', path: ROUTES.backchannel_authentication, purpose: 'start a CIBA request' },
  { method: 'POST', path: ROUTES.token, purpose: 'exchange a grant for tokens' },
  { method: 'GET', path: '/.well-known/openid-configuration', purpose: 'discovery' },
  { method: 'GET', path: ROUTES.jwks, purpose: 'public signing keys' },
  { method: 'GET', path: DETAIL_TYPES_PATH, purpose: 'types of authorization details (profile standard)' },
  { method: 'GET', path: ROUTES.authorization, purpose: 'log a person in' },
  { method: 'POST', path: ROUTES.pushed_authorization_request, purpose: 'push an authorization request' },
  { method: 'GET', path: ROUTES.userinfo, purpose: 'claims about the person of a token' },
  { method: 'POST', path: ROUTES.revocation, purpose: 'revoke a refresh token' },
  { method: 'POST', path: ROUTES.introspection, purpose: 'ask whether a token is good (profile standard)' },
  { method: 'POST', path: ROUTES.device_authorization, purpose: 'log in a device without a browser' },
  { method: 'GET', path: ACTIVATE_PATH, purpose: 'enter the code of a device' },
  { method: 'POST', path: ACTIVATE_PATH, purpose: 'confirm the code of a device' },
  { method: 'GET', path: ROUTES.end_session, purpose: 'log out' },
  { method: 'GET', path: '/v2/logout', purpose: 'log out, older form' },
  { method: 'GET', path: CONSENT_PATH, purpose: 'read the request of an e-mail' },
  { method: 'POST', path: CONSENT_PATH, purpose: 'answer the request of an e-mail' },
];

/** Fetch standard, CORS-preflight request. The provider has no JSON for any other OPTIONS. */
function isPreflight({ origin, 'access-control-request-method': method }: Context['headers']): boolean {
  return origin !== undefined && method !== undefined;
}

/** What pages of other origins may call: the provider answers their preflight. */
const FOR_PAGES: readonly string[] = [
  ...DISCOVERY_PATHS,
  ROUTES.jwks,
  ROUTES.token,
  ROUTES.pushed_authorization_request,
  ROUTES.userinfo,
  ROUTES.revocation,
  ROUTES.introspection,
  ROUTES.device_authorization,
];

/** The current one, and earlier ones that may still be answering. */
const MOST_PROVIDERS = 5;

const READ_ONLY_PATHS: readonly string[] = [...DISCOVERY_PATHS, ROUTES.jwks, DETAIL_TYPES_PATH];

export interface OAuthPorts extends PollPorts {
  /** The document that a client publishes. Rejects where there is none, and where nobody may be called. */
  readonly fetchText: ClientKeysParts['fetchText'];
}

export function createOAuth(tenant: Tenant, ports: OAuthPorts): OAuth {
  const asked = new WeakMap<IncomingMessage, RequestParameters>();
  const parametersOf = (request: IncomingMessage): RequestParameters => asked.get(request) ?? {};
  const startedAtMs = tenant.clock.now();
  const keys = new ClientKeys({ clock: tenant.clock.base, fetchText: ports.fetchText });
  const ciba = new Ciba(tenant, parametersOf, new SignedRequests(tenant, keys), keys);
  const time = new AssertionTime(tenant, keys);
  const webLogin = createWebLogin(tenant, keys, time);
  const polls = new Polls(tenant, ports);
  const pendingPolls = new PendingPolls(tenant, polls);
  const assertions = new ClientAssertions(tenant, keys, time);
  const narrowing = new NarrowedDetails(tenant, parametersOf);
  const target = new GrantedTarget(tenant, parametersOf);
  const accessTokens = new AccessTokens(tenant);
  const settlements = tenant.store.collection<Settlement>('settlements');
  const uninstalls: Array<() => void> = [];
  const providers: Array<() => void> = [];
  const openProvider = () => {
    const provider: Provider = createProvider({
      tenant,
      settlements,
      settle: (approval) => settle(provider, tenant, settlements, approval),
      ciba,
      polls,
      webLogin,
      assertions,
      accessTokens,
      narrowing,
      target,
      startedAtMs,
    });
    webLogin.attach(provider);
    providers.push(installProtocol({ tenant, provider, pendingPolls, parametersOf }));
    installTokenInspection({ tenant, provider, accessTokens, parametersOf });
    if (providers.length > MOST_PROVIDERS) providers.shift()?.();
    return { provider, answer: provider.callback() };
  };
  let current = openProvider();
  // A provider has its keys and types for life. One with others takes its place, and finds everything in the store; what the earlier one
  // has begun to answer, it answers to the end.
  uninstalls.push(
    tenant.keys.watch(() => {
      current = openProvider();
    }),
  );
  let detailTypes = namesOfDetailTypes(tenant).join(' ');
  uninstalls.push(
    tenant.configuration.watch(() => {
      const types = namesOfDetailTypes(tenant).join(' ');
      if (types === detailTypes) return;
      detailTypes = types;
      current = openProvider();
    }),
  );
  const plainRequests = new PlainRequests(tenant, ciba, () => current.provider);
  const plainMachineTokens = new PlainMachineTokens(tenant, () => current.provider);
  const plainPolls = new PlainPolls(pendingPolls, {
    tenant,
    settlements,
    provider: () => current.provider,
    isSteppedThrough: () => ports.isSteppedThrough(),
    startedAtMs,
  });
  const registration = new ClientRegistration(tenant, () => current.provider);
  const dpop = new DpopRequests(tenant);
  const userInfo = new UserInfo(tenant, accessTokens, dpop);
  const read = new WeakMap<IncomingMessage, Promise<RequestParameters>>();
  const readOnce = (request: IncomingMessage): Promise<RequestParameters> => {
    const reading =
      read.get(request) ?? readParameters(request, (text) => tenant.exchanges.keepBody(request, text));
    read.set(request, reading);
    return reading;
  };
  const isOffered = (path: string): boolean =>
    PURPOSES.some((route) => route.path === path) && (path !== ROUTES.introspection || usesStandard(tenant));
  // A known path with a wrong method is passed on, to be explained; OPTIONS is the provider's where it answers pages (CORS).
  const isAllowed = ({ path, method, headers }: Context): boolean =>
    isOffered(path) &&
    (method === 'OPTIONS'
      ? FOR_PAGES.includes(path) && isPreflight(headers)
      : methodsOf(path, READ_ONLY_PATHS).includes(method));

  /** @param base under which its caller knows the endpoint */
  const handOver = async (ctx: Context, request: IncomingMessage, base = tenant.issuer): Promise<void> => {
    // The provider writes the response itself; Koa must not write it again.
    ctx.respond = false;
    // It builds addresses from the Host header, and compares the audience of client assertions and DPoP proofs with them.
    request.headers.host = new URL(base).host;
    await current.answer(request, ctx.res);
  };

  const answerApi = async (ctx: Context): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Pragma', 'no-cache');
    let client: ClientConfig | undefined;
    try {
      const read = await readOnce(ctx.req);
      client = claimedClient(tenant, ctx, read);
      if (isJson(ctx.req) && !rulesOf(tenant, client).takesJson) throw expectedForm();
      if (await plainPolls.answer(ctx, client, read)) return;
      if (await plainRequests.answer(ctx, client, read)) return;
      if (await plainMachineTokens.answer(ctx, client, read)) return;
      let sent = await assertions.toProvider(read);
      const isCiba = ctx.path === ROUTES.backchannel_authentication;
      if (ctx.path === ROUTES.pushed_authorization_request) {
        await learnRequestKeys(keys, client, read);
        sent = await time.requestToProvider(sent);
      }
      const parameters = isCiba ? sent : translateRequest(tenant, client, sent);
      const [repeated] = repeatedParameters(parameters);
      if (repeated !== undefined) throw invalidRequest(`'${repeated}' parameter must not be provided twice`);
      const shown: Readonly<Record<string, () => RequestParameters>> = {
        [ROUTES.backchannel_authentication]: () => ciba.providerParameters(parameters),
        [ROUTES.token]: () => narrowing.providerParameters(parameters),
        [ROUTES.introspection]: () => withoutJwt(parameters),
      };
      const request = withForm(ctx.req, shown[ctx.path]?.() ?? parameters);
      const { resource } = sent;
      asked.set(request, resource === undefined ? parameters : { ...parameters, resource });
      tenant.exchanges.standsFor(request, ctx.req);
      const proof = await dpop.spend(ctx.req, ctx.path);
      await handOver(ctx, request, baseOf(tenant, [proof?.url, ...audiencesOf(parameters)]));
    } catch (error) {
      if (answersOutage(ctx, error)) return;
      if (!(error instanceof Refusal)) throw error;
      const answer = dialectOf(tenant, client).toError(error, undefined);
      ctx.status = answer.status;
      ctx.body = answer.body;
      recordUnread(tenant, ctx, answer.body, { client, hint: error.hint });
    }
  };

  const answerUserInfo = async (ctx: Context): Promise<void> => {
    repeatInteractionId(ctx);
    try {
      // RFC 6750 §2.2: the token may also come in a form.
      const form = ctx.method === 'POST' ? await readParameters(ctx.req) : {};
      if (ctx.method !== 'OPTIONS' && (await userInfo.answer(ctx, parameter(form, 'access_token')))) return;
      const request = ctx.method === 'POST' ? withForm(ctx.req, form) : ctx.req;
      // Programs call it; the provider would write a page for those that say they take one.
      request.headers.accept = 'application/json';
      const proof = await dpop.spend(ctx.req, ROUTES.userinfo);
      await handOver(ctx, request, baseOf(tenant, [proof?.url]));
    } catch (error) {
      if (answersOutage(ctx, error)) return;
      if (!(error instanceof Refusal)) throw error;
      ctx.status = error.status;
      if (error.status === 401) ctx.set('WWW-Authenticate', `DPoP error="${error.error}"`);
      ctx.body = { error: error.error, error_description: error.error_description };
    }
  };

  const middleware: Middleware = async (ctx, next) => {
    // What is asked most often, so before all others.
    if (ctx.method === 'POST' && API_PATHS.includes(ctx.path) && isOffered(ctx.path)) return answerApi(ctx);
    const known = ['GET', 'HEAD'].includes(ctx.method) ? findPublicDocument(tenant, ctx.path) : undefined;
    if (known) {
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.body = known;
      return;
    }
    if (ctx.path === DETAIL_TYPES_PATH && ['GET', 'HEAD'].includes(ctx.method)) {
      if (!rulesOf(tenant, undefined).describesDetailTypes) return void (await next());
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.body = describeDetailTypes(tenant);
      return;
    }
    if (await registration.answer(ctx)) return;
    if (ABSENT_PATHS.includes(ctx.path) && !registration.owns(ctx.path)) {
      ctx.status = 404;
      ctx.set('Cache-Control', 'no-store');
      ctx.body = {
        error: 'not_found',
        error_description: `${ctx.method} ${ctx.path} exists at Auth0 and is advertised, but is not imitated here`,
      };
      return;
    }
    if (ctx.path === ROUTES.userinfo && isAllowed(ctx)) return answerUserInfo(ctx);
    if (await webLogin.answer(ctx)) return dateCookies(ctx.res, tenant.clock.leadSeconds());
    if (isAllowed(ctx) || webLogin.belongsToProvider(ctx.path)) return handOver(ctx, ctx.req);
    if (isOffered(ctx.path) && refuseMethod(ctx, methodsOf(ctx.path, READ_ONLY_PATHS))) return;
    await next();
  };

  return {
    middleware,
    answerFailures: answerFailedCalls({
      isCall: (path) => CALLED_PATHS.includes(path) || registration.owns(path),
      isStopping: () => ports.shutdown.aborted,
    }),
    routes: [...PURPOSES, ...REGISTRATION_PURPOSES],
    settle: async (approval) => void (await settle(current.provider, tenant, settlements, approval)),
    needsSettling,
    isRedeemable: (approval) => isRedeemable(tenant, approval),
    makePushedTokens: (approval) => makePushedTokens(current.provider, tenant, approval, startedAtMs),
    acknowledged: (authReqId) => ciba.acknowledged(authReqId),
    async readParameters(request) {
      // Refused with all its reasons when it is answered.
      const parameters = await readOnce(request).catch((): RequestParameters => ({}));
      return (name) => parameter(parameters, name);
    },
    keysBeforeRotation: () => {
      const keys = tenant.keys.publicBeforeRotation;
      return keys && publishedKeys(tenant, keys);
    },
    close() {
      polls.close();
      for (const undo of [...uninstalls, ...providers]) undo();
    },
  };
}

/** FAPI 1.0 Baseline §6.2.1: who gives a call a name finds it on the answer. */
function repeatInteractionId(ctx: Context): void {
  const id = ctx.get('x-fapi-interaction-id');
  if (/^[\x21-\x7e]{1,100}$/.test(id)) ctx.set('x-fapi-interaction-id', id);
}
