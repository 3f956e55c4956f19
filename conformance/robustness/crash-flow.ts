// One request from beginning to end, by a client that polls, is pinged or has its tokens pushed, whoever is killed meanwhile:
// asks, is decided by the control API or a device, at times by two who disagree, and redeems, at times more than once at a time.

import type { ApproverDevice } from '../client/approver-device.ts';
import type { CallbackReceiver } from '../client/callback-receiver.ts';
import type { Answer } from '../client/exchange.ts';
import { newJti } from '../client/jwt.ts';
import type { RelyingParty } from '../client/relying-party.ts';
import { PAYMENT, PAYMENTS_API } from '../lab/people.ts';
import type { Ledger, Outcome, Promised } from './ledger.ts';
import { CUT_OFF, type Persistence, rest } from './persistence.ts';
import type { Random } from './random.ts';

export interface FlowParts {
  ledger: Ledger;
  persistence: Persistence;
  random: Random;
  clients: ReadonlyMap<Promised['delivery'], RelyingParty>;
  callbacks: CallbackReceiver;
  device: ApproverDevice;
  /** POST of JSON to the control API. */
  control: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>;
}

export interface FlowPlan {
  delivery?: Promised['delivery'];
  bindingMessage?: string;
  outcome?: Outcome;
}

const DELIVERIES = ['poll', 'ping', 'push'] as const;

export class CrashFlow {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /**
   * @param plan what chance would choose otherwise
   * @returns whether its client came to the end: one whose request was cut off does not
   */
  async run(plan: FlowPlan = {}): Promise<boolean> {
    const { random, ledger } = this.#parts;
    const { delivery = random.pick(DELIVERIES), bindingMessage = `R-${newJti().slice(0, 8)}` } = plan;
    const promised = await this.#ask(delivery, bindingMessage);
    if (!promised) return false;
    if (delivery !== 'push' && random.chance(0.5)) await this.#pollWhilePending(promised);
    await this.#decide(promised, plan.outcome);
    if (delivery === 'push') await this.#awaitPush(promised);
    else {
      if (delivery === 'ping') await this.#parts.callbacks.arrival(promised.authReqId);
      await this.#redeem(promised);
    }
    promised.isOver = true;
    ledger.flows += 1;
    return true;
  }

  /** Undefined when the answer was cut off: then nobody was promised anything. */
  async #ask(delivery: Promised['delivery'], bindingMessage: string): Promise<Promised | undefined> {
    const { persistence, random, ledger } = this.#parts;
    const client = this.#client(delivery);
    const details = random.chance(0.6) ? [this.#payment()] : undefined;
    const answer = await persistence.once('a request', () =>
      client.ask({
        binding_message: bindingMessage,
        ...(delivery === 'poll' ? {} : { client_notification_token: `token-of-${newJti()}` }),
        ...(details === undefined
          ? {}
          : { audience: PAYMENTS_API, authorization_details: JSON.stringify(details) }),
      }),
    );
    if (answer === CUT_OFF) return undefined;
    if (answer.status === 200)
      return ledger.promise({ authReqId: answer.json().auth_req_id, delivery, bindingMessage, details });
    ledger.object(`a request was answered ${answer.status}: ${answer.text}`);
    return undefined;
  }

  async #pollWhilePending(promised: Promised): Promise<void> {
    const answer = await this.#parts.persistence.once('a poll', () =>
      this.#client(promised.delivery).poll(promised.authReqId),
    );
    if (answer === CUT_OFF) return;
    const { error } = answer.json();
    if (error !== 'authorization_pending' && error !== 'slow_down')
      this.#object(promised, `a poll before any decision was answered ${answer.status}: ${answer.text}`);
  }

  /** Most requests have one decider, some two who disagree. */
  async #decide(promised: Promised, planned?: Outcome): Promise<void> {
    const { random } = this.#parts;
    const drawn: Outcome = random.chance(0.8) ? 'approved' : 'denied';
    const outcome = planned ?? drawn;
    // Two who disagree may end as either.
    const isDisputed = random.chance(0.25) && planned === undefined;
    const byDevice = random.chance(0.5);
    const other: Outcome = outcome === 'approved' ? 'denied' : 'approved';
    await Promise.all([
      byDevice ? this.#decideByDevice(promised, outcome) : this.#decideByControl(promised, outcome),
      ...(isDisputed ? [this.#decideByControl(promised, other)] : []),
    ]);
  }

  async #decideByControl(promised: Promised, outcome: Outcome): Promise<void> {
    const { ledger, persistence, control } = this.#parts;
    promised.attempted.add(outcome);
    const answer = await persistence.until('a decision', () =>
      control('POST', `/control/requests/${promised.authReqId}/decision`, {
        decision: outcome === 'approved' ? 'approve' : 'deny',
        from: 'control API',
      }),
    );
    if (answer.status !== 200 && answer.status !== 409)
      return this.#object(promised, `a decision was answered ${answer.status}: ${answer.text}`);
    const { result, approval } = answer.json();
    ledger.decided(promised, approval.decision?.outcome, result === 'decided');
  }

  /** What a device gets back says less, so what counts is read. */
  async #decideByDevice(promised: Promised, outcome: Outcome): Promise<void> {
    const { ledger, persistence, control, device } = this.#parts;
    const read = (): Promise<Answer> =>
      persistence.until('reading a request', () => control('GET', `/control/requests/${promised.authReqId}`));
    const seen = await read();
    if (seen.status !== 200) return this.#object(promised, `was read as ${seen.status}: ${seen.text}`);
    promised.attempted.add(outcome);
    const answer = await persistence.until('a decision', () =>
      device.decide(seen.json(), outcome === 'approved'),
    );
    const decided = (await read()).json().decision?.outcome;
    const isOwn = answer.status < 300;
    if (decided === undefined || (isOwn && decided !== outcome)) {
      const text = `a device that has ${outcome} it was answered ${answer.status} ${answer.text}`;
      return this.#object(promised, `${text}, and it is ${decided ?? 'undecided'}`);
    }
    ledger.decided(promised, decided, isOwn);
  }

  async #redeem(promised: Promised): Promise<void> {
    const { random } = this.#parts;
    promised.isAskedFor = true;
    const atOnce = random.chance(0.2) ? 3 : 1;
    const redeemOne = async (): Promise<void> => {
      while (!(await this.#redeemOnce(promised))) await rest();
    };
    await Promise.all(Array.from({ length: atOnce }, redeemOne));
    if (promised.decision === 'approved' && promised.tokens.length + promised.redemptionsCutOff === 0)
      this.#object(promised, 'was approved, and gave nobody its tokens');
    // Again, when it is spent.
    if (random.chance(0.3)) await redeemOne();
  }

  /** Whether this asking has come to an end. */
  async #redeemOnce(promised: Promised): Promise<boolean> {
    const { ledger, persistence } = this.#parts;
    const { decision, authReqId } = promised;
    const answer = await persistence.once('a redemption', () =>
      this.#client(promised.delivery).poll(authReqId),
    );
    if (answer === CUT_OFF) {
      promised.redemptionsCutOff += 1;
      return false;
    }
    if (answer.status === 200) {
      this.#checkDetails(promised, answer.json());
      ledger.received(promised, answer.json().access_token);
      return true;
    }
    const { error } = answer.json();
    if (error === 'access_denied') {
      if (decision !== 'denied') this.#object(promised, `was ${decision}, and is refused as denied`);
      return true;
    }
    if (error !== 'invalid_grant')
      this.#object(promised, `was ${decision}, and a poll was answered ${answer.text}`);
    return true;
  }

  /** RFC 9396 §7: the token answer says what was granted. */
  #checkDetails(promised: Promised, answer: { authorization_details?: unknown }): void {
    const granted = JSON.stringify(answer.authorization_details);
    if (granted !== JSON.stringify(promised.details))
      this.#object(promised, `asked for other authorization details than it was granted: ${granted}`);
  }

  async #awaitPush(promised: Promised): Promise<void> {
    const [callback] = await this.#parts.callbacks.arrival(promised.authReqId);
    const body = callback?.json();
    const { decision } = promised;
    if (body.access_token !== undefined) {
      if (decision !== 'approved') this.#object(promised, `was ${decision}, and tokens were pushed`);
      this.#parts.ledger.received(promised, body.access_token);
    } else if (decision !== 'denied' || body.error !== 'access_denied') {
      this.#object(promised, `was ${decision}, and this was pushed: ${callback?.text}`);
    }
  }

  #payment(): unknown {
    const { random } = this.#parts;
    return {
      ...PAYMENT,
      instructedAmount: { currency: 'EUR', amount: `${random.below(10_000)}.00` },
    };
  }

  #client(delivery: Promised['delivery']): RelyingParty {
    const client = this.#parts.clients.get(delivery);
    if (!client) throw new Error(`no client of the kind ${delivery}`);
    return client;
  }

  #object({ authReqId }: Promised, text: string): void {
    this.#parts.ledger.object(`${authReqId}: ${text}`);
  }
}
