// Notes at each build what the pages load, and of which modules that is made: dist/sizes.json, which scripts/check-sizes.mjs
// holds against size-budgets.json. Gzip says what travels; the files themselves are served as they are.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

interface SizeReportOptions {
  /** What the addresses of modules are relative to. */
  root: string;
  outDir: string;
  reportFile: string;
  /** Scripts that are built apart, by the name of their budget. */
  alone: Readonly<Record<string, string>>;
}

interface ScriptSize {
  file: string;
  gzipBytes: number;
  modules: readonly string[];
}

/** What one page loads: before it can be used, and when a part of it is opened. */
interface PageSize {
  atStart: readonly ScriptSize[];
  later: readonly ScriptSize[];
}

export function reportSizes({ root, outDir, reportFile, alone }: SizeReportOptions): Plugin {
  const sizes: Record<string, PageSize> = {};
  return {
    name: 'assent:sizes',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const page = chunk.type === 'chunk' ? chunk.facadeModuleId?.match(/([\w-]+)\.html$/)?.[1] : undefined;
        if (page !== undefined) sizes[page] = sizeOf(bundle, chunk.fileName, root);
      }
    },
    // After everything else, also after what is built apart.
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        for (const [name, file] of Object.entries(alone)) {
          const gzipBytes = gzipSync(await readFile(join(outDir, file)), { level: 9 }).length;
          sizes[name] = { atStart: [{ file, gzipBytes, modules: [] }], later: [] };
        }
        await mkdir(dirname(reportFile), { recursive: true });
        await writeFile(reportFile, `${JSON.stringify(sizes, null, 2)}\n`);
      },
    },
  };
}

function sizeOf(bundle: Rolldown.OutputBundle, entry: string, root: string): PageSize {
  const atStart = closure([entry], (chunk) => chunk.imports, bundle);
  const everything = closure([entry], (chunk) => [...chunk.imports, ...chunk.dynamicImports], bundle);
  const measure = ({ fileName, code, modules }: Rolldown.OutputChunk): ScriptSize => ({
    file: fileName,
    gzipBytes: gzipSync(code, { level: 9 }).length,
    modules: Object.entries(modules)
      .filter(([, { renderedLength }]) => renderedLength > 0)
      .map(([id]) => relative(root, id)),
  });
  return {
    atStart: [...atStart].map(measure),
    later: [...everything].filter((chunk) => !atStart.has(chunk)).map(measure),
  };
}

function closure(
  files: readonly string[],
  next: (chunk: Rolldown.OutputChunk) => readonly string[],
  bundle: Rolldown.OutputBundle,
): Set<Rolldown.OutputChunk> {
  const found = new Set<Rolldown.OutputChunk>();
  const visit = (file: string): void => {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk' || found.has(chunk)) return;
    found.add(chunk);
    for (const each of next(chunk)) visit(each);
  };
  for (const file of files) visit(file);
  return found;
}
