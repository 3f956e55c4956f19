// GET and POST /bc-verify?consent=…, the page behind the link of an e-mail. auth0: CIBA, e-mail notifications.
// Whoever opens it must be logged in as the approver. GET and HEAD show and decide nothing, so that mail scanners and
// prefetching browsers cannot answer; a form with a token of this session does, once.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { type Approval, linkEndsAtMs } from '../approvals/index.ts';
import { type Markup, sendPage } from '../pages/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { type BrowserSession, endSession, readSession } from './browser-session.ts';
import { consentEndedPage, consentOutcomePage, otherPersonPage } from './consent-outcome-page.ts';
import { consentPage, MOST_REASON_CHARACTERS } from './consent-page.ts';
import { CONSENT_STYLE } from './consent-style.ts';
import { CONSENT_IS_UNKNOWN, FOREIGN_ANSWER, sendExplanation, unreadableForm } from './error-page.ts';
import { isFormToken, makeFormToken } from './form-token.ts';
import { loginAddress } from './login-forms.ts';
import { beginOwnLogin, CONSENT_PATH } from './own-login.ts';
import { comesFromOwnPage } from './own-page.ts';
import { parameter, type RequestParameters, readParameters } from './parameters.ts';
import { Refusal } from './refusal.ts';

const CONSENT_ID = /^cns_[A-Za-z0-9_-]{22}$/;

export class ConsentVerify {
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
    if (ctx.path !== CONSENT_PATH || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return false;
    const approval = await this.#findApproval(ctx);
    if (!approval) {
      sendExplanation(ctx, this.#owner, CONSENT_IS_UNKNOWN);
      return true;
    }
    const session = await readSession(this.#provider, this.#tenant, ctx);
    if (!session) await this.#askToLogIn(ctx, approval);
    else if (ctx.method === 'POST') await this.#submit(ctx, approval, session);
    else this.#show(ctx, approval, session);
    return true;
  }

  /** Only what was asked by e-mail: no link leads to the other requests. */
  async #findApproval(ctx: Context): Promise<Approval | undefined> {
    const { consent } = ctx.query;
    if (typeof consent !== 'string' || !CONSENT_ID.test(consent)) return undefined;
    const approval = await this.#tenant.approvals.findByConsentId(consent);
    return approval?.channel === 'email' ? approval : undefined;
  }

  async #askToLogIn(ctx: Context, approval: Approval): Promise<void> {
    const login = await beginOwnLogin(this.#provider, ctx, {
      owner: this.#owner,
      returnTo: new URL(addressOf(approval), this.#tenant.issuer).href,
      uid: this.#tenant.ids.make('', 43),
      loginHint: approval.userId,
      cookieName: this.#cookieName,
    });
    if (!login) return;
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(loginAddress(this.#tenant, login));
    ctx.status = 303;
  }

  #show(ctx: Context, approval: Approval, session: BrowserSession): void {
    if (session.accountId !== approval.userId) {
      const user = this.#tenant.directory.user(session.accountId);
      this.#send(ctx, 403, 'For somebody else', otherPersonPage(this.#form(approval, session), user));
    } else if (approval.state === 'expired' || this.#isLinkOver(approval)) {
      this.#send(ctx, 410, 'Over', consentEndedPage(approval));
    } else if (approval.state === 'pending') {
      this.#ask(ctx, 200, approval, session);
    } else {
      this.#tell(ctx, 200, approval, false);
    }
  }

  #ask(ctx: Context, status: number, approval: Approval, session: BrowserSession, remark?: string): void {
    const content = consentPage({
      approval,
      nowMs: this.#tenant.clock.now(),
      form: this.#form(approval, session),
      remark,
    });
    this.#send(ctx, status, `${approval.clientName} asks`, content);
  }

  /** What became of the request. @param isTooLate the reader has just tried to answer it again */
  #tell(ctx: Context, status: number, approval: Approval, isTooLate: boolean): void {
    const { resultUrl } = this.#tenant.config.email.template;
    const isApproved = approval.decision?.outcome === 'approved';
    this.#send(
      ctx,
      status,
      isApproved ? 'Approved' : 'Denied',
      consentOutcomePage({ approval, isTooLate, resultUrl }),
    );
  }

  async #submit(ctx: Context, approval: Approval, session: BrowserSession): Promise<void> {
    let form: RequestParameters;
    try {
      form = await readParameters(ctx.req);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendExplanation(ctx, this.#owner, unreadableForm(error));
      return;
    }
    // OWASP CSRF Prevention: the origin, and a token that only a page of this session has.
    const isOwn =
      comesFromOwnPage(ctx, this.#tenant.issuer) &&
      isFormToken(parameter(form, 'csrf'), this.#tenant, session, approval.consentId);
    if (!isOwn) return sendExplanation(ctx, this.#owner, FOREIGN_ANSWER);
    const action = parameter(form, 'action');
    if (action === 'logout') {
      await endSession(this.#provider, ctx);
      return this.#goBack(ctx, approval);
    }
    const isAnswer = action === 'approve' || action === 'deny';
    if (!isAnswer || session.accountId !== approval.userId || this.#isLinkOver(approval)) {
      return this.#show(ctx, approval, session);
    }
    await this.#decide(ctx, approval, session, { isApproval: action === 'approve', form });
  }

  async #decide(
    ctx: Context,
    approval: Approval,
    session: BrowserSession,
    { isApproval, form }: { isApproval: boolean; form: RequestParameters },
  ): Promise<void> {
    const reason = isApproval ? undefined : readReason(form);
    const decided = await this.#tenant.approvals.decide({
      id: approval.id,
      outcome: isApproval ? 'approved' : 'denied',
      by: session.accountId,
      from: 'e-mail link',
      ...(reason === undefined ? {} : { reason }),
      // Binds the answer to what was on the page.
      consentHash: parameter(form, 'consent_hash') ?? '',
    });
    switch (decided.result) {
      case 'decided':
        return this.#goBack(ctx, decided.approval);
      case 'already_decided':
        return this.#tell(ctx, 409, decided.approval, true);
      case 'expired':
        return this.#show(ctx, decided.approval, session);
      case 'changed':
        return this.#ask(
          ctx,
          409,
          decided.approval,
          session,
          'The request is not what you have read. Nothing was decided. Read it again.',
        );
      case 'not_found':
        return sendExplanation(ctx, this.#owner, CONSENT_IS_UNKNOWN);
    }
  }

  /** The same address by GET, so that reloading the page sends nothing again. */
  #goBack(ctx: Context, approval: Approval): void {
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(addressOf(approval));
    ctx.status = 303;
  }

  #isLinkOver(approval: Approval): boolean {
    const { urlLifetimeInSeconds } = this.#tenant.config.email.template;
    const endsAtMs = linkEndsAtMs(approval, urlLifetimeInSeconds);
    return approval.state === 'pending' && this.#tenant.clock.now() >= endsAtMs;
  }

  #form(approval: Approval, session: BrowserSession): { action: string; csrf: string } {
    return { action: addressOf(approval), csrf: makeFormToken(this.#tenant, session, approval.consentId) };
  }

  #send(ctx: Context, status: number, title: string, content: Markup): void {
    sendPage(ctx, status, { title, owner: this.#owner, content, style: CONSENT_STYLE });
  }

  get #owner(): string {
    return this.#tenant.displayName;
  }
}

function addressOf(approval: Approval): string {
  return `${CONSENT_PATH}?consent=${approval.consentId}`;
}

/** One of the offered reasons, or the person's own words. */
function readReason(form: RequestParameters): string | undefined {
  const reason = parameter(form, 'own_reason') ?? parameter(form, 'reason');
  const text = reason?.trim().slice(0, MOST_REASON_CHARACTERS);
  return text === '' ? undefined : text;
}
