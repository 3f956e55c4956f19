// By which instances notice that they take different control tokens. It lies in the store, so it is made slowly, with a salt, and is
// so short that of all the tokens that somebody may try one in 65,536 has it: it tells next to nothing of the right one.
import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Ids } from '../ids.ts';
import { provide, type Store } from '../store.ts';

const BYTES = 2;

/** @param token undefined: whoever gets there may call */
export async function markOfToken(
  token: string | undefined,
  store: Pick<Store, 'collection'>,
  ids: Ids,
): Promise<string> {
  if (token === undefined) return 'none';
  const salts = store.collection<{ text: string }>('secrets');
  const { text } = await provide(salts, 'control-token-mark', () => ({ text: ids.make('', 43) }));
  const mark = (await promisify(scrypt)(token, text, BYTES)) as Buffer;
  return mark.toString('hex');
}
