// An agent that speaks plain HTTP: asks, polls, exchanges. Tests change single parameters of a request that would succeed.
import type { TenantConfigInput } from '../src/contract/index.ts';
import { CIBA_GRANT_TYPE } from '../src/contract/index.ts';
import { bankTenant } from '../src/tenant/bank-tenant.ts';
import { type Answer, call } from './http-call.ts';

export interface Asked {
  url: string;
  issuer: string;
  ca?: string | undefined;
}

/** Parameters to change; undefined leaves one out. */
export type Changes = Readonly<Record<string, string | undefined>>;

export const TRANSFERS = 'http://localhost:3000/api/accounts/transfers';

export const TRANSFER = {
  type: 'transfer_funds',
  from: 'checking',
  to: 'Grace Hopper',
  amount: 250,
  currency: 'EUR',
} as const;

/** The bank, without the limits that a test of something else would run into. */
export function unlimitedBank(changes: Partial<TenantConfigInput> = {}): TenantConfigInput {
  return {
    ...bankTenant,
    ...changes,
    ciba: {
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
      ...changes.ciba,
    },
  };
}

export class Agent {
  readonly #server: Asked;
  readonly #credentials: Changes;

  constructor(server: Asked, credentials: Changes = {}) {
    this.#server = server;
    this.#credentials = { client_id: 'aiya', client_secret: 'aiya-secret-not-real', ...credentials };
  }

  /** POST /bc-authorize; succeeds unless a change prevents it. */
  ask(changes: Changes = {}): Promise<Answer> {
    return this.post('/bc-authorize', {
      scope: 'openid create:transfer',
      audience: TRANSFERS,
      binding_message: 'RENT-4K9',
      login_hint: this.hint('auth0|ada'),
      ...changes,
    });
  }

  /** The auth_req_id of a request that must succeed. */
  async askFor(changes: Changes = {}): Promise<string> {
    const answer = await this.ask(changes);
    if (answer.status !== 200) throw new Error(`refused: ${answer.status} ${answer.text}`);
    return answer.json().auth_req_id;
  }

  hint(sub: string, changes: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({ format: 'iss_sub', iss: this.#server.issuer, sub, ...changes });
  }

  /** POST /oauth/token with the CIBA grant. */
  poll(authReqId: string | undefined, changes: Changes = {}, signal?: AbortSignal): Promise<Answer> {
    return this.token({ grant_type: CIBA_GRANT_TYPE, auth_req_id: authReqId, ...changes }, signal);
  }

  token(parameters: Changes, signal?: AbortSignal): Promise<Answer> {
    return this.post('/oauth/token', parameters, {}, signal);
  }

  post(
    path: string,
    parameters: Changes,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...this.#credentials, ...parameters })) {
      if (value !== undefined) form.set(name, value);
    }
    return call(`${this.#server.url}${path}`, {
      method: 'POST',
      body: form.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      ...(this.#server.ca === undefined ? {} : { ca: this.#server.ca }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** Claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}
