// GET and POST of the login and the sign-up page. A person is chosen, recognised by password, or made; then the browser
// goes back to /authorize with the answer. Called by web-login for every path below /u.
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Interaction, Provider } from 'oidc-provider';
import { type NewLogEntry, SHORTEST_PASSWORD, type UserConfig, userSchema } from '../contract/index.ts';
import { describeCaller } from '../log-caller.ts';
import { sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import {
  FOREIGN_FORM,
  LOGIN_IS_OVER,
  SIGN_UP_IS_CLOSED,
  sendExplanation,
  USER_IS_BLOCKED,
  unreadableForm,
} from './error-page.ts';
import { isOwnAttempt, PAGES_PATH } from './login-attempts.ts';
import { loginPage, signUpPage } from './login-pages.ts';
import { finishOwnLogin, isOwnLogin } from './own-login.ts';
import { comesFromOwnPage } from './own-page.ts';
import { parameter, type RequestParameters, readParameters } from './parameters.ts';
import { providerNowSeconds } from './provider-time.ts';
import { Refusal } from './refusal.ts';

const LOGIN_PATH = `${PAGES_PATH}/login`;
const SIGN_UP_PATH = `${PAGES_PATH}/signup`;

const WRONG_PASSWORD = 'Wrong e-mail or password.';
/** One @ with something around it; whether the address exists is nobody's business here. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;

export interface LoginFormsParts {
  tenant: Tenant;
  provider: Provider;
  /** Name of the cookie of login-attempts. */
  cookieName: string;
}

/** Address of the page on which an interaction goes on. auth0: `screen_hint=signup` opens the sign-up page. */
export function loginAddress(tenant: Tenant, interaction: Pick<Interaction, 'uid' | 'params'>): string {
  const wantsSignUp = interaction.params['screen_hint'] === 'signup' && tenant.config.tenant.allow_signup;
  return `${wantsSignUp ? SIGN_UP_PATH : LOGIN_PATH}?state=${encodeURIComponent(interaction.uid)}`;
}

export class LoginForms {
  readonly #tenant: Tenant;
  readonly #provider: Provider;
  readonly #cookieName: string;

  constructor({ tenant, provider, cookieName }: LoginFormsParts) {
    this.#tenant = tenant;
    this.#provider = provider;
    this.#cookieName = cookieName;
  }

  /** False for every other path and method. */
  async answer(ctx: Context): Promise<boolean> {
    const isSignUp = ctx.path === SIGN_UP_PATH;
    if (!isSignUp && ctx.path !== LOGIN_PATH) return false;
    if (!['GET', 'HEAD', 'POST'].includes(ctx.method)) return false;
    if (isSignUp && !this.#tenant.config.tenant.allow_signup) {
      sendExplanation(ctx, this.#owner, SIGN_UP_IS_CLOSED);
      return true;
    }
    const interaction = await this.#findInteraction(ctx);
    if (!interaction) sendExplanation(ctx, this.#owner, LOGIN_IS_OVER);
    else if (ctx.method !== 'POST') this.#show(ctx, interaction, isSignUp);
    else if (!comesFromOwnPage(ctx, this.#tenant.issuer)) sendExplanation(ctx, this.#owner, FOREIGN_FORM);
    else await this.#submit(ctx, interaction, isSignUp);
    return true;
  }

  get #owner(): string {
    return this.#tenant.displayName;
  }

  /** The login that `state` names, if it has not ended and this browser began it. */
  async #findInteraction(ctx: Context): Promise<Interaction | undefined> {
    const { state } = ctx.query;
    const { cookies } = this.#provider.createContext(ctx.req, ctx.res);
    if (typeof state !== 'string' || !isOwnAttempt(cookies, this.#cookieName, state)) return undefined;
    return this.#provider.Interaction.find(state);
  }

  async #submit(ctx: Context, interaction: Interaction, isSignUp: boolean): Promise<void> {
    let form: RequestParameters;
    try {
      form = await readParameters(ctx.req);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendExplanation(ctx, this.#owner, unreadableForm(error));
      return;
    }
    if (isSignUp) await this.#signUp(ctx, interaction, form);
    else await this.#logIn(ctx, interaction, form);
  }

  async #logIn(ctx: Context, interaction: Interaction, form: RequestParameters): Promise<void> {
    const { directory } = this.#tenant;
    const userId = parameter(form, 'user_id');
    if (userId !== undefined) {
      const user = directory.user(userId);
      if (user) return this.#finish(ctx, interaction, user);
      this.#record(ctx, interaction, { type: 'fu', description: `Unknown user: ${userId}` });
      return this.#showLogin(ctx, interaction, { problem: `There is nobody with the id "${userId}" here.` });
    }
    const email = parameter(form, 'username');
    const password = parameter(form, 'password');
    const user = email === undefined ? undefined : directory.userByEmail(email);
    // Somebody without a password logs in with one tap only.
    if (user?.password !== undefined && user.password === password)
      return this.#finish(ctx, interaction, user);
    this.#record(ctx, interaction, { type: user ? 'fp' : 'fu', user_id: user?.user_id });
    this.#showLogin(ctx, interaction, { email, problem: WRONG_PASSWORD });
  }

  async #signUp(ctx: Context, interaction: Interaction, form: RequestParameters): Promise<void> {
    const email = parameter(form, 'email')?.trim();
    const password = parameter(form, 'password') ?? '';
    const name = parameter(form, 'name')?.trim();
    const refuse = (field: 'email' | 'password', text: string): void => {
      this.#record(ctx, interaction, { type: 'fs', description: text });
      this.#showSignUp(ctx, interaction, { name, email, problem: { field, text } });
    };

    if (email === undefined || !EMAIL.test(email)) {
      return refuse('email', 'Type an e-mail address, such as ada@example.com.');
    }
    if (password.length < SHORTEST_PASSWORD) {
      return refuse('password', `The password is too short: at least ${SHORTEST_PASSWORD} characters.`);
    }
    // auth0: user profile structure. A new address is not verified; without a name, the address serves as one.
    const user = userSchema.parse({
      user_id: `auth0|${this.#makeObjectId()}`,
      name: name === undefined || name === '' ? email : name,
      email,
      email_verified: false,
      password,
      created_at: new Date(this.#tenant.clock.now()).toISOString(),
    });
    if (!(await this.#tenant.directory.addUser(user))) {
      return refuse('email', 'There is already somebody with this e-mail address. Log in instead.');
    }
    this.#record(ctx, interaction, { type: 'ss', user_id: user.user_id });
    await this.#finish(ctx, interaction, user);
  }

  /** In the log of the tenant. auth0: Log Event Type Codes. */
  #record(ctx: Context, interaction: Interaction, entry: NewLogEntry): void {
    const clientId = interaction.params['client_id'];
    this.#tenant.tenantLog.append({
      ...entry,
      ...(isOwnLogin(interaction) || typeof clientId !== 'string' ? {} : { client_id: clientId }),
      connection: this.#tenant.config.connections.find(({ strategy }) => strategy === 'auth0')?.name,
      caller: describeCaller(ctx),
    });
  }

  /** 24 hexadecimal characters, as the ids of Auth0's own database. */
  #makeObjectId(): string {
    return createHash('sha256').update(this.#tenant.ids.make('', 22)).digest('hex').slice(0, 24);
  }

  /** Notes who logged in and sends the browser back to where it came from. */
  async #finish(ctx: Context, interaction: Interaction, user: UserConfig): Promise<void> {
    if (user.blocked) {
      this.#record(ctx, interaction, { type: 'f', user_id: user.user_id, description: 'user is blocked' });
      return this.#refuseBlocked(ctx, interaction);
    }
    this.#record(ctx, interaction, { type: 's', user_id: user.user_id });
    if (isOwnLogin(interaction)) {
      return finishOwnLogin(this.#provider, ctx, interaction, {
        accountId: user.user_id,
        loginTs: providerNowSeconds(),
        lifetimeSeconds: this.#tenant.config.tenant.session_lifetime,
      });
    }
    const session = await this.#provider.Session.get(ctx);
    // Whoever was logged in before is logged out, and the login no longer depends on that session.
    if (session.accountId !== undefined && session.accountId !== user.user_id) await session.destroy();
    interaction.session = undefined;
    interaction.result = {
      login: { accountId: user.user_id, ts: providerNowSeconds() },
    };
    await this.#sendBack(ctx, interaction);
  }

  /** auth0: Block and Unblock Users; the application is told, as of any failed login. */
  async #refuseBlocked(ctx: Context, interaction: Interaction): Promise<void> {
    if (isOwnLogin(interaction)) return sendExplanation(ctx, this.#owner, USER_IS_BLOCKED);
    interaction.result = { error: 'unauthorized', error_description: 'user is blocked' };
    await this.#sendBack(ctx, interaction);
  }

  async #sendBack(ctx: Context, interaction: Interaction): Promise<void> {
    await interaction.persist();
    // Without a host: the browser stays on the one it used, where its cookies are.
    ctx.redirect(new URL(interaction.returnTo).pathname);
    ctx.status = 303;
  }

  #show(ctx: Context, interaction: Interaction, isSignUp: boolean): void {
    const hint = interaction.params['login_hint'];
    const email = typeof hint === 'string' && EMAIL.test(hint) ? hint : undefined;
    if (isSignUp) this.#showSignUp(ctx, interaction, { email });
    else this.#showLogin(ctx, interaction, { email });
  }

  #showLogin(
    ctx: Context,
    interaction: Interaction,
    { email, problem }: { email?: string | undefined; problem?: string | undefined },
  ): void {
    const { directory, config } = this.#tenant;
    sendPage(ctx, problem === undefined ? 200 : 400, {
      title: problem === undefined ? 'Log in' : 'Error: Log in',
      owner: this.#owner,
      content: loginPage({
        client: this.#clientName(interaction),
        action: `${LOGIN_PATH}?state=${interaction.uid}`,
        signUp: config.tenant.allow_signup ? `${SIGN_UP_PATH}?state=${interaction.uid}` : undefined,
        people: directory.users(),
        expected: this.#findExpected(interaction),
        email,
        problem,
      }),
    });
  }

  #showSignUp(
    ctx: Context,
    interaction: Interaction,
    filled: {
      name?: string | undefined;
      email?: string | undefined;
      problem?: { field: 'email' | 'password'; text: string };
    },
  ): void {
    const { name, email, problem } = filled;
    sendPage(ctx, problem === undefined ? 200 : 400, {
      title: problem === undefined ? 'Sign up' : 'Error: Sign up',
      owner: this.#owner,
      content: signUpPage({
        client: this.#clientName(interaction),
        action: `${SIGN_UP_PATH}?state=${interaction.uid}`,
        logIn: `${LOGIN_PATH}?state=${interaction.uid}`,
        name,
        email,
        problem,
      }),
    });
  }

  /** Whom `login_hint` means (OpenID Connect Core §3.1.2.1), else who is logged in. */
  #findExpected(interaction: Interaction): UserConfig | undefined {
    const { directory } = this.#tenant;
    const hint = interaction.params['login_hint'];
    if (typeof hint === 'string') return directory.user(hint) ?? directory.userByEmail(hint);
    return directory.user(interaction.session?.accountId ?? '');
  }

  /** What the login is for. */
  #clientName(interaction: Interaction): string {
    if (isOwnLogin(interaction)) return this.#owner;
    const clientId = String(interaction.params['client_id']);
    return this.#tenant.directory.client(clientId)?.name ?? clientId;
  }
}
