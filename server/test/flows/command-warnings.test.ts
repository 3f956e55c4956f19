// What a running server warns of: a line of its log with the time, as the others. What Node warns of stays as it is.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { runCommand, startCommand } from '../command.ts';
import { startRedis } from '../redis-server.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-warnings-'));
});

afterAll(() => rm(home, { recursive: true }));

const AWAY = /\n {2}\d\d:\d\d:\d\d {2}warn {9}STORE_UNAVAILABLE {2}The store redis:\S+ cannot be used: /;
const BACK = /\n {2}\d\d:\d\d:\d\d {2}warn {9}STORE_AVAILABLE {2}The store redis:\S+ can be used again\.\n/;

test('a server whose store goes away and comes back says so with the time, and nothing in the words of Node', async () => {
  await using redis = await startRedis('--appendonly', 'yes');
  const server = startCommand(['--http', '--port', '0', '--store', redis.url], { folder: home });
  await server.says('Ready.');
  await redis.kill();
  await runCommand(['requests'], { folder: home });
  await server.says(AWAY);
  await redis.start();
  await server.says(BACK);
  const { code, stderr } = await server.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/\(node:|trace-warnings|AssentWarning/);
});

test('what Node or a package warns of stays as Node prints it', async () => {
  const other = join(home, 'other.mjs');
  await writeFile(other, `process.on('SIGUSR2', () => process.emitWarning('not ours', { code: 'OTHER' }));`);
  const server = startCommand(['--http', '--port', '0', '--data-folder', 'other'], {
    folder: home,
    env: { NODE_OPTIONS: `--import ${other}` },
  });
  await server.says('Ready.');
  process.kill(server.pid, 'SIGUSR2');
  await server.says(/\(node:\d+\) \[OTHER\] Warning: not ours\n/);
  await server.stop();
});

test('a command that runs beside a server of its own is told of its store in a line, too', async () => {
  await using redis = await startRedis();
  redis.run('config', 'set', 'maxmemory', '100mb');
  redis.run('config', 'set', 'maxmemory-policy', 'allkeys-lru');
  const words = ['exec', '--http', '--store', redis.url, '--', process.execPath, '--version'];
  const { code, stdout, stderr } = await runCommand(words, { folder: home });
  expect([code, stdout]).toEqual([0, `${process.version}\n`]);
  expect(stderr).toMatch(/^ {2}\d\d:\d\d:\d\d {2}warn {9}STORE_EVICTS {2}\S/m);
  expect(stderr).not.toContain('AssentWarning');
});

test('a data file that is damaged ends the start with one sentence', async () => {
  const file = join(home, 'damaged.db');
  const assent = await startAssent({ config: unlimitedBank(), tls: false, dataFile: file });
  const agent = new Agent(assent);
  for (let n = 0; n < 12; n++) await agent.askFor();
  await assent.close();
  await writeFile(file, (await readFile(file)).fill(0xff, 4_096 * 12));
  const { code, stderr } = await runCommand(['--http', '--port', '0', '--data', file], { folder: home });
  expect(code).not.toBe(0);
  expect(stderr.match(/damaged/g)).toHaveLength(1);
  expect(stderr).not.toContain('warn');
});
