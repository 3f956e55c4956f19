// Logging out: OpenID Connect RP-Initiated Logout 1.0 at /oidc/logout, and Auth0's older /v2/logout. Both end the login
// session of this browser and return to an address that the client registered.
//
// Both work by GET, because the standard says so (§2: "OpenID Providers MUST support the use of the HTTP GET and POST
// methods"). Nobody is asked for a confirmation, as at Auth0 when the request names the client. What a foreign link could do
// with it is end a login of a test server.
import { compactVerify, createLocalJWKSet, errors as joseErrors } from 'jose';
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import { describeCaller } from '../log-caller.ts';
import { html, prefersPage, sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import { endSession } from './browser-session.ts';
import { sendExplanation } from './error-page.ts';
import { parameter, type RequestParameters, readParameters } from './parameters.ts';
import { publishedKeys } from './published-keys.ts';
import { invalidRequest, Refusal } from './refusal.ts';

const LEGACY_LOGOUT_PATH = '/v2/logout';

export class Logout {
  readonly #tenant: Tenant;
  readonly #provider: Provider;
  readonly #keys: ReturnType<typeof createLocalJWKSet>;

  constructor(tenant: Tenant, provider: Provider) {
    this.#tenant = tenant;
    this.#provider = provider;
    this.#keys = createLocalJWKSet({ keys: publishedKeys(tenant) });
  }

  /** False for every other path and method. */
  async answer(ctx: Context): Promise<boolean> {
    const isLegacy = ctx.path === LEGACY_LOGOUT_PATH;
    if (!isLegacy && ctx.path !== ROUTES.end_session) return false;
    if (!['GET', 'HEAD', ...(isLegacy ? [] : ['POST'])].includes(ctx.method)) return false;
    ctx.set('Cache-Control', 'no-store');
    try {
      const parameters = await this.#read(ctx);
      // The address is judged first: a request that is refused ends nothing.
      const address = isLegacy ? this.#legacyReturn(parameters) : await this.#standardReturn(parameters);
      const userId = await endSession(this.#provider, ctx);
      if (userId !== undefined) {
        this.#tenant.tenantLog.append({
          type: 'slo',
          user_id: userId,
          client_id: parameter(parameters, 'client_id'),
          caller: describeCaller(ctx),
        });
      }
      if (address === undefined) this.#sayLoggedOut(ctx);
      else ctx.redirect(address);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refuse(ctx, error);
    }
    return true;
  }

  async #read(ctx: Context): Promise<RequestParameters> {
    if (ctx.method === 'POST') return readParameters(ctx.req);
    return Object.fromEntries(
      Object.entries(ctx.query).filter(
        (entry): entry is [string, string | string[]] => entry[1] !== undefined && entry[1] !== '',
      ),
    );
  }

  /** Where to go afterwards. RP-Initiated Logout §2 and §3. */
  async #standardReturn(parameters: RequestParameters): Promise<string | undefined> {
    const hint = parameter(parameters, 'id_token_hint');
    const named = parameter(parameters, 'client_id');
    const hinted = hint === undefined ? undefined : await this.#clientOfHint(hint);
    // §2: when both are there, the client must be the one that the ID token was issued to.
    if (named !== undefined && hinted !== undefined && named !== hinted) {
      throw invalidRequest('client_id does not match the client of id_token_hint');
    }
    const clientId = hinted ?? named;
    const client = clientId === undefined ? undefined : this.#client(clientId);
    const address = parameter(parameters, 'post_logout_redirect_uri');
    if (address === undefined) return undefined;
    if (!client) {
      throw invalidRequest(
        'post_logout_redirect_uri needs id_token_hint or client_id',
        'Send one of them, so that the address can be compared with the allowed_logout_urls of that client.',
      );
    }
    // §3.1: it must have been registered before, and is compared exactly.
    if (!client.allowed_logout_urls.includes(address)) {
      throw invalidRequest(
        `post_logout_redirect_uri "${address}" is not in the allowed_logout_urls of "${client.client_id}"`,
        allowedAddresses([client]),
      );
    }
    const state = parameter(parameters, 'state');
    return state === undefined ? address : withState(address, state);
  }

  /** auth0: Logout. Query and fragment are not compared; without returnTo, the first address of the client. */
  #legacyReturn(parameters: RequestParameters): string | undefined {
    const clientId = parameter(parameters, 'client_id');
    const address = parameter(parameters, 'returnTo');
    const clients = clientId === undefined ? this.#tenant.directory.clients() : [this.#client(clientId)];
    if (address === undefined) return clientId === undefined ? undefined : clients[0]?.allowed_logout_urls[0];
    const wanted = withoutQuery(address);
    const isAllowed = clients.some((client) => client.allowed_logout_urls.map(withoutQuery).includes(wanted));
    if (!isAllowed) {
      throw invalidRequest(
        `The "returnTo" querystring parameter "${address}" is not defined as a valid URL in "Allowed Logout URLs"`,
        allowedAddresses(clients),
      );
    }
    return address;
  }

  /** Who an ID token was issued to. An expired one is as good: §2, "The OP SHOULD accept ID Tokens when [...] expired". */
  async #clientOfHint(hint: string): Promise<string> {
    try {
      const { payload } = await compactVerify(hint, this.#keys);
      const claims = JSON.parse(new TextDecoder().decode(payload)) as { iss?: unknown; aud?: unknown };
      if (claims.iss === this.#tenant.issuer && typeof claims.aud === 'string') return claims.aud;
    } catch (error) {
      if (!(error instanceof joseErrors.JOSEError || error instanceof SyntaxError)) throw error;
    }
    throw invalidRequest('id_token_hint is not an ID token of this tenant');
  }

  #client(clientId: string): ClientConfig {
    const client = this.#tenant.directory.client(clientId);
    if (client) return client;
    const known = this.#tenant.directory.clients().map((one) => one.client_id);
    throw invalidRequest(`Unknown client: ${clientId}`, `This tenant has: ${known.join(', ') || 'none'}.`);
  }

  #sayLoggedOut(ctx: Context): void {
    if (!prefersPage(ctx)) {
      ctx.body = { logged_out: true };
      return;
    }
    sendPage(ctx, 200, {
      title: 'Logged out',
      owner: this.#owner,
      content: html`<div>
<h1>You are logged out</h1>
<p class="lead">of ${this.#owner}, in this browser. Applications may still keep a login of their own.</p>
</div>
<p class="note">You can close this page.</p>`,
    });
  }

  #refuse(ctx: Context, refusal: Refusal): void {
    if (!prefersPage(ctx)) {
      ctx.status = refusal.status;
      ctx.body = { error: refusal.error, error_description: refusal.error_description };
      return;
    }
    sendExplanation(ctx, this.#owner, {
      status: refusal.status,
      title: 'The logout was refused',
      happened: refusal.error_description,
      next: refusal.hint ?? 'Correct the logout request of the application.',
    });
  }

  get #owner(): string {
    return this.#tenant.displayName;
  }
}

function allowedAddresses(clients: readonly ClientConfig[]): string {
  const addresses = [...new Set(clients.flatMap((client) => client.allowed_logout_urls))];
  return `Add it to allowed_logout_urls in the tenant file. Allowed now: ${addresses.join(', ') || 'none'}.`;
}

/** §3: `state` is passed back as a query parameter. */
function withState(address: string, state: string): string {
  const url = new URL(address);
  url.searchParams.set('state', state);
  return url.href;
}

function withoutQuery(address: string): string {
  return address.split(/[?#]/, 1)[0] ?? address;
}
