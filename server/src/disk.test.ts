import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimFile, makeFolder } from './disk.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-disk-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('of many who claim a file at once, one writes it and all read the same', async () => {
  const file = join(folder, 'claimed');
  const read = await Promise.all(Array.from({ length: 10 }, (_, i) => claimFile(file, `text ${i}`, 0o600)));
  expect(new Set(read).size).toBe(1);
  expect(await readdir(folder)).toEqual(['claimed']);
});

describe('making a folder', () => {
  test('makes those above it, and tells whether it was there', async () => {
    expect(await makeFolder(join(folder, 'a/b/c'))).toBe(true);
    expect(await makeFolder(join(folder, 'a/b/c'))).toBe(false);
  });

  test('succeeds for everybody who tries at once', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => makeFolder(join(folder, 'x/y'))));
    expect(made.filter((isNew) => isNew)).toHaveLength(1);
  });

  test('fails where a file is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file/x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test.runIf(process.platform === 'linux')('fails, instead of never ending, where nobody can', async () => {
    await expect(makeFolder('/proc/assent/keys')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
