// `assent rules` as people and scripts use it: a real process beside a real server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { unlimitedBank } from '../agent.ts';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from '../command.ts';

let folder: string;
let server: RunningCommand;
const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-rules-'));
  const rules = [{ id: 'night', answer: 'deny', reason: 'not tonight', user_id: 'auth0|grace' } as const];
  await writeFile(join(folder, 'assent.yaml'), stringify(unlimitedBank({ rules, ciba: { interval: 0.1 } })));
  server = startCommand(['--port', '0', '--seed', '42'], { folder });
  await server.says('Ready.');
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('a rule of the tenant file is announced, listed and used, and what it did is told', async () => {
  expect(server.output().stderr).toMatch(/Scripted answers +1 rule +assent rules lists them; seed 42/);
  const asked = await assent('ask', 'Pay 1 EUR to Ada', '--user', 'grace');
  expect(asked.code).toBe(4);
  expect(asked.stderr).toContain('"not tonight"');
  expect((await assent('rules')).stdout).toBe(
    '  night  deny ("not tonight") asked of auth0|grace  fired once\n',
  );
  expect((await assent('show', 'latest')).stdout).toContain('denied by the rule night for auth0|grace');
  await server.says(/rule +r\d+ +night: deny \("not tonight"\)/);
  await server.says(/decide +r\d+ +✕ denied by the rule night for auth0\|grace/);
  expect((await assent('rules', 'clear')).code).toBe(0);
});

test('a rule that is added answers from then on, until it is removed', async () => {
  const added = await assent('rules', 'add', '--approve', '--up-to', '50 EUR', '--user', 'Ada Lovelace');
  const id = /rul_\w+/.exec(added.stdout)?.[0] ?? '';
  expect(added.stdout).toBe(`  ${id}  approve up to 50 EUR asked of auth0|ada  not yet\n`);
  const approved = await assent('ask', 'Pay 42 EUR to Grace');
  expect(approved.code).toBe(0);
  expect(approved.stderr).toContain(`✓ approved by the rule ${id} for auth0|ada`);
  expect(await assent('rules', 'remove', id)).toMatchObject({ code: 0, stdout: '' });
  expect((await assent('rules', 'list', '--format', 'json')).stdout).toBe('[]\n');
});

test('a request that a rule ends has expired', async () => {
  await assent('rules', 'add', '--expire', '--once', '--id', 'gone');
  const asked = await assent('ask', 'Anything');
  expect(asked.code).toBe(5);
  await server.says(/expire +r\d+ +ended by the rule gone/);
  expect((await assent('rules')).stdout).toBe(
    '  gone  let expire everything, once  fired once, and no more\n',
  );
});

test('what is wrong is told with what to type', async () => {
  // What only the server knows, and what is wrong as it was typed.
  const wrong = await assent('rules', 'add', '--approve', '--type', 'transfr_funds');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('Did you mean "transfer_funds"?');
  expect(await assent('rules', 'add', '--approve', '--up-to', 'fifty')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Received --up-to "fifty", expected an amount such as 50 or "50 EUR".'),
  });
  expect(await assent('rules', 'add')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('assent rules add --approve --up-to "50 EUR"'),
  });
  expect(await assent('rules', 'remove', 'nobody')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/There is no rule "nobody"\.\n.*assent rules/),
  });
  expect(await assent('rules', 'lst')).toMatchObject({ code: 2 });
});
