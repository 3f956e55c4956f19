// Runs once before the tests. The SDKs use Node's own fetch, which learns of a private certificate authority only from
// NODE_EXTRA_CA_CERTS and only when the process starts. So the authority is made here, and the processes that run the
// tests are started afterwards with that variable, as an agent would be.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAssent } from 'assent';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the certificate authority and the signing key of this run are. */
    dataFolder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assent-sdk-tests-'));
  const before = process.env['NODE_EXTRA_CA_CERTS'];
  {
    await using assent = await startAssent({ dataFolder });
    if (assent.caFile === undefined) throw new TypeError('expected a certificate authority');
    process.env['NODE_EXTRA_CA_CERTS'] = assent.caFile;
  }
  project.provide('dataFolder', dataFolder);
  return async () => {
    if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
    else process.env['NODE_EXTRA_CA_CERTS'] = before;
    await rm(dataFolder, { recursive: true, force: true });
  };
}
