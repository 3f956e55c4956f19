import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSystemClock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { createMemoryStore } from '../../tenant/index.ts';
import { loadVapidKeys } from './vapid-keys.ts';

const emptyStore = (): Store => createMemoryStore(createSystemClock());

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-vapid-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('a key is made once and kept, readable by its owner alone', async () => {
  const inside = join(folder, 'new');
  const keys = await loadVapidKeys(inside, emptyStore());
  expect(keys.publicKey).toMatch(/^B[\w-]{86}$/);
  expect(await loadVapidKeys(inside, emptyStore())).toEqual(keys);
  expect((await stat(join(inside, 'vapid-key.json'))).mode & 0o777).toBe(0o600);
});

test('processes that start at once agree on one key, and leave no drafts', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => loadVapidKeys(folder, emptyStore())));
  expect(new Set(all.map(({ publicKey }) => publicKey)).size).toBe(1);
  expect(await readdir(folder)).toEqual(['vapid-key.json']);
});

test('without a folder every start has its own', async () => {
  const [one, two] = [
    await loadVapidKeys(undefined, emptyStore()),
    await loadVapidKeys(undefined, emptyStore()),
  ];
  expect(one.publicKey).not.toBe(two.publicKey);
});

test('a file that holds something else is named, not replaced', async () => {
  const file = join(folder, 'vapid-key.json');
  for (const text of ['', '{}', '{"publicKey":"B","privateKey":"x"}']) {
    await writeFile(file, text);
    await expect(loadVapidKeys(folder, emptyStore())).rejects.toThrow(file);
    expect(await readFile(file, 'utf8')).toBe(text);
  }
});
