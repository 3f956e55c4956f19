// Lets an approval work once. A token is a bearer token until it expires, an hour or a day; a transfer must not be
// repeatable for that long. Kept in memory: an API of several processes needs one shared place of the same shape.
// It knows tokens, not approvals: a client that was granted a refresh token gets further tokens with the same details.
// Where that is possible, put an id of the action into the details and let the API's own records know it as well.
import type { VerifiedToken } from './verified-token.ts';

export interface SpentTokens {
  /**
   * Marks the token as spent, in the same instant in which the action happens: after every other check, before the first
   * `await` that follows. The mark stays until the verifier that accepted the token would refuse it, its
   * `clockToleranceSeconds` included, so an expired token that is still taken is not taken twice. Several verifiers that
   * share the marks need the same tolerance.
   *
   * @returns false if it was spent before; refuse the request then
   */
  spend(token: Pick<VerifiedToken, 'id' | 'acceptedUntil'>): boolean;
}

/** @param options.clock time source in milliseconds since the epoch; the computer's when left out */
export function createSpentTokens({ clock = Date }: { clock?: { now(): number } } = {}): SpentTokens {
  const endById = new Map<string, number>();
  return {
    spend({ id, acceptedUntil }) {
      // A token that no verifier accepts any more does not get here, so its mark is no longer needed.
      for (const [spentId, spentEnd] of endById) {
        if (spentEnd < clock.now()) endById.delete(spentId);
      }
      if (endById.has(id)) return false;
      endById.set(id, acceptedUntil);
      return true;
    },
  };
}
