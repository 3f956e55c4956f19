// Builds the service worker after the pages, as one file of its own: it names the files that the build has just written,
// and browsers that know no modules in workers run it too.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build, type Plugin } from 'vite';

interface WorkerBuildOptions {
  entry: string;
  /** Where the pages were written, and the worker goes. */
  outDir: string;
  /** Address of that folder, with a slash at the end. */
  base: string;
  treeshake: { moduleSideEffects(id: string): boolean };
}

const WORKER_FILE = 'service-worker.js';
/** Pages are reached by their screens' addresses, not by their file names. */
const PAGE = /\.html$/;

export function buildServiceWorker({ entry, outDir, base, treeshake }: WorkerBuildOptions): Plugin {
  return {
    name: 'assent:service-worker',
    apply: 'build',
    async closeBundle() {
      const files = (await listFiles(outDir)).filter((file) => file !== WORKER_FILE);
      const digest = createHash('sha256');
      for (const file of files) digest.update(file).update(await readFile(join(outDir, file)));
      const shell = {
        version: digest.digest('hex').slice(0, 12),
        page: base,
        files: files.filter((file) => !PAGE.test(file)).map((file) => base + file),
      };
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { SHELL: JSON.stringify(shell) },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'es2022',
          modulePreload: false,
          rolldownOptions: {
            input: entry,
            output: { format: 'iife', entryFileNames: WORKER_FILE },
            treeshake,
          },
        },
      });
    },
  };
}

/** Relative to `folder`, with slashes, in an order that does not depend on the disk. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
