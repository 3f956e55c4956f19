// One request in the hands of a test: what it asks, and the person's answer. Made by ReceivedApprovals.
import type { ApprovalView, AuthorizationDetail, DecisionResult, TraceEvent } from '../contract/index.ts';
import type { ControlClient } from '../control-client.ts';

export class ReceivedApproval {
  readonly #control: ControlClient;
  /** Everything that was asked, as it stood when the request came. */
  readonly request: ApprovalView;

  constructor(control: ControlClient, request: ApprovalView) {
    this.#control = control;
    this.request = request;
  }

  get id(): string {
    return this.request.id;
  }
  /** Short name: `r1`. */
  get name(): string {
    return this.request.name;
  }
  /** `user_id` of the person who is asked. */
  get user(): string {
    return this.request.approver.user_id;
  }
  /** `client_id` of the program that asks. */
  get client(): string {
    return this.request.client.client_id;
  }
  get bindingMessage(): string {
    return this.request.binding_message;
  }
  /** The `authorization_details`; none is an empty list. */
  get details(): readonly AuthorizationDetail[] {
    return this.request.authorization_details ?? [];
  }
  /** One line, as the person reads it: `Transfer 250.00 EUR to Grace`. */
  get summary(): string {
    return this.request.consent.summary;
  }

  /**
   * Resolves once the next poll of the client gets its tokens.
   *
   * @param grantedDetails what is granted, where the types let it differ from what was asked (`approver_may`)
   * @throws Error when somebody else was first, or its time was over
   */
  async approve(grantedDetails?: readonly AuthorizationDetail[]): Promise<void> {
    this.#check(await this.#control.approve(this.id, grantedDetails), 'approve');
  }

  /** Resolves once the next poll of the client is told `access_denied`. The reason goes to the trace. */
  async deny(reason?: string): Promise<void> {
    this.#check(await this.#control.deny(this.id, reason), 'deny');
  }

  /** Lets it expire now: the next poll of the client is told that nobody answered in time. */
  async expire(): Promise<void> {
    const { state } = await this.#control.expire(this.id);
    if (state !== 'expired') throw new Error(`${this.name} cannot expire any more: it is ${state}.`);
  }

  /** The story of this request, oldest first. */
  trace(): Promise<TraceEvent[]> {
    return this.#control.trace(this.id);
  }

  #check({ result, approval }: DecisionResult, wish: 'approve' | 'deny'): void {
    if (result === 'decided') return;
    const { state, decision } = approval;
    const by = decision === undefined ? '' : ` by ${decision.by}, from ${decision.from}, at ${decision.at}`;
    throw new Error(`${this.name} cannot be decided any more (${wish}): it is ${state}${by}.`);
  }
}
