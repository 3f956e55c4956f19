// A CIBA server of nothing but `oidc-provider`, as short as it can honestly be: the same keys, clients and claims as the others in
// the comparison, everything in one Map, whatever is asked for taken without a check, and an address that approves.
//   node bare-provider.mjs PORT FILE      FILE: JSON with the private keys, the client and what it asks for
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port = '', file = ''] = process.argv.slice(2);
const { keys, agents, detailType } = JSON.parse(readFileSync(file, 'utf8'));
const issuer = `http://localhost:${port}/`;
/** All that is kept lives that long, in seconds: what is older is dropped from the front. */
const LIFETIME = 300;
const algorithms = new Map(Object.entries(agents).map(([algorithm, agent]) => [agent.audience, algorithm]));
const scopes = new Map(Object.values(agents).map((agent) => [agent.audience, agent.scope]));

/** By kind and id, oldest first. */
const kept = new Map();

class MapAdapter {
  constructor(kind) {
    this.kind = kind;
  }

  async upsert(id, payload, expiresInSeconds = LIFETIME) {
    const now = Date.now();
    for (const [key, { endsAtMs }] of kept) {
      if (endsAtMs > now) break;
      kept.delete(key);
    }
    kept.set(`${this.kind}:${id}`, { payload, endsAtMs: now + expiresInSeconds * 1000 });
  }

  async find(id) {
    return kept.get(`${this.kind}:${id}`)?.payload;
  }

  async consume(id) {
    kept.get(`${this.kind}:${id}`).payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    kept.delete(`${this.kind}:${id}`);
  }

  async findByUid() {}

  async findByUserCode() {}

  async revokeByGrantId() {}
}

const ttl = Object.fromEntries(
  ['AccessToken', 'ClientCredentials', 'IdToken', 'Grant', 'Interaction', 'Session'].map((kind) => [
    kind,
    LIFETIME,
  ]),
);
const provider = new Provider(issuer, {
  adapter: MapAdapter,
  jwks: { keys },
  clients: Object.entries(agents).map(([algorithm, { clientId, clientSecret }]) => ({
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials', 'urn:openid:params:grant-type:ciba'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_post',
    backchannel_token_delivery_mode: 'poll',
    id_token_signed_response_alg: algorithm,
    authorization_details_types: [detailType],
  })),
  routes: {
    token: '/oauth/token',
    backchannel_authentication: '/bc-authorize',
    jwks: '/.well-known/jwks.json',
  },
  extraParams: ['audience'],
  cookies: { keys: ['not-used'] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  issueRefreshToken: () => false,
  ttl: {
    ...ttl,
    BackchannelAuthenticationRequest: (ctx) => Number(ctx?.oidc?.params?.requested_expiry) || LIFETIME,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      processLoginHint: (_ctx, hint) => JSON.parse(hint).sub,
      validateBindingMessage() {},
      validateRequestContext() {},
      verifyUserCode() {},
      triggerAuthenticationDevice: async (ctx) => {
        ctx.body.interval = 5;
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => ctx.oidc.params?.audience ?? ctx.oidc.body?.audience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: `openid ${scopes.get(resource)}`,
        accessTokenFormat: 'jwt',
        accessTokenTTL: LIFETIME,
        jwt: { sign: { alg: algorithms.get(resource) } },
      }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { [detailType]: { validate() {} } },
      authorizationDetailsForGrantSource: () => undefined,
      authorizationDetailsForAccessToken: (_ctx, _token, source) => source?.rar,
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
    },
  },
});
provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));

provider.use(async (ctx, next) => {
  const id = /^\/requests\/([^/]+)\/decision$/.exec(ctx.path)?.[1];
  if (ctx.method !== 'POST' || id === undefined) return next();
  let text = '';
  for await (const piece of ctx.req.setEncoding('utf8')) text += piece;
  if (JSON.parse(text).decision !== 'approve') return ctx.throw(400);
  const request = await provider.BackchannelAuthenticationRequest.find(id);
  if (!request || request.resultDelivered) return ctx.throw(409);
  const { audience, authorization_details: details, scope } = request.params;
  const grant = new provider.Grant({ accountId: request.accountId, clientId: request.clientId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(audience, scope);
  await grant.save();
  await provider.backchannelResult(request, grant, { rar: JSON.parse(details) });
  ctx.body = { result: 'decided' };
});

createServer(provider.callback()).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
