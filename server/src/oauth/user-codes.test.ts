// Guesses at a user code that come all at once. What one sees of the others depends on how long the store takes, so here all of them
// have looked before any has written.
import { expect, test } from 'vitest';
import { createManualClock, createMovableClock } from '../clock.ts';
import type { ClientConfig, UserConfig } from '../contract/index.ts';
import type { Collection, Store } from '../store.ts';
import { createMemoryStore } from '../tenant/index.ts';
import { checkUserCode } from './user-codes.ts';

const CLIENT = { client_id: 'call-centre', backchannel_user_code_parameter: true } as ClientConfig;
const GRACE = { user_id: 'bank|grace', user_code: '4711' } as UserConfig;

/** Whoever looks into `name` gets no answer before `many` have looked. */
function answeringTogether(store: Store, name: string, many: number): Store {
  const { promise: allHaveLooked, resolve } = Promise.withResolvers<void>();
  let looks = 0;
  return {
    ...store,
    collection<T>(of: string): Collection<T> {
      const collection = store.collection<T>(of);
      if (of !== name) return collection;
      return {
        async get(id) {
          const found = await collection.get(id);
          looks += 1;
          if (looks === many) resolve();
          await allHaveLooked;
          return found;
        },
        insert: (id, value, options) => collection.insert(id, value, options),
        replace: (id, version, value, options) => collection.replace(id, version, value, options),
        remove: (id) => collection.remove(id),
        findBy: (key, value) => collection.findBy(key, value),
        list: () => collection.list(),
        newest: (...words) => collection.newest(...words),
        orderOf: (...words) => collection.orderOf(...words),
      };
    },
  };
}

test('the right one among many that come at once is one of five, too', async () => {
  const clock = createMovableClock(createManualClock(1_000_000));
  const store = answeringTogether(createMemoryStore(clock), 'user-code-failures', 20);
  const codes = Array.from({ length: 20 }, (_, n) => (n === 12 ? '4711' : String(n)));
  const outcomes = await Promise.all(
    codes.map((code) =>
      checkUserCode({ store, clock }, CLIENT, GRACE, code).then(
        () => 'right',
        (refusal: { error: string }) => refusal.error,
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'invalid_user_code')).toHaveLength(5);
  expect(outcomes[12]).toBe('access_denied');
});
