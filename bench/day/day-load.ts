// What a server is asked on an ordinary day: requests at a steady pace, whether the ones before are done or not. Of twenty, twelve
// clients poll, three are pinged and three have their tokens pushed; people take some seconds and say yes. One is denied, and one is
// never answered and ends in its time.
import { setTimeout as wait } from 'node:timers/promises';
import { authorize, pollOnce } from '../compare/load/calls.ts';
import { Connection } from '../compare/load/connection.ts';
import { agentOf, type Target } from '../compare/target.ts';
import type { Callback, CallbackInbox } from './callback-inbox.ts';
import { type Delivery, INTERVAL } from './day-server.ts';

const CONNECTIONS = 8;
/** A little more than the interval: timers and the way there differ. */
const BETWEEN_POLLS_MS = INTERVAL * 1_000 + 100;
const EXPIRY_SECONDS = 20;
/** Far more than a call takes. */
const PATIENCE_MS = 60_000;
/** A server that is so far behind is not asked for more. */
const MOST_AT_ONCE = 2_000;

/** What the client is told at last. CIBA Core §10.1.1, §11. */
const ANSWERS = { approved: 'a token', denied: 'access_denied', expired: 'expired_token' } as const;
type Outcome = keyof typeof ANSWERS;

export class DayLoad {
  readonly #target: Target;
  readonly #inbox: CallbackInbox;
  readonly #connections: readonly Connection[];
  readonly #underWay = new Set<Promise<void>>();
  #begun = 0;
  ended = 0;
  /** The first words of each. */
  readonly errors: string[] = [];

  constructor(target: Target, inbox: CallbackInbox) {
    this.#target = target;
    this.#inbox = inbox;
    this.#connections = Array.from({ length: CONNECTIONS }, () => new Connection(target.url));
  }

  /** Resolves when `signal` says so and what was begun is done. */
  async run(perSecond: number, signal: AbortSignal): Promise<void> {
    const beganAtMs = performance.now();
    while (!signal.aborted) {
      const dueInMs = beganAtMs + (this.#begun * 1_000) / perSecond - performance.now();
      if (dueInMs > 0) await wait(dueInMs, undefined, { signal }).catch(() => undefined);
      else this.#begin();
    }
    await Promise.all(this.#underWay);
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  #begin(): void {
    const number = this.#begun;
    this.#begun += 1;
    if (this.#underWay.size >= MOST_AT_ONCE) {
      this.errors.push(`${MOST_AT_ONCE} cycles are under way, so none was begun`);
      return;
    }
    const cycle = this.#play(number)
      .catch((error: unknown) => {
        this.errors.push(error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.ended += 1;
        this.#underWay.delete(cycle);
      });
    this.#underWay.add(cycle);
  }

  async #play(number: number): Promise<void> {
    const place = number % 20;
    const delivery: Delivery = place < 14 ? 'poll' : place < 17 ? 'ping' : 'push';
    const outcome: Outcome = place === 12 ? 'denied' : place === 13 ? 'expired' : 'approved';
    const { approvers } = this.#target;
    const approver = approvers[number % approvers.length] ?? '';
    const message = `DAY-${number}`;
    const [connection, agent] = [this.#connectionFor(number), agentOf(this.#target, delivery)];
    const authReqId = await authorize(connection, this.#target, agent, {
      ...{ approver, message },
      ...(outcome === 'expired' ? { expirySeconds: EXPIRY_SECONDS } : {}),
      ...(delivery === 'poll' ? {} : { notificationToken: `token-of-${message}` }),
    });
    await Promise.all([
      outcome === 'expired' ? undefined : this.#decide(number, authReqId, outcome),
      delivery === 'push'
        ? this.#takeTokens(authReqId)
        : this.#fetch(number, authReqId, { delivery, outcome }),
    ]);
  }

  /** People take from one second to five. */
  async #decide(number: number, authReqId: string, outcome: Outcome): Promise<void> {
    await wait(1_000 + ((number * 7) % 40) * 100);
    const decision = outcome === 'approved' ? 'approve' : 'deny';
    const reply = await this.#connectionFor(number + 1).post(
      `/control/requests/${authReqId}/decision`,
      JSON.stringify({ decision }),
      'application/json',
    );
    if (reply.status !== 200) throw new Error(`a decision was answered ${reply.status} ${reply.text}`);
  }

  /** A client that is called asks once it is, another one as often as it may. */
  async #fetch(
    number: number,
    authReqId: string,
    { delivery, outcome }: { delivery: Delivery; outcome: Outcome },
  ): Promise<void> {
    const agent = agentOf(this.#target, delivery);
    for (;;) {
      if (delivery === 'ping') await this.#inbox.arrivalOf(authReqId, PATIENCE_MS);
      else await wait(BETWEEN_POLLS_MS);
      const answer = await pollOnce(this.#connectionFor(number), this.#target, agent, authReqId);
      if (answer === ANSWERS[outcome]) return;
      if (answer !== 'authorization_pending')
        throw new Error(`a poll was answered ${answer}, expected ${ANSWERS[outcome]}`);
    }
  }

  async #takeTokens(authReqId: string): Promise<void> {
    const callback: Callback = await this.#inbox.arrivalOf(authReqId, PATIENCE_MS);
    if (callback.access_token === undefined)
      throw new Error(`was pushed ${callback.error}, expected a token`);
  }

  #connectionFor(number: number): Connection {
    const connection = this.#connections[number % CONNECTIONS];
    if (!connection) throw new RangeError(`there is no connection ${number % CONNECTIONS}`);
    return connection;
  }
}
