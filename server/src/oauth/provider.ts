// Tenant → configured oidc-provider. Only configuration: behaviour lives in the files it names.
import { type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import { ASSERTION_ALGORITHMS, ID_TOKEN_ALGORITHMS } from '../contract/index.ts';
import { DPOP_ALGORITHMS } from '../possession/index.ts';
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import type { AccessTokens } from './access-tokens.ts';
import { ROUTES } from './auth0-dialect.ts';
import type { Ciba } from './ciba.ts';
import type { ClientAssertions } from './client-assertions.ts';
import { namesOfDetailTypes } from './detail-types.ts';
import type { GrantedTarget } from './granted-target.ts';
import { dateIdTokens, idTokenLifetimeSeconds } from './id-token-time.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { ATTEMPT_LIFETIME_SECONDS } from './login-attempts.ts';
import type { NarrowedDetails } from './narrowed-details.ts';
import { ACTIVATE_PATH } from './own-login.ts';
import type { Polls } from './polls.ts';
import { rulesOf } from './profiles.ts';
import { chooseResource, describeResource } from './provider-resources.ts';
import { createProviderStorage } from './provider-storage.ts';
import { NEVER_SECONDS, refreshTokenLifetimeSeconds } from './refresh-tokens.ts';
import { judgeRequestObject, REQUEST_OBJECT_ALGORITHMS } from './request-objects.ts';
import { CLAIMS_BY_SCOPE, STANDARD_SCOPES } from './scopes.ts';
import { certificateFeature, dpopFeature } from './sender-constraints.ts';
import type { Settlement } from './settlement.ts';
import { mayInspect } from './token-inspection.ts';
import { claimsOf, shapeAccessToken } from './token-shape.ts';
import type { WebLogin } from './web-login.ts';

/** Bits in an auth_req_id: 64 base64url characters, as recorded from Auth0. */
const AUTH_REQ_ID_BITS = 384;
const DAY_SECONDS = 86_400;
/** auth0: Device Authorization Flow, 15 minutes. */
const DEVICE_CODE_SECONDS = 900;

export interface ProviderParts {
  tenant: Tenant;
  settlements: Collection<Settlement>;
  /** Gives what an approved request leads to. */
  settle(approval: Approval): Promise<Settlement | undefined>;
  ciba: Ciba;
  polls: Polls;
  webLogin: WebLogin;
  assertions: ClientAssertions;
  accessTokens: AccessTokens;
  narrowing: NarrowedDetails;
  target: GrantedTarget;
  /** When the tenant was started, for claims that have no other date. A provider may be made later. */
  startedAtMs: number;
}

export function createProvider(parts: ProviderParts): Provider {
  const { tenant, settlements, ciba, polls, webLogin, assertions, accessTokens, narrowing, target } = parts;
  const { directory } = tenant;
  const types = namesOfDetailTypes(tenant);

  const configuration: Configuration = {
    adapter: createProviderStorage({
      assertions,
      detailTypes: types,
      tenant,
      settlements,
      settle: parts.settle,
      polls,
      narrowing,
      target,
      opened: webLogin.opened,
    }),
    jwks: { keys: tenant.keys.private.map(({ alg: _alg, ...key }) => key) } as NonNullable<
      Configuration['jwks']
    >,
    routes: { ...ROUTES, code_verification: ACTIVATE_PATH },
    scopes: [...STANDARD_SCOPES],
    claims: {
      ...Object.fromEntries(Object.entries(CLAIMS_BY_SCOPE).map(([scope, claims]) => [scope, [...claims]])),
      acr: null,
      auth_time: null,
      iss: null,
      sid: null,
    },
    // auth0: the claims of the scopes are in the ID token as well as at /userinfo.
    conformIdTokenClaims: false,
    clockTolerance: 5,
    cookies: webLogin.cookies,
    extraParams: webLogin.extraParams,
    interactions: { policy: createInteractionPolicy(webLogin.requests), url: webLogin.pageFor },
    loadExistingGrant: (ctx) => webLogin.loadGrant(ctx),
    pkce: {
      required: (_ctx, client) =>
        rulesOf(tenant, directory.client(client.clientId)).requiresPkce === 'of public clients' &&
        client.clientAuthMethod === 'none',
    },
    // Those of all clients; `ClientAssertions` judges by the client at hand.
    enabledJWA: {
      idTokenSigningAlgValues: [...ID_TOKEN_ALGORITHMS],
      clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS, 'Ed25519'],
      dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
      requestObjectSigningAlgValues: REQUEST_OBJECT_ALGORITHMS as NonNullable<
        NonNullable<Configuration['enabledJWA']>['requestObjectSigningAlgValues']
      >,
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header, { clientId }) => {
      const client = directory.client(clientId);
      if (!client) throw new errors.InvalidClientAuth('client not found');
      assertions.judge(client, claims, header);
    },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'none',
    ],
    // auth0: allowed web origins. This stand-in runs on loopback, where a developer's page has any port.
    clientBasedCORS: () => true,
    renderError: webLogin.renderError,
    findAccount: (_ctx, accountId) => {
      const user = directory.user(accountId);
      // auth0: a blocked user gets no tokens, neither by a session nor by a refresh token.
      return user && !user.blocked
        ? { accountId, claims: () => claimsOf(user, parts.startedAtMs) }
        : undefined;
    },
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    rotateRefreshToken: (ctx) => {
      // The last hook before a refresh token is spent, and the first that sees it.
      const { RefreshToken: refreshToken } = ctx.oidc.entities;
      narrowing.check(refreshToken?.rar);
      target.check(refreshToken?.resource);
      const client = directory.client(ctx.oidc.client?.clientId ?? '');
      return (
        client?.refresh_token.rotation_type === 'rotating' ||
        // RFC 9700 §4.14.2: one or the other.
        (rulesOf(tenant, client).rotatesRefreshTokens === 'unless bound to a key' &&
          refreshToken?.isSenderConstrained() !== true)
      );
    },
    // auth0: tokens outlive the login session in which they were issued.
    expiresWithSession: () => false,
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? DAY_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: DEVICE_CODE_SECONDS,
      BackchannelAuthenticationRequest: (ctx) => ciba.admitted(ctx).expiresInSeconds,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? DAY_SECONDS,
      Grant: NEVER_SECONDS,
      IdToken: (_ctx, _token, client) => idTokenLifetimeSeconds(tenant, client.clientId),
      Interaction: ATTEMPT_LIFETIME_SECONDS,
      RefreshToken: (_ctx, token, client) =>
        refreshTokenLifetimeSeconds(directory.client(client.clientId), token),
      Session: (_ctx, session) => webLogin.sessionLifetimeSeconds(session),
    },
    formats: {
      bitsOfOpaqueRandomness: (_ctx, token) =>
        token.kind === 'BackchannelAuthenticationRequest' ? AUTH_REQ_ID_BITS : 258,
      customizers: {
        jwt: async (ctx, token, jwt) => {
          shapeAccessToken(tenant, ctx, token, jwt);
          const client = directory.client(token.clientId ?? '');
          if (rulesOf(tenant, client).inspectsTokens) await accessTokens.remember(ctx, token, jwt.payload);
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) =>
          mayInspect(tenant, client.clientId, {
            clientId: token.clientId,
            audiences: 'aud' in token ? [token.aud ?? []].flat() : [],
          }) && !isOfNobody(tenant, token),
      },
      pushedAuthorizationRequests: { enabled: true },
      requestObjects: {
        enabled: true,
        requireSignedRequestObject: false,
        assertJwtClaimsAndHeader: judgeRequestObject,
      },
      rpInitiatedLogout: webLogin.logout,
      dPoP: dpopFeature(tenant),
      mTLS: certificateFeature(),
      // Its page is ours: /activate, see device-activation.
      deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (ctx) => ciba.admitted(ctx).user.user_id,
        processLoginHintToken: () => {
          throw new errors.InvalidRequest('login_hint_token is not supported');
        },
        // Judged by `admit`, before the provider gets here.
        validateBindingMessage: () => {},
        validateRequestContext: () => {},
        verifyUserCode: () => {},
        triggerAuthenticationDevice: (ctx, request) => ciba.open(ctx, request.jti),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (ctx, client, granted) => {
          if (granted !== undefined) return [granted].flat()[0];
          return chooseResource(tenant, ciba, webLogin.requests, ctx, client.clientId);
        },
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) =>
          describeResource(
            tenant,
            { clientId: ctx.oidc.client?.clientId, grantType: ctx.oidc.params?.['grant_type'] },
            resource,
          ),
      },
      richAuthorizationRequests: {
        enabled: true,
        types: Object.fromEntries(
          types.map((type) => [type, { validate: (ctx) => checkWayOfDetails(tenant, ctx) }]),
        ),
        authorizationDetailsForGrantSource: (ctx) => webLogin.requests.approvedDetails(ctx),
        authorizationDetailsForAccessToken: (_ctx, _token, source) => narrowing.narrow(source?.rar),
        authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
      },
    },
  };
  const provider = new Provider(tenant.issuer, configuration);
  dateIdTokens(provider, tenant);
  return provider;
}

/** A token of a person who was deleted or blocked. */
function isOfNobody(tenant: Tenant, token: object): boolean {
  if (!('accountId' in token) || typeof token.accountId !== 'string') return false;
  return tenant.directory.user(token.accountId)?.blocked ?? true;
}

/** Which endpoints take authorization details at all. /bc-authorize has its own admission. */
function checkWayOfDetails(tenant: Tenant, ctx: KoaContextWithOIDC): void {
  switch (ctx.oidc.route) {
    case 'pushed_authorization_request':
      return;
    case 'authorization': {
      const client = tenant.directory.client(ctx.oidc.client?.clientId ?? '');
      if (rulesOf(tenant, client).detailsInBrowser === 'any way') return;
      if (ctx.oidc.entities.PushedAuthorizationRequest) return;
      throw new errors.InvalidAuthorizationDetails(
        `authorization_details must be pushed first: send the request to ${ROUTES.pushed_authorization_request}, and its request_uri to ${ROUTES.authorization}`,
      );
    }
    default:
      throw new errors.InvalidAuthorizationDetails(
        `authorization_details cannot be sent to ${ctx.path}: nobody would be shown them there`,
      );
  }
}
