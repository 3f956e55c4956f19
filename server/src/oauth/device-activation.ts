// GET and POST /activate: a person enters the code that a device without a browser shows, logs in, and confirms. auth0: Device
// Authorization Flow; RFC 8628 §3.3. GET shows and decides nothing; the confirmation is a form with a token of this session,
// and the first answer counts.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { type Markup, sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { authorizeAudience, grantScopes, readAudience } from './access-rules.ts';
import { toResource } from './audience.ts';
import { type BrowserSession, readSession } from './browser-session.ts';
import { codePage, confirmPage, outcomePage } from './device-pages.ts';
import { FOREIGN_FORM, sendExplanation, unreadableForm } from './error-page.ts';
import { isFormToken, makeFormToken } from './form-token.ts';
import { grantLifetimeSeconds } from './grant-lifetime.ts';
import { loginAddress } from './login-forms.ts';
import { ACTIVATE_PATH, beginOwnLogin } from './own-login.ts';
import { comesFromOwnPage } from './own-page.ts';
import { parameter, type RequestParameters, readParameters } from './parameters.ts';
import { providerNowSeconds } from './provider-time.ts';
import { Refusal } from './refusal.ts';
import { STANDARD_SCOPES } from './scopes.ts';

type DeviceCode = InstanceType<Provider['DeviceCode']>;

/** Eight letters without vowels, however they were typed. RFC 8628 §6.1. */
const USER_CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

export class DeviceActivation {
  readonly #tenant: Tenant;
  readonly #provider: Provider;
  /** Name of the cookie of login-attempts. */
  readonly #cookieName: string;

  constructor(tenant: Tenant, provider: Provider, cookieName: string) {
    this.#tenant = tenant;
    this.#provider = provider;
    this.#cookieName = cookieName;
  }

  /** False for every other path and method. */
  async answer(ctx: Context): Promise<boolean> {
    if (ctx.path !== ACTIVATE_PATH || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return false;
    if (ctx.method === 'POST') await this.#submit(ctx);
    else await this.#show(ctx);
    return true;
  }

  async #show(ctx: Context): Promise<void> {
    const { user_code: typed } = ctx.query;
    if (typeof typed !== 'string' || typed === '') return this.#askForCode(ctx);
    const code = await this.#findWaiting(typed);
    if (!code) return this.#askForCode(ctx, typed);
    const session = await readSession(this.#provider, this.#tenant, ctx);
    if (!session) return this.#askToLogIn(ctx, code);
    this.#askToConfirm(ctx, code, session);
  }

  async #submit(ctx: Context): Promise<void> {
    let form: RequestParameters;
    try {
      form = await readParameters(ctx.req);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendExplanation(ctx, this.#owner, unreadableForm(error));
    }
    if (!comesFromOwnPage(ctx, this.#tenant.issuer)) return sendExplanation(ctx, this.#owner, FOREIGN_FORM);
    const typed = parameter(form, 'user_code') ?? '';
    const code = await this.#findWaiting(typed);
    if (!code) return this.#askForCode(ctx, typed);
    const action = parameter(form, 'action');
    const session = await readSession(this.#provider, this.#tenant, ctx);
    const isAnswer = action === 'confirm' || action === 'cancel';
    if (!isAnswer || !session) return this.#goTo(ctx, code);
    if (!isFormToken(parameter(form, 'csrf'), this.#tenant, session, purposeOf(code))) {
      return sendExplanation(ctx, this.#owner, FOREIGN_FORM);
    }
    // Of two answers the first one counts; the code is good no more for the other one.
    const decisions = this.#tenant.store.collection<{ accountId: string }>('device-code-decisions');
    const decision = { accountId: session.accountId };
    const expiresAt = this.#tenant.clock.now() + code.remainingTTL * 1000;
    if (!(await decisions.insert(code.jti, decision, { expiresAt }))) return this.#askForCode(ctx, typed);
    if (action === 'cancel') await this.#refuse(code);
    else await this.#grant(code, session);
    const client = this.#clientName(code);
    this.#send(
      ctx,
      200,
      outcomePage({ client, isConnected: action === 'confirm' && code.error === undefined }),
    );
  }

  async #refuse(
    code: DeviceCode,
    error = 'access_denied',
    description = 'The user cancelled',
  ): Promise<void> {
    Object.assign(code, { error, errorDescription: description });
    await code.save();
  }

  /** What the person grants by confirming: the same as by logging in, for the client that shows the code. */
  async #grant(code: DeviceCode, { accountId, uid }: BrowserSession): Promise<void> {
    const tenant = this.#tenant;
    const client = tenant.directory.client(code.clientId ?? '');
    const parameters = (code.params ?? {}) as RequestParameters;
    if (!client) return this.#refuse(code, 'invalid_client', 'The client is gone');
    try {
      const audience = readAudience(tenant, parameters, client);
      const access = authorizeAudience(tenant, client, audience);
      const requested = (parameter(parameters, 'scope') ?? '').split(' ');
      const scope = grantScopes(tenant, client, accountId, access, requested);
      const grant = new this.#provider.Grant({ accountId, clientId: client.client_id });
      const standard = scope.filter((one) => (STANDARD_SCOPES as readonly string[]).includes(one));
      grant.addOIDCScope(standard.join(' '));
      if (audience !== undefined) grant.addResourceScope(toResource(audience), scope.join(' '));
      grant.exp = providerNowSeconds() + grantLifetimeSeconds(tenant, scope, audience);
      Object.assign(code, {
        accountId,
        authTime: providerNowSeconds(),
        grantId: await grant.save(),
        scope: scope.join(' '),
        sessionUid: uid,
        ...(audience === undefined ? {} : { resource: toResource(audience) }),
      });
      await code.save();
    } catch (error) {
      // The API was changed, or the client's right to it, since the device asked.
      if (!(error instanceof Refusal)) throw error;
      await this.#refuse(code, error.error, error.error_description);
    }
  }

  /** A code that is shown somewhere, waits and has not ended. */
  async #findWaiting(typed: string): Promise<DeviceCode | undefined> {
    const userCode = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
    if (!USER_CODE.test(userCode)) return undefined;
    const code = await this.#provider.DeviceCode.findByUserCode(userCode);
    const isWaiting = code && !code.isExpired && code.error === undefined && code.accountId === undefined;
    return isWaiting ? code : undefined;
  }

  #askForCode(ctx: Context, typed?: string): void {
    const content = codePage({
      action: ACTIVATE_PATH,
      typed,
      problem:
        typed === undefined
          ? undefined
          : 'No device waits with this code. It may be mistyped, used or too old.',
    });
    this.#send(ctx, typed === undefined ? 200 : 404, content);
  }

  async #askToLogIn(ctx: Context, code: DeviceCode): Promise<void> {
    const login = await beginOwnLogin(this.#provider, ctx, {
      owner: this.#owner,
      returnTo: new URL(addressOf(code), this.#tenant.issuer).href,
      uid: this.#tenant.ids.make('', 43),
      loginHint: undefined,
      cookieName: this.#cookieName,
    });
    if (!login) return;
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(loginAddress(this.#tenant, login));
    ctx.status = 303;
  }

  #askToConfirm(ctx: Context, code: DeviceCode, session: BrowserSession): void {
    const user = this.#tenant.directory.user(session.accountId);
    const content = confirmPage({
      action: ACTIVATE_PATH,
      csrf: makeFormToken(this.#tenant, session, purposeOf(code)),
      client: this.#clientName(code),
      userCode: shownCode(code),
      userName: user?.name ?? session.accountId,
    });
    this.#send(ctx, 200, content);
  }

  #goTo(ctx: Context, code: DeviceCode): void {
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(addressOf(code));
    ctx.status = 303;
  }

  #send(ctx: Context, status: number, content: Markup): void {
    sendPage(ctx, status, { title: 'Connect a device', owner: this.#owner, content });
  }

  #clientName(code: DeviceCode): string {
    return this.#tenant.directory.client(code.clientId ?? '')?.name ?? 'An application';
  }

  get #owner(): string {
    return this.#tenant.displayName;
  }
}

function purposeOf(code: DeviceCode): string {
  return `device ${code.userCode}`;
}

function addressOf(code: DeviceCode): string {
  return `${ACTIVATE_PATH}?user_code=${shownCode(code)}`;
}

/** With the hyphen that the device shows. */
function shownCode({ userCode = '' }: DeviceCode): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}
