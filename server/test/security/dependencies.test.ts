// Where the code of others comes from. Whether it is known to be vulnerable, only the registry can say (SECURITY.md).
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const read = async (file: string): Promise<unknown> =>
  parse(await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8'));

interface Lockfile {
  packages: Record<string, { resolution: Record<string, string> }>;
}

interface Workspace {
  allowBuilds: Record<string, boolean>;
  onlyBuiltDependencies: string[];
  minimumReleaseAge: number;
}

it('what is installed comes from the registry by its hash, and runs nothing', async () => {
  const { packages } = (await read('pnpm-lock.yaml')) as Lockfile;
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  const odd = Object.entries(packages).filter(
    ([name, { resolution }]) =>
      // Neither an address of its own nor a repository, a folder or a patch; and by the hash that npm calls strong.
      !/^(@[\w.-]+\/)?[\w.-]+@\d/.test(name) ||
      Object.keys(resolution).join() !== 'integrity' ||
      !/^sha512-[\w+/]{86}==$/.test(resolution['integrity'] ?? ''),
  );
  expect(odd).toEqual([]);
  const workspace = (await read('pnpm-workspace.yaml')) as Workspace;
  // Node itself, which brings its program so.
  expect(workspace.onlyBuiltDependencies).toEqual(['node']);
  expect(Object.keys(workspace.allowBuilds).filter((name) => workspace.allowBuilds[name])).toEqual(['node']);
  expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(24 * 60);
});
