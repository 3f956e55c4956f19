// A newer Assent takes over what an older one has kept, and fills in other defaults than that did.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StartOptions, startAssent } from '../../src/index.ts';
import { unlimitedBank } from '../agent.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-version-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was changed since the start stays, as long as the tenant file says the same', async () => {
  const options: StartOptions = {
    tls: false,
    issuer: 'http://assent.test/',
    config: unlimitedBank(),
    dataFile: join(folder, 'assent.db'),
  };
  const older = await startAssent(options);
  await older.control.rules.add({ answer: 'deny' });
  await older.close();
  const file = new DatabaseSync(join(folder, 'assent.db'));
  file.exec(
    "UPDATE documents SET value = json_set(value, '$.seedHash', 'of other defaults') WHERE collection = 'configuration'",
  );
  file.close();
  const newer = await startAssent(options);
  expect(await newer.control.rules.list()).toMatchObject([{ answer: 'deny' }]);
  await newer.close();
  // Somebody has edited it: that is what is wanted.
  const edited = unlimitedBank({ tenant: { name: 'bank', friendly_name: 'Edited' } });
  await using last = await startAssent({ ...options, config: edited });
  expect(await last.control.rules.list()).toEqual([]);
});
