// The program that asks, over plain HTTP, as any OAuth client would.
import type { APIRequestContext } from '@playwright/test';
import type { RunningAssent } from 'assent';
import { ADA, TRANSFER, TRANSFERS_API } from './tenant.ts';

export interface Question {
  userId?: string;
  bindingMessage?: string;
  details?: readonly object[];
  audience?: string;
  scope?: string;
  expiresInSeconds?: number;
}

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
}

export class Agent {
  readonly #http: APIRequestContext;
  readonly #assent: RunningAssent;

  constructor(http: APIRequestContext, assent: RunningAssent) {
    this.#http = http;
    this.#assent = assent;
  }

  /** POST /bc-authorize. CIBA Core §7.1. */
  async ask(question: Question = {}): Promise<{ authReqId: string }> {
    const { userId = ADA, bindingMessage = 'RENT-4K9', details = [TRANSFER], expiresInSeconds } = question;
    const { audience = TRANSFERS_API, scope = 'openid create:transfer' } = question;
    const { status, body } = await this.#post('/bc-authorize', {
      scope,
      audience,
      binding_message: bindingMessage,
      login_hint: JSON.stringify({ format: 'iss_sub', iss: this.#assent.issuer, sub: userId }),
      ...(details.length === 0 ? {} : { authorization_details: JSON.stringify(details) }),
      ...(expiresInSeconds === undefined ? {} : { requested_expiry: String(expiresInSeconds) }),
    });
    if (status !== 200) throw new Error(`The question was refused: ${JSON.stringify(body)}`);
    return { authReqId: String(body['auth_req_id']) };
  }

  /** POST /oauth/token. CIBA Core §10.1. */
  poll({ authReqId }: { authReqId: string }): Promise<TokenAnswer> {
    return this.#post('/oauth/token', {
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id: authReqId,
    });
  }

  async #post(path: string, form: Record<string, string>): Promise<TokenAnswer> {
    const { AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '' } = this.#assent.env;
    const response = await this.#http.post(`${this.#assent.url}${path}`, {
      form: { client_id: AUTH0_CLIENT_ID, client_secret: AUTH0_CLIENT_SECRET, ...form },
    });
    return { status: response.status(), body: (await response.json()) as Record<string, unknown> };
  }
}
