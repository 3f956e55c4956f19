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

test.each([
  ['--interval', '0', 'Expected seconds above 0, such as 0.1 or 4.'],
  ['--interval', '0.000', 'Expected seconds above 0, such as 0.1 or 4.'],
  ['--held-poll', '26', 'Expected seconds from 0 to 25, such as 4.'],
])('a pace of %s %s is refused in the words of the option', async (option, value, expected) => {
  const { code, stdout, stderr } = await assent('start', '--http', '--port', '0', option, value);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`option '${option} <seconds>' argument '${value}' is invalid. ${expected}\n`);
});
