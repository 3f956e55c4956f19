// One transaction for each push to a Guardian device, and for each answer of a browser: the token that opens the consent and
// carries the answer, and the challenge that the answer must sign. Only a hash of the token is kept.
import { createHash } from 'node:crypto';
import type { Approval, ApprovalId } from '../approvals/index.ts';
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';

export interface Transaction {
  approvalId: ApprovalId;
  deviceId: string;
  challenge: string;
  startedAtMs: number;
}

const TOKEN_LENGTH = 64;
const CHALLENGE_LENGTH = 43;

export class Transactions {
  readonly #tenant: Tenant;
  readonly #transactions: Collection<Transaction>;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#transactions = tenant.store.collection<Transaction>('guardian-transactions');
  }

  async open(approval: Approval, deviceId: string): Promise<Transaction & { token: string }> {
    const { ids, clock, config } = this.#tenant;
    const token = ids.make('', TOKEN_LENGTH);
    const transaction: Transaction = {
      approvalId: approval.id,
      deviceId,
      challenge: ids.make('', CHALLENGE_LENGTH),
      startedAtMs: clock.now(),
    };
    // Kept after the end, so that a late answer is told that it is late.
    const expiresAt = approval.expiresAtMs + config.ciba.retention * 1000;
    await this.#transactions.insert(hashOf(token), transaction, { expiresAt });
    return { ...transaction, token };
  }

  async find(token: string): Promise<Transaction | undefined> {
    return (await this.#transactions.get(hashOf(token)))?.value;
  }

  /** Ends it; of several callers one is told that it did. */
  async spend(token: string): Promise<boolean> {
    return this.#transactions.remove(hashOf(token));
  }
}

/** base64url of SHA-256: what is kept of a secret, and `ath` of RFC 9449 §4.2. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
