// Instances with a data folder of their own each: whoever trusts one of them trusts all.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { call } from '../http-call.ts';
import { startRedis } from '../redis-server.ts';

test('the first one gives its authority to those that come, also after a reset, and no snapshot has it', async () => {
  await using redis = await startRedis();
  const folder = await mkdtemp(join(tmpdir(), 'assent-authority-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const start = (name: string) =>
    startAssent({ store: redis.url, issuer: 'https://localhost:4999/', dataFolder: join(folder, name) });
  await using first = await start('first');
  await using second = await start('second');
  const { ca = '' } = first;
  expect(second.ca).toBe(ca);
  await first.reset();
  await using third = await start('third');
  expect(third.ca).toBe(ca);
  const answer = await call(`${third.url}/.well-known/openid-configuration`, { ca });
  expect(answer.json().issuer).toBe('https://localhost:4999/');
  expect(JSON.stringify(await third.snapshot())).not.toContain('BEGIN');
});
