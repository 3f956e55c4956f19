// Before the run: one folder with the certificates and keys of all labs, so that each of them starts quicker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    conformanceFolder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-conformance-'));
  project.provide('conformanceFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
