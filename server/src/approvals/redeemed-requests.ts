// Which requests were redeemed here last. Nothing can come of them any more, so of those alone not all are remembered for the whole
// retention: a server that is asked all day long would keep nothing else. Owned by the approvals.
import type { Approval } from './approval.ts';

export const MOST_REDEEMED = 10_000;

type Redeemed = Pick<Approval, 'id' | 'authReqId'>;

export class RedeemedRequests {
  /** A ring, whose oldest entry is at `#oldest` once it is full. */
  readonly #requests: Redeemed[] = [];
  #oldest = 0;

  /** The one that is to be forgotten for it; undefined while there is room. */
  add({ id, authReqId }: Redeemed): Redeemed | undefined {
    const leaving = this.#requests[this.#oldest];
    this.#requests[this.#oldest] = { id, authReqId };
    this.#oldest = (this.#oldest + 1) % MOST_REDEEMED;
    return leaving;
  }
}
