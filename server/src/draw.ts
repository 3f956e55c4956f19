// Chance that can be repeated. A draw has no state: it follows from the seed of the tenant and from what it is about, so
// that neither the order of events nor a restart changes it.
import { createHash } from 'node:crypto';

/**
 * A number from 0 to below 1, the same for the same seed and subject, and unlike that of any other.
 *
 * @param subject what is drawn for, such as a rule and the name of a request
 */
export function draw(seed: string, ...subject: readonly string[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...subject]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
