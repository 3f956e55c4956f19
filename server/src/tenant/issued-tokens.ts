// Which request an access token came of, by the token's id (see token-id): an API that reports a call names the token so.
import type { Approval } from '../approvals/index.ts';
import type { Clock } from '../clock.ts';
import type { Collection, Store } from '../store.ts';
import { tokenIdOf } from '../token-id.ts';

export interface TokenOrigin {
  approval: string;
  name: string;
}

/** Longer than tokens of Auth0 live. */
const REMEMBERED_MS = 31 * 24 * 60 * 60 * 1000;

export class IssuedTokens {
  readonly #origins: Collection<TokenOrigin>;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#origins = store.collection<TokenOrigin>('issued-tokens');
    this.#clock = clock;
  }

  async remember(token: string, jti: unknown, { id, name }: Pick<Approval, 'id' | 'name'>): Promise<void> {
    await this.#origins.insert(
      tokenIdOf(token, typeof jti === 'string' ? jti : undefined),
      { approval: id, name },
      { expiresAt: this.#clock.now() + REMEMBERED_MS },
    );
  }

  async originOf(tokenId: string): Promise<TokenOrigin | undefined> {
    return (await this.#origins.get(tokenId))?.value;
  }
}
