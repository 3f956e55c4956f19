// One variant of the plan against a started server: two clients that are held to FAPI-CIBA, and one test per module, titled with
// its name. The person answers by the address that the Foundation's suite would call.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Answer } from '../client/exchange.ts';
import { newJti } from '../client/jwt.ts';
import type { Kind } from '../lab/clients.ts';
import { Lab } from '../lab/lab.ts';
import { ADA } from '../lab/people.ts';
import { type Module, modulesOf, titleOf, type Variant } from './modules.ts';
import { Participant, type ParticipantOptions } from './participant.ts';

/** What a module does. Resolves where the server passes. */
export type Check = (plan: Plan) => Promise<void>;
export type Checks = Readonly<Record<string, Check>>;

const FAPI = { fapi_ciba: true, tls_client_certificate_bound_access_tokens: true };
const SCOPE = 'openid offline_access';
/** A notification token as long as one may be: CIBA Core §7.1. */
const LONG_TOKEN = newJti().repeat(30).slice(0, 1024);

export class Plan implements AsyncDisposable {
  readonly lab: Lab;
  readonly variant: Variant;
  readonly first: Participant;
  readonly second: Participant;

  private constructor(lab: Lab, variant: Variant) {
    this.lab = lab;
    this.variant = variant;
    this.first = this.#participant('first', {});
    const acr = lab.provider.list('acr_values_supported')[0];
    this.second = this.#participant('second', {
      assertsTo: 'token_endpoint',
      requestHeader: { typ: 'OautH-auThZ-REQ+jWt' },
      claims: () => ({
        requested_expiry: 300,
        ...(acr === undefined ? {} : { acr_values: acr }),
        ...(variant.mode === 'ping' ? { client_notification_token: LONG_TOKEN } : {}),
      }),
    });
  }

  static async start(variant: Variant): Promise<Plan> {
    const kind: Kind = {
      method: variant.clientAuth === 'mtls' ? 'tls_client_auth' : 'private_key_jwt',
      delivery: variant.mode,
      profiles: ['standard'],
    };
    const kinds = {
      first: { ...kind, alg: 'PS256', members: { ...FAPI, id_token_signed_response_alg: 'PS256' as const } },
      second: { ...kind, alg: 'ES256', members: { ...FAPI, id_token_signed_response_alg: 'ES256' as const } },
    };
    const lab = await Lab.start({ profile: 'standard', dataFolder: inject('conformanceFolder'), kinds });
    return new Plan(lab, variant);
  }

  /** Where the plan presents its tokens. */
  get resource(): string {
    return this.lab.provider.endpoint('userinfo_endpoint', { mtls: true });
  }

  /** What `automated_ciba_approval_url` of the Foundation's suite leads to. */
  async answerForPerson(authReqId: string, action: 'allow' | 'deny'): Promise<void> {
    const query = new URLSearchParams({ auth_req_id: authReqId, action });
    const answer = await this.lab.provider.exchange.send(
      `${this.lab.url}/control/automated-approval?${query}`,
      { method: 'POST' },
    );
    expect(answer.status, answer.text).toBe(200);
  }

  /** Polls after a pause that no interval exceeds. */
  async pollLater(client: Participant, authReqId: string): Promise<Answer> {
    await this.lab.advance(10_000);
    return client.poll(authReqId);
  }

  /** Resolves once the client would ask for its tokens: at once, or after the notification. */
  async untilToldOf(authReqId: string): Promise<void> {
    if (this.variant.mode === 'ping') await this.lab.callbacks.arrival(authReqId);
    else await this.lab.advance(10_000);
  }

  /** Path at which a client is notified. */
  pathOf(client: Participant): string {
    return client === this.first ? '/first' : '/second';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.first[Symbol.asyncDispose]();
    await this.second[Symbol.asyncDispose]();
    await this.lab[Symbol.asyncDispose]();
  }

  #participant(name: string, options: Omit<ParticipantOptions, 'provider' | 'identity' | 'baseline'>) {
    return new Participant({
      provider: this.lab.provider,
      identity: this.lab.registered(name),
      baseline: () => ({
        scope: SCOPE,
        login_hint: this.lab.hint(ADA),
        binding_message: '1234',
        ...(this.variant.mode === 'ping' ? { client_notification_token: newJti() } : {}),
      }),
      ...options,
    });
  }
}

/** @param checks by the name of the module */
export function runPlan(variant: Variant, checks: Checks): void {
  describe(titleOf(variant), () => {
    let plan: Plan;
    beforeAll(async () => {
      plan = await Plan.start(variant);
    });
    afterAll(() => plan[Symbol.asyncDispose]());
    test.each(modulesOf(variant).map((module): [string, Module] => [module.name, module]))(
      '%s',
      async (name) => {
        const check = checks[name];
        if (!check) throw new Error(`${name} has no check`);
        await check(plan);
      },
    );
  });
}
