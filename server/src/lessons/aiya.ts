// Plays Aiya, the agent of the lab, with the credentials of the tenant's own application and over the wire, so that every answer
// is what an agent gets. Keeps what went to and fro, redacted, for whoever asked for the try.
import { CIBA_GRANT_TYPE, type LessonTrial, MANAGEMENT_API } from '../contract/index.ts';
import { describeCall } from '../exchange/index.ts';
import type { JsonObject } from '../json-object.ts';
import { callOwnServer, type OwnAnswer, type OwnCall, type OwnServer } from '../own-call.ts';
import { BANK_API_PATH } from './bank-api.ts';
import { audienceOf, type Subject, TRANSFER_SCOPE } from './subject.ts';

/** What is asked for: the words of the two sides, and the content. */
export interface Wish {
  bindingMessage?: string;
  /** JSON, as it is sent. */
  authorizationDetails?: string;
  /** False asks for a login alone. */
  forApi: boolean;
  expiresInSeconds: number;
}

/** Of a request that nobody needs to answer: it ends by itself. */
export const BRIEF_SECONDS = 60;
/** The words of what a step tries by itself. */
export const TRIAL_MESSAGE = 'LESSON-6';

export class Aiya {
  readonly exchanges: LessonTrial['exchanges'] = [];
  readonly #subject: Subject;
  readonly #server: OwnServer;

  constructor(subject: Subject, server: OwnServer) {
    this.#subject = subject;
    this.#server = server;
  }

  ask({
    bindingMessage = TRIAL_MESSAGE,
    authorizationDetails,
    forApi,
    expiresInSeconds,
  }: Wish): Promise<OwnAnswer> {
    const { tenant, person } = this.#subject;
    return this.#post('Aiya asks for approval', '/bc-authorize', {
      scope: forApi ? `openid ${TRANSFER_SCOPE}` : 'openid',
      ...(forApi
        ? { audience: audienceOf(this.#subject) }
        : { audience: new URL('userinfo', tenant.issuer).href }),
      binding_message: bindingMessage,
      login_hint: JSON.stringify({ format: 'iss_sub', iss: tenant.issuer, sub: person.user_id }),
      requested_expiry: String(expiresInSeconds),
      ...(authorizationDetails === undefined ? {} : { authorization_details: authorizationDetails }),
    });
  }

  poll(authReqId: string): Promise<OwnAnswer> {
    return this.#post('Aiya asks for the token', '/oauth/token', {
      grant_type: CIBA_GRANT_TYPE,
      auth_req_id: authReqId,
    });
  }

  /** Path of the page that enrols a device; undefined where the tenant lets Aiya have none. */
  async enrol(): Promise<string | undefined> {
    const { tenant, person } = this.#subject;
    const answer = await this.#post('Aiya gets a token for the Management API', '/oauth/token', {
      grant_type: 'client_credentials',
      audience: MANAGEMENT_API.replace('{issuer}', tenant.issuer),
    });
    const token = answer.body['access_token'];
    if (typeof token !== 'string') return undefined;
    const ticket = await this.#send('Aiya asks for an enrolment ticket', {
      method: 'POST',
      path: '/api/v2/guardian/enrollments/ticket',
      headers: { authorization: `Bearer ${token}` },
      body: { user_id: person.user_id, factor: 'push-notification', send_mail: false },
    });
    const url = URL.parse(String(ticket.body['ticket_url']));
    return url === null ? undefined : `${url.pathname}${url.search}`;
  }

  /** @param token undefined: the tool has not asked anybody */
  transfer(transfer: JsonObject, token?: string): Promise<OwnAnswer> {
    return this.#send('The tool calls the bank', {
      method: 'POST',
      path: BANK_API_PATH,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      body: transfer,
    });
  }

  #post(title: string, path: string, parameters: Readonly<Record<string, string>>): Promise<OwnAnswer> {
    const { client_id: clientId, client_secret: secret } = this.#subject.client;
    const body = new URLSearchParams({ ...parameters, client_id: clientId, client_secret: secret });
    return this.#send(title, { method: 'POST', path, body });
  }

  async #send(title: string, call: OwnCall): Promise<OwnAnswer> {
    const answer = await callOwnServer(this.#server, call);
    this.exchanges.push({ title, exchange: describeCall(call, answer) });
    return answer;
  }
}
