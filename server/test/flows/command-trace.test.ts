// `assent trace`: the story of a running server as a file, in each of its forms, and without what could be used again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { traceDocumentSchema } from '../../src/contract/index.ts';
import { unlimitedBank } from '../agent.ts';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from '../command.ts';

let home: string;
let server: RunningCommand;

const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder: home });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-trace-'));
  await writeFile(join(home, 'assent.yaml'), stringify(unlimitedBank({ ciba: { interval: 0.1 } })));
  server = startCommand(['--port', '0', '--http'], { folder: home });
  await server.says('Ready.');
});

afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

test('a server to which nothing has happened has nothing to draw, and an empty story', async () => {
  const drawing = await assent('trace', '--format', 'mermaid');
  expect([drawing.code, drawing.stdout]).toEqual([expect.any(Number), '']);
  expect(drawing.code).not.toBe(0);
  expect(drawing.stderr).toContain('assent ask');
  const story = await assent('trace');
  expect(traceDocumentSchema.parse(JSON.parse(story.stdout)).events).toEqual([]);
});

test('a story is written as JSON, Mermaid, SVG and a page, and says what is not in it', async () => {
  await assent('ask', 'Pay 42 EUR to Grace', '--no-wait');
  await assent('deny', 'r1', '--reason', 'not tonight');
  await assent('ask', 'Pay 7 EUR to Ada', '--no-wait');
  const forms = ['json', 'mermaid', 'svg', 'html'] as const;
  for (const form of forms) {
    const { code, stdout, stderr } = await assent('trace', '--request', 'r1', '--format', form);
    expect([form, code, stderr]).toEqual([form, 0, '  Not in it: auth_req_id, client_secret\n']);
    expect([form, stdout.includes('aiya-secret-not-real')]).toEqual([form, false]);
    expect([form, stdout]).toEqual([form, expect.stringContaining('Transfer 42.00 EUR to Grace')]);
    expect([form, stdout.includes('7.00 EUR')]).toEqual([form, false]);
  }
});

test('without a name, a story holds everything, and a drawing is of the newest request', async () => {
  const all = traceDocumentSchema.parse(JSON.parse((await assent('trace')).stdout));
  expect(new Set(all.events.map((event) => ('name' in event ? event.name : '')))).toEqual(
    new Set(['r1', 'r2']),
  );
  expect((await assent('trace', '--format', 'mermaid')).stdout).toContain('7.00 EUR');
});

test('a request that nobody made is named, with what to try', async () => {
  const { code, stdout, stderr } = await assent('trace', '--request', 'r99');
  expect([code === 0, stdout]).toEqual([false, '']);
  expect(stderr).toContain('r99');
});
