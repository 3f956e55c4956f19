import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSystemClock } from '../clock.ts';
import type { Store } from '../store.ts';
import { bankTenant } from './bank-tenant.ts';
import { checkConfig } from './config-check.ts';
import { createMemoryStore } from './memory-store.ts';
import { loadSigningKeys } from './signing-keys.ts';

const config = checkConfig(bankTenant);

const emptyStore = (): Store => createMemoryStore(createSystemClock());

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-keys-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('a key is made once, and kept from other users', async () => {
  const first = await loadSigningKeys(config, join(folder, 'new'), emptyStore());
  expect(await loadSigningKeys(config, join(folder, 'new'), emptyStore())).toEqual(first);
  expect((await stat(join(folder, 'new/signing-key.json'))).mode & 0o077).toBe(0);
});

test('nothing private is published', async () => {
  const { public: published } = await loadSigningKeys(config, undefined, emptyStore());
  expect(published.map((key) => Object.keys(key).sort())).toEqual([
    ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
  ]);
});

test('rotations at the same moment each leave their key, also for the next process', async () => {
  const store = emptyStore();
  const keys = await loadSigningKeys(config, undefined, store);
  await Promise.all([keys.rotate({ keepsOld: true }), keys.rotate({ keepsOld: true })]);
  // Of each of the three kinds the first one, and two more.
  expect(new Set(keys.public.map(({ kid }) => kid)).size).toBe(9);
  expect((await loadSigningKeys(config, undefined, store)).private).toEqual(keys.private);
});

test('rotations by two instances at the same moment build on one another', async () => {
  const store = emptyStore();
  const one = await loadSigningKeys(config, undefined, store);
  const other = await loadSigningKeys(config, undefined, store);
  await Promise.all([one.rotate({ keepsOld: true }), other.rotate({ keepsOld: true })]);
  await Promise.all([one.readAgain(), other.readAgain()]);
  expect(new Set(one.public.map(({ kid }) => kid)).size).toBe(9);
  expect(other.private).toEqual(one.private);
});

test('starts at the same moment on a new folder end up with one key', async () => {
  const all = await Promise.all(
    Array.from({ length: 4 }, () => loadSigningKeys(config, folder, emptyStore())),
  );
  const kept = JSON.parse(await readFile(join(folder, 'signing-key.json'), 'utf8'));
  expect(new Set(all.map((keys) => keys.private[0]?.kid))).toEqual(new Set([kept.kid]));
});

test.each([
  ['truncated', '{"kty":"RSA",'],
  ['empty', ''],
  ['null', 'null'],
  ['an object without members', '{}'],
  ['a symmetric key', '{"kty":"oct","k":"AAAA","kid":"x"}'],
  ['half a key', '{"kty":"RSA","kid":"x","n":"AQAB","e":"AQAB"}'],
])('a kept key that is %s is left alone and explained', async (_what, text) => {
  const file = join(folder, 'signing-key.json');
  await writeFile(file, text);
  await expect(loadSigningKeys(config, folder, emptyStore())).rejects.toMatchObject({
    code: 'signing_key_unusable',
    message: `${file} is not what Assent wrote there.`,
    hint: `Have it made anew: rm ${file}`,
  });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('a folder in the place of the key is explained', async () => {
  await mkdir(join(folder, 'signing-key.json'));
  await expect(loadSigningKeys(config, folder, emptyStore())).rejects.toMatchObject({
    code: 'signing_key_unusable',
    message: expect.stringMatching(/^No signing key could be kept in .*: EISDIR/),
    hint: expect.stringContaining('--data-folder'),
  });
});
