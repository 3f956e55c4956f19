// Waits for requests on behalf of one test. Each request is handed out once; one that does not fit stays for whoever waits
// for it. When nothing fits in time, the error says what came instead and where it differs.
import type { ApprovalView } from '../contract/index.ts';
import type { ControlClient } from '../control-client.ts';
import { Problem } from '../index.ts';
import { type ExpectedRequest, findRequestDifferences, show } from './differences.ts';
import { ReceivedApproval } from './received-approval.ts';

export interface NextApprovalOptions extends Pick<ExpectedRequest, 'user' | 'client'> {
  /** What else must be right. */
  match?: Pick<ExpectedRequest, 'bindingMessage' | 'details'>;
  /** How long to wait. Default: nearly as long as the test may still run. In milliseconds. */
  timeoutMs?: number;
}

export interface ReceivedApprovalsOptions {
  control: ControlClient;
  /** How long to wait by default. In milliseconds. */
  defaultTimeoutMs(): number;
  /** Number of the last event before the test. Default 0. */
  afterEvent?: number;
}

interface Waiter {
  readonly expected: ExpectedRequest;
  readonly found: PromiseWithResolvers<ApprovalView>;
}

/** Longest wait of one call. In seconds. */
const LONGEST_CALL = 60;

export class ReceivedApprovals {
  readonly #control: ControlClient;
  readonly #defaultTimeoutMs: () => number;
  readonly #afterEvent: number;
  /** Ids of the requests that somebody has. */
  readonly #handedOut = new Set<string>();
  /** In the order of their calls: of two that a request fits, the first gets it. */
  readonly #waiters = new Set<Waiter>();
  /** Ends the search that goes on, so that it begins anew for somebody who came later. */
  #search = new AbortController();
  #isSearching = false;
  #isClosed = false;

  constructor(options: ReceivedApprovalsOptions) {
    this.#control = options.control;
    this.#defaultTimeoutMs = options.defaultTimeoutMs;
    this.#afterEvent = options.afterEvent ?? 0;
  }

  /**
   * The oldest waiting request that fits and that nobody has yet; waits for one.
   *
   * @example
   * const approval = await approvals.nextApproval({ user: 'auth0|ada', match: { details: { to: 'Grace' } } });
   * await approval.approve();
   */
  nextApproval(options: NextApprovalOptions = {}): Promise<ReceivedApproval> {
    const waiting = this.#wait(options);
    // Often begun before the agent asks. A test that fails in between has its own error to report.
    waiting.catch(() => undefined);
    return waiting;
  }

  /** Lets everybody who still waits go. */
  close(): void {
    this.#isClosed = true;
    this.#refuseAll(new Error('The test ended while it waited for a request.'));
    this.#search.abort();
  }

  async #wait({ match, timeoutMs = this.#defaultTimeoutMs(), ...wanted }: NextApprovalOptions) {
    const waiter: Waiter = { expected: { ...wanted, ...match }, found: Promise.withResolvers() };
    const timeOver = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
    const giveUp = (): void => waiter.found.reject(timeOver.reason);
    timeOver.addEventListener('abort', giveUp);
    this.#waiters.add(waiter);
    this.#search.abort();
    this.#searchWhileAwaited();
    try {
      return new ReceivedApproval(this.#control, await waiter.found.promise);
    } catch (error) {
      if (this.#isClosed || error !== timeOver.reason) throw error;
      throw new Error(await this.#explain(waiter.expected, timeoutMs));
    } finally {
      timeOver.removeEventListener('abort', giveUp);
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.#search.abort();
    }
  }

  /** One search for everybody: a request goes to the first whom it fits. */
  #searchWhileAwaited(): void {
    if (this.#isSearching || this.#isClosed) return;
    this.#isSearching = true;
    this.#searchOnce()
      .catch((error: unknown) => {
        if (!this.#search.signal.aborted) this.#refuseAll(error);
      })
      .finally(() => {
        this.#isSearching = false;
        if (this.#waiters.size > 0) this.#searchWhileAwaited();
      });
  }

  /** From the oldest waiting request on, until somebody joins or nobody waits any more. */
  async #searchOnce(): Promise<void> {
    this.#search = new AbortController();
    const { signal } = this.#search;
    for (let after: string | undefined; !signal.aborted; ) {
      const query = after === undefined ? {} : { after };
      let found: ApprovalView | undefined;
      try {
        found = await this.#control.nextApproval({ timeout: LONGEST_CALL, signal, ...query });
      } catch (error) {
        if (after === undefined || !(error instanceof Problem) || error.code !== 'not_found') throw error;
        // The server was put back to a time before it; then all of them are to be looked at.
        after = undefined;
        continue;
      }
      if (found === undefined) continue;
      // Short names begin anew with a reset, ids do not.
      after = found.id;
      if (!this.#handedOut.has(found.id)) this.#handOut(found);
    }
  }

  #handOut(request: ApprovalView): void {
    for (const waiter of this.#waiters) {
      if (findRequestDifferences(request, waiter.expected).length > 0) continue;
      this.#handedOut.add(request.id);
      this.#waiters.delete(waiter);
      waiter.found.resolve(request);
      return;
    }
  }

  #refuseAll(why: unknown): void {
    for (const { found } of this.#waiters) found.reject(why);
    this.#waiters.clear();
  }

  async #explain(expected: ExpectedRequest, timeoutMs: number): Promise<string> {
    const requests = (await this.#control.requests()).reverse();
    const { events } = await this.#control.story({ after: this.#afterEvent });
    const refused = events.filter((event) => event.type === 'request.refused');
    return [
      `Waited ${(timeoutMs / 1000).toFixed(1)} s for a request${describeExpected(expected)}. None came.`,
      ...(requests.length + refused.length === 0
        ? ['Nobody has asked anything. Does the agent ask this server (AUTH0_DOMAIN of assent.env)?']
        : ['What came instead:']),
      ...requests.flatMap((request) => this.#describe(request, expected)),
      ...refused.map(
        ({ client_id: client = 'somebody', error, error_description: why = '', hint }) =>
          `  ✕   ${client} was refused: ${error}, ${why}${hint === undefined ? '' : ` (${hint})`}`,
      ),
    ].join('\n');
  }

  #describe(request: ApprovalView, expected: ExpectedRequest): string[] {
    const { name, state, client, approver, consent, decision } = request;
    const by = decision === undefined ? '' : ` by ${decision.by}, from ${decision.from}`;
    const fate =
      state === 'pending'
        ? this.#handedOut.has(request.id)
          ? ['an earlier nextApproval has it']
          : findRequestDifferences(request, expected)
        : [`it is ${state} already${by}`];
    return [
      `  ${name.padEnd(3)} ${client.name} asks ${approver.name}: ${consent.summary}`,
      ...fate.map((line) => `        ${line}`),
    ];
  }
}

function describeExpected({ user, client, bindingMessage, details }: ExpectedRequest): string {
  return [
    user === undefined ? '' : ` to ${user}`,
    client === undefined ? '' : ` of ${client}`,
    bindingMessage === undefined ? '' : ` with binding message ${show(bindingMessage)}`,
    details === undefined
      ? ''
      : ` with details that ${typeof details === 'function' ? 'a function accepts' : `fit ${show(details)}`}`,
  ].join('');
}
