// Which request an access token came of, by the token's id (see token-id): an API that reports a call names the token so.
import type { Approval } from '../approvals/index.ts';
import type { Clock } from '../clock.ts';
import { Ring } from '../ring.ts';
import type { Collection, Store } from '../store.ts';
import { tokenIdOf } from '../token-id.ts';

export interface TokenOrigin {
  approval: string;
  name: string;
}

/** Of a process. Nothing but a name in the trace hangs on it, and that of an older request has left the trace before. */
const MOST_TOKENS = 5_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** An API tells of tokens that have ended, too, if not for long. */
const AFTER_ITS_END_MS = DAY_MS;
/** One that says nothing of its end. Longer than tokens of Auth0 live. */
const LONGEST_LIFE_MS = 31 * DAY_MS;

export class IssuedTokens {
  readonly #origins: Collection<TokenOrigin>;
  readonly #clock: Clock;
  readonly #last = new Ring<string>(MOST_TOKENS);

  constructor(store: Store, clock: Clock) {
    this.#origins = store.collection<TokenOrigin>('issued-tokens');
    this.#clock = clock;
  }

  async remember(
    token: string,
    { jti, exp }: Readonly<Record<string, unknown>>,
    { id, name }: Pick<Approval, 'id' | 'name'>,
  ): Promise<void> {
    const tokenId = tokenIdOf(token, typeof jti === 'string' ? jti : undefined);
    const expiresAt =
      typeof exp === 'number' ? exp * 1000 + AFTER_ITS_END_MS : this.#clock.now() + LONGEST_LIFE_MS;
    if (!(await this.#origins.insert(tokenId, { approval: id, name }, { expiresAt }))) return;
    const forgotten = this.#last.add(tokenId);
    if (forgotten !== undefined) await this.#origins.remove(forgotten);
  }

  async originOf(tokenId: string): Promise<TokenOrigin | undefined> {
    return (await this.#origins.get(tokenId))?.value;
  }
}
