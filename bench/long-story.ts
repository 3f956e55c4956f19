// A tenant with a long story, told by an agent over plain HTTP: many requests, and one of them polled thousands of times.
import type { SequencePlan } from './sequence-messages.ts';

const DETAIL = { type: 'transfer_funds', to: 'Grace', amount: '25.00', currency: 'EUR' };
const REQUESTS = 400;
const AT_A_TIME = 4;

export class LongStory {
  readonly #plan: SequencePlan;
  #polled = '';

  constructor(plan: SequencePlan) {
    this.#plan = plan;
  }

  /** Until there are so many events. The first request, `r1`, has most of them. */
  async tell(): Promise<void> {
    this.#polled = await this.ask('LONG-1');
    for (let number = 2; number <= REQUESTS; number += 1) await this.ask(`LONG-${number}`);
    while ((await this.#countEvents()) < this.#plan.events)
      await Promise.all(Array.from({ length: AT_A_TIME }, () => this.#pollOften(50)));
  }

  /** POST /bc-authorize, CIBA Core §7.1. */
  async ask(bindingMessage: string): Promise<string> {
    const { issuer, env } = this.#plan;
    const answer = await this.#post('/bc-authorize', {
      scope: 'openid create:transfer',
      audience: env['AUTH0_AUDIENCE'] ?? '',
      binding_message: bindingMessage,
      login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: 'auth0|ada' }),
      authorization_details: JSON.stringify([DETAIL]),
    });
    const { auth_req_id: id } = (await answer.json()) as { auth_req_id?: string };
    if (id === undefined) throw new Error(`The question was refused with ${answer.status}.`);
    return id;
  }

  /** CIBA Core §10.1. Of the first request, which goes on waiting. */
  async poll(): Promise<void> {
    const grant = 'urn:openid:params:grant-type:ciba';
    const answer = await this.#post('/oauth/token', { grant_type: grant, auth_req_id: this.#polled });
    await answer.arrayBuffer();
  }

  async #pollOften(times: number): Promise<void> {
    for (let done = 0; done < times; done += 1) await this.poll();
  }

  async #countEvents(): Promise<number> {
    const answer = await fetch(`${this.#plan.url}/control/trace?limit=0`);
    return ((await answer.json()) as { last_number: number }).last_number;
  }

  #post(path: string, form: Record<string, string>): Promise<Response> {
    const { url, env } = this.#plan;
    const { AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '' } = env;
    const body = new URLSearchParams({
      client_id: AUTH0_CLIENT_ID,
      client_secret: AUTH0_CLIENT_SECRET,
      ...form,
    });
    return fetch(url + path, { method: 'POST', body });
  }
}
