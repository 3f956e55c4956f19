// Around the provider: everything that the API endpoints do and the provider does not. The parameters have been read
// already. The provider answers, and an event of it has errors translated at once; then the middleware, which has waited for
// that, takes off what confuses clients, paces polls and records.
import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { CIBA_GRANT_TYPE, type LogType } from '../contract/index.ts';
import { describeCaller } from '../log-caller.ts';
import { redirectInPlainText } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { API_PATHS, ROUTES } from './auth0-dialect.ts';
import { dateCookies } from './cookie-time.ts';
import { challengeBasic, claimedClient, dialectOf } from './error-dialects.ts';
import { explainsOutage } from './error-page.ts';
import { answerServerError, CALLED_PATHS, warnOfFailedCall } from './failed-calls.ts';
import { answersOutage } from './outage-answer.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import type { PendingPolls } from './pending-polls.ts';
import { recordIssued } from './record-issued.ts';
import { Refusal } from './refusal.ts';
import { recordRefusedRequest } from './refused-requests.ts';
import { explainUnbound } from './sender-constraints.ts';
import { letGrantGo } from './spent-grants.ts';

const DEVICE_INTERVAL_SECONDS = 5;
/**
 * For the page that posts an answer to the application (`response_mode=form_post`), whose script the provider adds by its hash
 * where there is a list to add it to. An empty one lets none in. CSP Level 3 §6.7.2.
 */
const FORM_POST_POLICY = "default-src 'none'; script-src; base-uri 'none'; frame-ancestors 'none'";

const EXCHANGES: Readonly<Record<string, LogType>> = {
  authorization_code: 'seacft',
  client_credentials: 'seccft',
  refresh_token: 'sertft',
};

export interface ProtocolParts {
  tenant: Tenant;
  provider: Provider;
  pendingPolls: PendingPolls;
  /** What a request really asked; the provider may have been shown less. */
  parametersOf(request: IncomingMessage): RequestParameters;
}

/** Installs the middleware and the error listeners on the provider. The returned function undoes what needs undoing. */
export function installProtocol(parts: ProtocolParts): () => void {
  const { tenant, provider, pendingPolls, parametersOf } = parts;
  const failures = new WeakMap<object, errors.OIDCProviderError>();

  // The event fires after the provider has written its answer and before it is sent.
  const translate = (ctx: KoaContextWithOIDC, failure: errors.OIDCProviderError): void => {
    failures.set(ctx, failure);
    const parameters = parametersOf(ctx.req);
    const dialect = dialectOf(tenant, claimedClient(tenant, ctx, parameters));
    const unbound = explainUnbound(failure);
    const answer =
      unbound === undefined
        ? dialect.toError(failure, parameter(parameters, 'grant_type'))
        : { status: failure.status, body: { error: failure.error, error_description: unbound } };
    ctx.status = answer.status;
    ctx.body = answer.body;
    if (failure instanceof Refusal) ctx.set({ ...failure.headers });
  };
  provider.on('grant.error', translate);
  provider.on('backchannel_authentication.error', translate);
  provider.on('pushed_authorization_request.error', translate);
  provider.on('device_authorization.error', translate);
  provider.on('introspection.error', translate);
  // RFC 8628 §3.2: seconds between polls. Optional there; Auth0 says it.
  provider.on('device_authorization.success', (_ctx, body: { interval?: number }) => {
    body.interval = DEVICE_INTERVAL_SECONDS;
  });
  provider.on('revocation.error', (ctx, failure) => {
    // RFC 7009 §2.2: a token that cannot be revoked is none the less answered 200. JWTs of ours cannot.
    if (failure.error !== 'unsupported_token_type') return translate(ctx, failure);
    ctx.status = 200;
    ctx.body = '';
  });
  const tellsOutage = (ctx: Context, error: unknown): boolean =>
    CALLED_PATHS.includes(ctx.path) ? answersOutage(ctx, error) : explainsOutage(tenant, ctx, error);
  provider.on('server_error', (ctx, error) => {
    if (tellsOutage(ctx, error)) return;
    warnOfFailedCall(ctx, error);
    if (CALLED_PATHS.includes(ctx.path)) answerServerError(ctx, error);
  });

  redirectInPlainText(provider);
  provider.use((async (ctx, next) => {
    if (!API_PATHS.includes(ctx.path)) ctx.set('Content-Security-Policy', FORM_POST_POLICY);
    try {
      await next();
    } catch (error) {
      // The provider keeps the session behind its answer, out of reach of its own way to tell errors.
      if (!tellsOutage(ctx, error)) throw error;
    }
    dateCookies(ctx.res, tenant.clock.leadSeconds());
    if (!API_PATHS.includes(ctx.path)) return;
    // openid-client takes a challenge header for an error of another kind, and loses the OAuth code.
    ctx.remove('WWW-Authenticate');
    ctx.remove('Access-Control-Expose-Headers');
    // RFC 9449 §8: a program in a browser reads the nonce, too.
    if (ctx.response.get('DPoP-Nonce')) ctx.set('Access-Control-Expose-Headers', 'DPoP-Nonce');
    ctx.set('Cache-Control', 'no-store');
    challengeBasic(tenant, claimedClient(tenant, ctx, parametersOf(ctx.req)), ctx);
    try {
      await paceAndRecord(ctx, parametersOf(ctx.req));
    } catch (error) {
      if (answersOutage(ctx, error)) return;
      // The provider would answer with a line of text.
      warnOfFailedCall(ctx, error);
      answerServerError(ctx, error);
    }
  }) as Middleware);

  const paceAndRecord = async (ctx: Context, parameters: RequestParameters): Promise<void> => {
    if (ctx.path === ROUTES.backchannel_authentication) {
      const failure = failures.get(ctx);
      return recordRefusedRequest(tenant, ctx, parameters, {
        clientId: clientOf(ctx) ?? parameter(parameters, 'client_id'),
        hint: failure instanceof Refusal ? failure.hint : failure?.error_detail,
      });
    }
    if (ctx.path !== ROUTES.token) return;
    const authReqId = parameter(parameters, 'auth_req_id');
    const isCiba = parameter(parameters, 'grant_type') === CIBA_GRANT_TYPE;
    const approval =
      isCiba && authReqId !== undefined ? await tenant.approvals.findByAuthReqId(authReqId) : undefined;
    const body = ctx.body as Record<string, unknown> | undefined;

    if (approval && body?.['error'] === 'authorization_pending') {
      return pendingPolls.tell(ctx, parameters, approval);
    }
    if (ctx.status === 200 && approval && body) {
      await letGrantGo(tenant, ctx as unknown as KoaContextWithOIDC, body);
      return recordIssued(tenant, approval, body, parameters, {
        exchange: tenant.exchanges.describe(ctx, parameters),
      });
    }
    if (ctx.status === 200) return recordExchange(ctx, parameters);
    if (typeof body?.['error'] !== 'string') return;
    const clientId = clientOf(ctx);
    const description = body['error_description'];
    // Somebody else's request is none of this client's story.
    const isOwn = approval !== undefined && approval.clientId === clientId;
    tenant.log.append({
      type: 'token.refused',
      ...(isOwn ? { approval: approval.id, name: approval.name } : {}),
      ...(clientId === undefined ? {} : { client_id: clientId }),
      ...grantTypeOf(parameters),
      error: body['error'],
      ...(typeof description === 'string' ? { error_description: description } : {}),
      exchange: tenant.exchanges.describe(ctx, parameters),
    });
  };

  /** Other grants than CIBA are no part of the trace, but of the log. auth0: Log Event Type Codes. */
  const recordExchange = (ctx: Context, parameters: RequestParameters): void => {
    const type = EXCHANGES[parameter(parameters, 'grant_type') ?? ''];
    if (type === undefined) return;
    const { entities } = (ctx as unknown as Partial<KoaContextWithOIDC>).oidc ?? {};
    const source = entities?.AuthorizationCode ?? entities?.RefreshToken;
    tenant.tenantLog.append({
      type,
      client_id: clientOf(ctx),
      user_id: source?.accountId,
      audience: parameter(parameters, 'audience'),
      scope: String((ctx.body as Record<string, unknown> | undefined)?.['scope'] ?? ''),
      caller: describeCaller(ctx),
    });
  };

  return () => {
    provider.removeAllListeners();
  };
}

function clientOf(ctx: Context): string | undefined {
  return (ctx as unknown as Partial<KoaContextWithOIDC>).oidc?.client?.clientId;
}

function grantTypeOf(parameters: RequestParameters): { grant_type?: string } {
  const grantType = parameter(parameters, 'grant_type');
  return grantType === undefined ? {} : { grant_type: grantType };
}
