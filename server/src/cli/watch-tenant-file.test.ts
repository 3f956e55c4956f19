import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { bankTenant } from '../tenant/bank-tenant.ts';
import { watchTenantFile } from './watch-tenant-file.ts';

test('a file that is on its way to a server that stops is nobody’s mistake', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-watch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'assent.yaml');
  await writeFile(path, stringify(bankTenant));
  const sent = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<never>();
  const told: unknown[] = [];
  // A server that takes the file and never answers.
  const transport = {
    call: () => {
      sent.resolve();
      return answer.promise;
    },
  };
  const stop = watchTenantFile({
    path,
    transport,
    onReload: (reloaded) => told.push(reloaded),
    onFailure: (error) => told.push(error),
  });
  await writeFile(path, stringify(bankTenant));
  await sent.promise;
  stop();
  answer.reject(new Error('the server is gone'));
  await answer.promise.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
});
