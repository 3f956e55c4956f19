// The import table of ARCHITECTURE.md, enforced. The table is read from the document, so the two cannot drift apart.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = import.meta.dirname;
const ROOT = resolve(SOURCE, '../..');

/** Rows of the table in the document: folder or top-level file → what it may import. `undefined`: anything. */
async function readTable(): Promise<Map<string, readonly string[] | undefined>> {
  const document = await readFile(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const section = document.split('## Who may import whom')[1]?.split('\n## ')[0] ?? '';
  const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.flatMap((line) => {
      const [, folders = '', imports = ''] = line.split('|');
      const allowed = imports.includes('anything') ? undefined : named(imports);
      return named(folders).map((folder): [string, readonly string[] | undefined] => [folder, allowed]);
    }),
  );
}

/** Packages that few folders may know, whatever rows the table will have. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  'oidc-provider': ['oauth'],
  koa: [
    'classroom',
    'faults',
    'guardian',
    'http',
    'management',
    'oauth',
    'own-url',
    'pages',
    'routes',
    'stepping',
  ],
  ajv: ['json-schema'],
  yaml: ['tenant'],
  '@peculiar/x509': ['tls'],
  commander: ['cli'],
};

/** Folders beside the server, with what each may import of it: names that the package publishes. */
const OUTSIDE: ReadonlyArray<{ folder: string; allowed: (specifier: string) => boolean }> = [
  {
    folder: 'approver-app/src',
    allowed: (specifier) => ['assent/contract', 'assent/sequence'].includes(specifier),
  },
  // The rest of it are tests and the build, which start a server.
  { folder: 'approver-app', allowed: isPublished },
  { folder: 'sdk-tests', allowed: isPublished },
  { folder: 'fixtures', allowed: isPublished },
  { folder: 'bench', allowed: isPublished },
  // From outside: what starts a server, decides in place of people and guards an API, and none of the code that is judged.
  {
    folder: 'conformance',
    allowed: (specifier) => ['assent', 'assent/contract', 'assent/resource-server'].includes(specifier),
  },
];

interface Import {
  file: string;
  from: string;
  /** Folder or package. */
  target: string;
  /** Path of the imported file below `src`, for our own. */
  path: string | undefined;
}

describe('imports between the folders of the server', () => {
  it('follow the table', async () => {
    const table = await readTable();
    const broken = (await readImports()).filter(({ from, target, path }) => {
      if (!table.has(from)) return true;
      const allowed = table.get(from);
      if (target === from || target.startsWith('node:')) return false;
      // "Anything above" are our own folders; a package is named by those that need it.
      if (allowed === undefined) return path === undefined;
      return !allowed.includes(target) && !allowed.some((entry) => path === `${entry}.ts`);
    });
    expect(
      broken.map(
        ({ file, target }) => `${file} imports "${target}", which its row in ARCHITECTURE.md forbids`,
      ),
    ).toEqual([]);
  });

  it('enter a folder through its index or the file that carries its name', async () => {
    const broken = (await readImports()).filter(
      ({ from, target, path }) =>
        path !== undefined &&
        target !== from &&
        path.includes('/') &&
        !['index.ts', `${target}.ts`].includes(path.split('/').slice(1).join('/')) &&
        !isDocumentedEntry(from, path),
    );
    expect(broken.map(({ file, path }) => `${file} reaches into ${path}`)).toEqual([]);
  });

  it('keep a package where it belongs', async () => {
    const broken = (await readImports()).filter(
      ({ from, target }) => ONLY_IN[target]?.includes(from) === false,
    );
    expect(broken.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('have no cycles between folders', async () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, target, path } of await readImports()) {
      if (path !== undefined && target !== from) edges.set(from, (edges.get(from) ?? new Set()).add(target));
    }
    const cycles: string[] = [];
    const visit = (node: string, trail: readonly string[]): void => {
      if (trail.includes(node)) {
        cycles.push([...trail.slice(trail.indexOf(node)), node].join(' → '));
        return;
      }
      for (const next of edges.get(node) ?? []) visit(next, [...trail, node]);
    };
    for (const node of edges.keys()) visit(node, []);
    expect([...new Set(cycles)]).toEqual([]);
  });

  it('are told of by a table that names what exists', async () => {
    const parts = new Set((await readdir(SOURCE)).map((name) => name.replace(/\.ts$/, '')));
    const stale = [...(await readTable()).keys()].filter((name) => !parts.has(name));
    expect(stale).toEqual([]);
  });

  it('are allowed where they are needed and nowhere else', async () => {
    const imports = await readImports();
    const isUsed = (from: string, entry: string): boolean =>
      imports.some((one) => one.from === from && (one.target === entry || one.path === `${entry}.ts`));
    const unused = [...(await readTable())].flatMap(([from, allowed = []]) =>
      allowed.filter((entry) => !isUsed(from, entry)).map((entry) => `${from} does not import ${entry}`),
    );
    expect(unused).toEqual([]);
  });
});

describe('imports of the server from outside', () => {
  it.each(OUTSIDE)('$folder keeps to what the package publishes for it', async ({ folder, allowed }) => {
    const imports = (await readSpecifiers(join(ROOT, folder))).filter(({ specifier }) =>
      specifier.startsWith('.') ? true : /^assent(\/|$)/.test(specifier),
    );
    const broken = imports.filter(({ file, specifier }) =>
      specifier.startsWith('.')
        ? leavesPackage(folder, resolve(folder, dirname(file), specifier))
        : !allowed(specifier),
    );
    expect(imports).not.toEqual([]);
    expect(broken.map(({ file, specifier }) => `${folder}/${file} imports ${specifier}`)).toEqual([]);
  });
});

const PACKAGE = JSON.parse(await readFile(join(ROOT, 'server/package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};

function isPublished(specifier: string): boolean {
  return Object.keys(PACKAGE.exports).some((entry) => specifier === entry.replace(/^\./, 'assent'));
}

/** Into another package, that is: what prepares the workspace belongs to all of them. */
function leavesPackage(folder: string, path: string): boolean {
  const ownPackage = folder.split('/')[0] ?? folder;
  return [ownPackage, 'scripts'].every((home) => relative(home, path).startsWith('..'));
}

/** Files inside a folder that another one may name, with the reason. */
function isDocumentedEntry(from: string, path: string): boolean {
  // The composition root and the package entry see every file; the command reads tenant files before it starts anything,
  // and makes certificates where nothing runs; a failed test tells its story in the lines of the log; a class makes the certificates of all its tenants.
  return (
    [
      'app',
      'index',
      'running-assent',
      'world',
      'world-frame',
      'open-store',
      'open-ground',
      'early-door',
    ].includes(from) ||
    (from === 'cli' && ['tenant/config-file.ts', 'tls/client-certificates.ts'].includes(path)) ||
    (from === 'test-kit' && path === 'cli/log-lines.ts') ||
    (from === 'classroom' && path === 'tls/certificates.ts')
  );
}

async function readImports(): Promise<Import[]> {
  const specifiers = await readSpecifiers(SOURCE);
  return specifiers
    .filter(({ file }) => !/\.(test|suite)\.ts$/.test(file))
    .map(({ file, specifier }) => describeImport(file, specifier));
}

/** Everything that the TypeScript files below `folder` import, as they spell it. */
async function readSpecifiers(folder: string): Promise<Array<{ file: string; specifier: string }>> {
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file),
  );
  const specifiers = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*'([^']+)'/gm)].map(([, specifier = '']) => ({
        file,
        specifier,
      }));
    }),
  );
  return specifiers.flat();
}

function describeImport(file: string, specifier: string): Import {
  const from = partOf(file);
  if (!specifier.startsWith('.')) {
    const [scope = '', name = ''] = specifier.split('/');
    return { file, from, target: scope.startsWith('@') ? `${scope}/${name}` : scope, path: undefined };
  }
  const path = relative(SOURCE, resolve(SOURCE, dirname(file), specifier));
  return { file, from, target: partOf(path), path };
}

/** The folder, or the name of a top-level file. */
function partOf(file: string): string {
  const [first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}
