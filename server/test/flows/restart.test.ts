// A server with a data file is started again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/tenant/sqlite-store.ts';
import { describeRestart } from './restart.suite.ts';

const folder = await mkdtemp(join(tmpdir(), 'assent-restart-'));
let count = 0;
const file = (): string => join(folder, `${count}.db`);

afterAll(() => rm(folder, { recursive: true }));

describeRestart('a server with a data file', {
  async empty() {
    count += 1;
  },
  options: () => ({ dataFile: file() }),
  open: (clock) => openSqliteStore({ file: file(), tenant: 'bank', clock }),
});
