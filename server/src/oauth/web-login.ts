// Logging a person in and out through the browser. Gathers what the provider's configuration needs of it, and answers the
// pages that are ours. Addresses within a login carry no host: the browser stays on the one it used, where its cookies are,
// whatever the issuer is called. Discovery and tokens always name the issuer.
import type { Context } from 'koa';
import type { Configuration, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import type { AssertionTime } from './assertion-time.ts';
import { ROUTES } from './auth0-dialect.ts';
import { AuthorizeConsent, consentAddress } from './authorize-consent.ts';
import { grantByLogin } from './authorize-grant.ts';
import { authorizeParameters, translateRequest } from './authorize-request.ts';
import type { ClientKeys } from './client-keys.ts';
import { ConsentVerify } from './consent-verify.ts';
import { DeviceActivation } from './device-activation.ts';
import { renderProviderError, sendExplanation, unreadableForm } from './error-page.ts';
import { PAGES_PATH, rememberAttempt } from './login-attempts.ts';
import { LoginForms, loginAddress } from './login-forms.ts';
import { LoginRequests } from './login-request.ts';
import { Logout } from './logout.ts';
import { OpenedRequests } from './opened-requests.ts';
import { fromForm, parameter, readParameters, toForm } from './parameters.ts';
import { providerNowSeconds } from './provider-time.ts';
import { hideUnrotatedTokens } from './refresh-tokens.ts';
import { Refusal } from './refusal.ts';
import { learnRequestKeys } from './request-objects.ts';

type Features = NonNullable<Configuration['features']>;
type InteractionPage = NonNullable<NonNullable<Configuration['interactions']>['url']>;

/** What the provider's configuration and the middleware need of the browser flows. */
export interface WebLogin {
  readonly cookies: NonNullable<Configuration['cookies']>;
  readonly extraParams: NonNullable<Configuration['extraParams']>;
  readonly logout: NonNullable<Features['rpInitiatedLogout']>;
  readonly renderError: NonNullable<Configuration['renderError']>;
  readonly opened: OpenedRequests;
  /** Address of the page for an interaction. */
  readonly pageFor: InteractionPage;
  /** What is asked of a person beyond logging in. */
  readonly requests: LoginRequests;
  attach(provider: Provider): void;
  loadGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined>;
  /** Seconds for which a session is still good, from the login on. auth0: session lifetime, require log in after. */
  sessionLifetimeSeconds(session: { loginTs?: number | undefined }): number;
  /** Answers the pages of this folder; false for every other path. */
  answer(ctx: Context): Promise<boolean>;
  /** Paths below the provider's own routes, such as the way back from the login page. */
  belongsToProvider(path: string): boolean;
}

interface Attached {
  provider: Provider;
  forms: LoginForms;
  logout: Logout;
  authorizeConsent: AuthorizeConsent;
  consent: ConsentVerify;
  activation: DeviceActivation;
}

/**
 * @param keys of clients that sign their requests
 * @param time leads from the tenant's time to that of the provider
 */
export function createWebLogin(tenant: Tenant, keys: ClientKeys, time: AssertionTime): WebLogin {
  const cookieNames = nameCookies(tenant);
  const opened = new OpenedRequests(tenant, cookieNames.attempts);
  const requests = new LoginRequests(tenant);
  let attached: Attached | undefined;
  const parts = () => {
    if (!attached) throw new Error('the browser flows were used before they had a provider');
    return attached;
  };
  return {
    cookies: {
      keys: [tenant.secrets.cookies],
      names: {
        session: cookieNames.session,
        interaction: cookieNames.interaction,
        resume: cookieNames.resume,
      },
      long: { httpOnly: true, sameSite: 'lax', path: '/' },
      short: { httpOnly: true, sameSite: 'lax', path: PAGES_PATH },
    },
    extraParams: authorizeParameters(tenant),
    // Ours: the provider's own shows a form that a script sends.
    logout: { enabled: false },
    renderError: (ctx, out, error) => renderProviderError(tenant, ctx, out, error),
    opened,
    pageFor: async (ctx, interaction) => {
      await opened.take(ctx, interaction.uid);
      rememberAttempt(ctx.cookies, cookieNames.attempts, interaction.uid);
      return interaction.prompt.name === 'consent'
        ? consentAddress(interaction)
        : loginAddress(tenant, interaction);
    },
    requests,
    attach(provider) {
      const forms = new LoginForms({ tenant, provider, cookieName: cookieNames.attempts });
      const consent = new ConsentVerify(tenant, provider, cookieNames.attempts);
      const activation = new DeviceActivation(tenant, provider, cookieNames.attempts);
      const authorizeConsent = new AuthorizeConsent({
        tenant,
        provider,
        requests,
        cookieName: cookieNames.attempts,
      });
      attached = {
        provider,
        forms,
        logout: new Logout(tenant, provider),
        authorizeConsent,
        consent,
        activation,
      };
      hideUnrotatedTokens(provider);
    },
    loadGrant: (ctx) => grantByLogin(tenant, parts().provider, requests, ctx),
    sessionLifetimeSeconds({ loginTs }) {
      const { session_lifetime: lifetime } = tenant.config.tenant;
      const ageSeconds = loginTs === undefined ? 0 : providerNowSeconds() - loginTs;
      return Math.max(1, lifetime - ageSeconds);
    },
    async answer(ctx) {
      if (ctx.path === ROUTES.authorization)
        return (await translateAuthorize(tenant, { keys, time }, ctx)) === 'answered';
      const { forms, logout, authorizeConsent, consent, activation } = parts();
      for (const page of [forms, logout, authorizeConsent, consent, activation])
        if (await page.answer(ctx)) return true;
      return false;
    },
    // `confirm`: where the provider changes accounts, should another tab have logged somebody else in meanwhile.
    belongsToProvider: (path) =>
      path.startsWith(`${ROUTES.authorization}/`) || path === `${ROUTES.end_session}/confirm`,
  };
}

/** Turns a request to /authorize into what the provider understands, or answers it if it cannot be read. */
async function translateAuthorize(
  tenant: Tenant,
  { keys, time }: { keys: ClientKeys; time: AssertionTime },
  ctx: Context,
): Promise<'answered' | 'translated'> {
  let parameters = fromForm(new URLSearchParams(ctx.querystring));
  if (ctx.method === 'POST') {
    // OpenID Connect Core §3.1.2.1: POST must work like GET; the provider reads queries only.
    try {
      parameters = await readParameters(ctx.req);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendExplanation(ctx, tenant.displayName, unreadableForm(error));
      return 'answered';
    }
    ctx.method = 'GET';
  }
  const client = tenant.directory.client(parameter(parameters, 'client_id') ?? '');
  await learnRequestKeys(keys, client, parameters);
  const timely = await time.requestToProvider(parameters);
  ctx.req.url = `${ROUTES.authorization}?${toForm(translateRequest(tenant, client, timely))}`;
  return 'translated';
}

/** Browsers tell hosts apart but not ports (RFC 6265 §8.5), so the names carry tenant and port. */
function nameCookies(tenant: Tenant): Record<'session' | 'interaction' | 'resume' | 'attempts', string> {
  const { port, protocol } = new URL(tenant.issuer);
  const prefix = `assent_${tenant.config.tenant.name}_${port || (protocol === 'https:' ? '443' : '80')}`;
  return {
    session: prefix,
    interaction: `${prefix}_interaction`,
    resume: `${prefix}_resume`,
    attempts: `${prefix}_attempts`,
  };
}
