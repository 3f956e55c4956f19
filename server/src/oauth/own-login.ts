// Logging in for a page of this server instead of for an application: the ordinary login page, an ordinary session, and
// the way back to that page. Used by bc-verify and /activate; finished by the login forms.
import type { Context } from 'koa';
import type { Interaction, Provider } from 'oidc-provider';
import { startSession } from './browser-session.ts';
import { type Explanation, sendExplanation } from './error-page.ts';
import { ATTEMPT_LIFETIME_SECONDS, rememberAttempt } from './login-attempts.ts';
import { Refusal } from './refusal.ts';

/** Where the request of an e-mail is answered. auth0: CIBA, e-mail notifications. */
export const CONSENT_PATH = '/bc-verify';

/** Where the code of a device is entered. auth0: Device Authorization Flow. */
export const ACTIVATE_PATH = '/activate';

/** An hour, which is how long one may take, would be the truth; most end before. */
const RETRY_AFTER_SECONDS = 60;

const TOO_MANY_LOGINS: Explanation = {
  status: 503,
  title: 'Too many logins at once',
  happened: 'So many were begun in the last hour and not finished that there is no room for another one.',
  next: 'Open this page again in a few minutes. Nothing was decided.',
};

/**
 * Makes a login that ends at `returnTo`, an address of our own, and remembers that this browser began it. Where there is no room for
 * one the browser is told so, and there is none.
 */
export async function beginOwnLogin(
  provider: Provider,
  ctx: Context,
  { owner, returnTo, uid, loginHint, cookieName }: OwnLogin,
): Promise<Interaction | undefined> {
  const interaction = new provider.Interaction();
  interaction.uid = uid;
  interaction.returnTo = returnTo;
  interaction.prompt = { name: 'login', reasons: [], details: {} };
  interaction.params = loginHint === undefined ? {} : { login_hint: loginHint };
  try {
    await interaction.save(ATTEMPT_LIFETIME_SECONDS);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendExplanation(ctx, owner, TOO_MANY_LOGINS);
    ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
    return undefined;
  }
  rememberAttempt(provider.createContext(ctx.req, ctx.res).cookies, cookieName, uid);
  return interaction;
}

export interface OwnLogin {
  /** Whose page it is. */
  owner: string;
  returnTo: string;
  /** Identifies the login, unguessable. */
  uid: string;
  /** user_id of the person whom the page is for; undefined: anybody. */
  loginHint: string | undefined;
  /** Name of the cookie of login-attempts. */
  cookieName: string;
}

/** Whether a login is for a page of our own. The provider's logins return to its own addresses. */
export function isOwnLogin({ returnTo }: Pick<Interaction, 'returnTo'>): boolean {
  return [CONSENT_PATH, ACTIVATE_PATH].includes(new URL(returnTo).pathname);
}

/** Starts the session and sends the browser back. The login is over: its address cannot be used again. */
export async function finishOwnLogin(
  provider: Provider,
  ctx: Context,
  interaction: Interaction,
  login: Parameters<typeof startSession>[2],
): Promise<void> {
  await startSession(provider, ctx, login);
  await interaction.destroy();
  const { pathname, search } = new URL(interaction.returnTo);
  // Without a host: the browser stays on the one it used, where its cookies are.
  ctx.redirect(`${pathname}${search}`);
  ctx.status = 303;
}
