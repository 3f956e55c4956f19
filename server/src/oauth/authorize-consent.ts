// GET and POST /u/consent: the person who is logging in reads the authorization details and answers. RFC 9396 §3: they are
// shown for consent. GET shows and decides nothing; the answer is a form with a token of this session, and names what it
// answers, so that nothing else can be approved by it. Then the browser goes back to /authorize.
import type { Context } from 'koa';
import type { Interaction, Provider } from 'oidc-provider';
import { sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { authorizeConsentPage } from './authorize-consent-page.ts';
import { type BrowserSession, readSession } from './browser-session.ts';
import { CONSENT_STYLE } from './consent-style.ts';
import { FOREIGN_CONSENT, LOGIN_IS_OVER, sendExplanation, unreadableForm } from './error-page.ts';
import { isFormToken, makeFormToken } from './form-token.ts';
import { isOwnAttempt, PAGES_PATH } from './login-attempts.ts';
import type { LoginQuestion, LoginRequest, LoginRequests } from './login-request.ts';
import { comesFromOwnPage } from './own-page.ts';
import { parameter, type RequestParameters, readParameters } from './parameters.ts';
import { Refusal } from './refusal.ts';

const CONSENT_PAGE_PATH = `${PAGES_PATH}/consent`;

export interface AuthorizeConsentParts {
  tenant: Tenant;
  provider: Provider;
  requests: LoginRequests;
  /** Name of the cookie of login-attempts. */
  cookieName: string;
}

/** An attempt to log in that waits for the answer of its person. */
interface Asked {
  interaction: Interaction;
  session: BrowserSession;
  request: LoginRequest;
  question: LoginQuestion;
}

export function consentAddress({ uid }: Pick<Interaction, 'uid'>): string {
  return `${CONSENT_PAGE_PATH}?state=${encodeURIComponent(uid)}`;
}

export class AuthorizeConsent {
  readonly #tenant: Tenant;
  readonly #provider: Provider;
  readonly #requests: LoginRequests;
  readonly #cookieName: string;

  constructor({ tenant, provider, requests, cookieName }: AuthorizeConsentParts) {
    this.#tenant = tenant;
    this.#provider = provider;
    this.#requests = requests;
    this.#cookieName = cookieName;
  }

  /** False for every other path and method. */
  async answer(ctx: Context): Promise<boolean> {
    if (ctx.path !== CONSENT_PAGE_PATH || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return false;
    const interaction = await this.#findInteraction(ctx);
    const session = await readSession(this.#provider, this.#tenant, ctx);
    // The question is for whoever logged in for it: somebody else may have taken over this browser since.
    if (!interaction || !session || interaction.session?.accountId !== session.accountId) {
      sendExplanation(ctx, this.#owner, LOGIN_IS_OVER);
      return true;
    }
    try {
      const asked = this.#read(interaction, session);
      if (!asked) sendExplanation(ctx, this.#owner, LOGIN_IS_OVER);
      else if (ctx.method === 'POST') await this.#submit(ctx, asked);
      else this.#show(ctx, 200, asked);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The API was changed, or the client's right to it, since the request came.
      await this.#sendBack(ctx, interaction, {
        error: error.error,
        error_description: error.error_description,
      });
    }
    return true;
  }

  get #owner(): string {
    return this.#tenant.displayName;
  }

  async #findInteraction(ctx: Context): Promise<Interaction | undefined> {
    const { state } = ctx.query;
    const { cookies } = this.#provider.createContext(ctx.req, ctx.res);
    if (typeof state !== 'string' || !isOwnAttempt(cookies, this.#cookieName, state)) return undefined;
    const interaction = await this.#provider.Interaction.find(state);
    return interaction?.prompt.name === 'consent' ? interaction : undefined;
  }

  /** @throws Refusal */
  #read(interaction: Interaction, session: BrowserSession): Asked | undefined {
    const client = this.#tenant.directory.client(String(interaction.params['client_id']));
    if (!client) return undefined;
    // `resource` is what the provider has made of `audience`.
    const { resource: _resource, ...others } = interaction.params;
    const parameters = Object.fromEntries(
      Object.entries(others).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const request = this.#requests.read(client, session.accountId, parameters);
    const question = this.#requests.question(request);
    return question && { interaction, session, request, question };
  }

  #show(ctx: Context, status: number, asked: Asked, remark?: string): void {
    const { interaction, session, request, question } = asked;
    const user = this.#tenant.directory.user(session.accountId);
    sendPage(ctx, status, {
      title: `${request.client.name} asks`,
      owner: this.#owner,
      style: CONSENT_STYLE,
      content: authorizeConsentPage({
        ...question,
        clientId: request.client.client_id,
        isFirstParty: request.client.is_first_party,
        person: user?.name ?? session.accountId,
        returnsTo: placeOf(String(interaction.params['redirect_uri'])),
        form: {
          action: consentAddress(interaction),
          csrf: makeFormToken(this.#tenant, session, purposeOf(interaction)),
        },
        remark,
      }),
    });
  }

  async #submit(ctx: Context, asked: Asked): Promise<void> {
    const { interaction, session, question } = asked;
    let form: RequestParameters;
    try {
      form = await readParameters(ctx.req);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendExplanation(ctx, this.#owner, unreadableForm(error));
    }
    // OWASP CSRF Prevention: the origin, and a token that only a page of this session has.
    const isOwn =
      comesFromOwnPage(ctx, this.#tenant.issuer) &&
      isFormToken(parameter(form, 'csrf'), this.#tenant, session, purposeOf(interaction));
    if (!isOwn) return sendExplanation(ctx, this.#owner, FOREIGN_CONSENT);
    const action = parameter(form, 'action');
    if (action === 'deny') {
      this.#record(asked, 'denied');
      return this.#sendBack(ctx, interaction, {
        error: 'access_denied',
        error_description: 'The end-user denied the authorization request',
      });
    }
    if (action !== 'approve') return this.#show(ctx, 400, asked);
    if (parameter(form, 'consent_hash') !== question.hash) {
      return this.#show(
        ctx,
        409,
        asked,
        'The request is not what you have read. Nothing was decided. Read it again.',
      );
    }
    this.#record(asked, 'approved');
    await this.#sendBack(ctx, interaction, { ...interaction.lastSubmission, consented: question.hash });
  }

  #record({ request }: Asked, outcome: 'approved' | 'denied'): void {
    const { client, userId, audience, scope, authorizationDetails } = request;
    this.#tenant.log.append({
      type: 'consent.answered',
      client_id: client.client_id,
      client_name: client.name,
      user_id: userId,
      user_name: this.#tenant.directory.user(userId)?.name ?? userId,
      ...(audience === undefined ? {} : { audience }),
      scope,
      ...(authorizationDetails === undefined ? {} : { authorization_details: authorizationDetails }),
      outcome,
    });
  }

  async #sendBack(
    ctx: Context,
    interaction: Interaction,
    result: NonNullable<Interaction['result']>,
  ): Promise<void> {
    interaction.result = result;
    await interaction.persist();
    ctx.set('Cache-Control', 'no-store');
    // Without a host: the browser stays on the one it used, where its cookies are.
    ctx.redirect(new URL(interaction.returnTo).pathname);
    ctx.status = 303;
  }
}

function purposeOf({ uid }: Interaction): string {
  return `login ${uid}`;
}

/** The host of an application, or the scheme of one without. */
function placeOf(redirectUri: string): string {
  const url = URL.parse(redirectUri);
  return url?.host || (url?.protocol ?? redirectUri);
}
