// User codes: a secret that a person gives to clients of their choice, so that nobody else can have them asked. CIBA Core §7.1.2.
// Guessing is bounded: a client that was wrong too often about a person is refused for a while, also with the right code.
// Whoever may register clients has as many as they like, so registered ones count as one.
// What is kept is in the tenant's time and in its store, so that neither a restart nor a second process forgets it.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ClientConfig, UserConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { Refusal } from './refusal.ts';
import { isRegistered } from './registrations.ts';

/** Wrong codes after which a client has to wait, and for how long. A wrong code is forgotten after the same time. */
const MOST_FAILURES = 5;
const LOCK_MS = 15 * 60_000;

interface Failures {
  atMs: number[];
}

/**
 * @throws Refusal `missing_user_code`, `invalid_user_code`, or `access_denied` while the client has to wait
 */
export async function checkUserCode(
  tenant: Pick<Tenant, 'store' | 'clock'>,
  client: ClientConfig,
  user: UserConfig,
  received: string | undefined,
): Promise<void> {
  const { user_code: expected } = user;
  if (expected === undefined) return;
  // A client of the tenant is trusted to ask people or not; one that nobody has chosen cannot choose to do without.
  const isOfAnybody = await isRegistered(tenant, client.client_id);
  if (!isOfAnybody && !client.backchannel_user_code_parameter) return;
  if (received === undefined)
    throw new Refusal(400, 'missing_user_code', 'user_code is required for this user');
  const isRight = isSame(received, expected);
  const failures = tenant.store.collection<Failures>('user-code-failures');
  // A registered client may remove itself and come again as another one, so guesses of all of them count together.
  const guesser = isOfAnybody ? null : client.client_id;
  const id = createHash('sha256')
    .update(JSON.stringify([guesser, user.user_id]))
    .digest('base64url');
  for (;;) {
    const nowMs = tenant.clock.now();
    const found = await failures.get(id);
    const recent = (found?.value.atMs ?? []).filter((atMs) => atMs > nowMs - LOCK_MS);
    if (recent.length >= MOST_FAILURES) throw tooManyFailures(recent, nowMs);
    const value: Failures = { atMs: isRight ? [] : [...recent, nowMs] };
    const options = { expiresAt: nowMs + LOCK_MS };
    // Of guesses that come at once each counts, before it is known whether it is right: one that only looked, and found nobody wrong
    // yet, would be as good as all that came with it.
    const isWritten = found
      ? await failures.replace(id, found.version, value, options)
      : await failures.insert(id, value, options);
    if (!isWritten) continue;
    if (isRight) return;
    throw new Refusal(400, 'invalid_user_code', 'user_code is wrong');
  }
}

function tooManyFailures([first = 0]: readonly number[], nowMs: number): Refusal {
  const waitSeconds = Math.ceil((first + LOCK_MS - nowMs) / 1000);
  return new Refusal(
    403,
    'access_denied',
    `user_code was wrong ${MOST_FAILURES} times. Try again in ${waitSeconds} seconds`,
    'assent clock advance 15m puts the time of the tenant forward',
    { 'retry-after': String(waitSeconds) },
  );
}

/** Takes the same time wherever they differ. */
function isSame(received: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(received), digest(expected));
}
