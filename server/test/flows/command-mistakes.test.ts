// What somebody typed is not what they meant: the answer names it as it was typed, with what was expected.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../command.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-mistakes-'));
  await mkdir(join(home, 'empty'));
});

afterAll(() => rm(home, { recursive: true }));

const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder: home });

test('a data folder that is not there, or has no server, is named', async () => {
  const missing = await assent('ask', 'Pay 1 EUR to Ada', '--data-folder', 'nosuch');
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toContain(
    `The data folder ${join(home, 'nosuch')} does not exist, so no server runs with it.`,
  );
  expect(missing.stderr).toContain('assent --data-folder nosuch\n');
  const empty = await assent('requests', '--data-folder', 'empty');
  expect(empty).toMatchObject({ code: 3, stdout: '' });
  expect(empty.stderr).toContain(`No server runs with the data folder ${join(home, 'empty')}.`);
});
