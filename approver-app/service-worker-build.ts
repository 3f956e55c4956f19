// Builds the service worker after the pages, as one file of its own: it names the files that the build has just written,
// and browsers that know no modules in workers run it too.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { REPLAY_PAGE } from './replay-page-build.ts';

interface WorkerBuildOptions {
  entry: string;
  /** The page that the worker starts without a connection; what only other pages load is none of its business. */
  page: string;
  /** Where the pages were written, and the worker goes. */
  outDir: string;
  /** Address of that folder, with a slash at the end. */
  base: string;
  treeshake: { moduleSideEffects(id: string): boolean };
}

const WORKER_FILE = 'service-worker.js';
/** Pages are reached by their screens' addresses, not by their file names. */
const PAGE = /\.html$/;

export function buildServiceWorker({ entry, page, outDir, base, treeshake }: WorkerBuildOptions): Plugin {
  let foreign: ReadonlySet<string> = new Set();
  return {
    name: 'assent:service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      foreign = findForeign(bundle, page);
    },
    async closeBundle() {
      const files = (await listFiles(outDir)).filter(
        (file) =>
          file !== WORKER_FILE &&
          file !== REPLAY_PAGE &&
          !foreign.has(file) &&
          // Another page names its own scripts: a phone need not load everything anew for them.
          (!PAGE.test(file) || file === page),
      );
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

/** What the bundler wrote and `page` never loads. */
function findForeign(bundle: Rolldown.OutputBundle, page: string): Set<string> {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    const chunk = bundle[file];
    if (loaded.has(file) || chunk === undefined) return;
    loaded.add(file);
    if (chunk.type !== 'chunk') return;
    const { importedCss, importedAssets } = chunk.viteMetadata ?? {};
    for (const next of [
      ...chunk.imports,
      ...chunk.dynamicImports,
      ...(importedCss ?? []),
      ...(importedAssets ?? []),
    ])
      load(next);
  };
  for (const [file, chunk] of Object.entries(bundle))
    if (chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith(`/${page}`)) load(file);
  return new Set(Object.keys(bundle).filter((file) => !loaded.has(file)));
}

/** Relative to `folder`, with slashes, in an order that does not depend on the disk. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
