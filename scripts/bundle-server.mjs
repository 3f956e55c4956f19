// What others install, made of what tsc wrote: one file for each entry of the package, and chunks that several share or that are
// loaded when they are first used, with the dependencies inside. Reading some thirty files in place of thirteen hundred is most
// of what a start costs. Types stay as tsc wrote them. decisions/0044-start-and-weight.md.
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { checkChunks } from './check-chunks.mjs';
import { makeSchemasLater } from './later-schemas.mjs';
import { writeNotices } from './third-party-notices.mjs';

const ROOT = join(import.meta.dirname, '..');
const SERVER = join(ROOT, 'server');

/** Their licence has what is made of them stay under it: they are installed beside ours. */
const APART = ['web-push'];
/** Their types are a part of ours, so they are installed for whoever compiles against them. */
const OF_OUR_TYPES = ['jose', 'zod'];

/** Built-in modules of which functions and classes alone are used, and those seldom at a start. */
const LATE = ['node:https', 'node:tls', 'node:child_process', 'node:dns/promises', 'node:readline/promises'];

/** They come with whoever needs them. */
const LARGE = ['node:assert', 'node:crypto', 'node:http', 'node:net', 'node:sqlite', 'node:tls', 'node:zlib'];

/** Of ours, without dependencies outside of Node and this list. */
const BASE = [
  'clock',
  'disk',
  'ids',
  'json-object',
  'json-pointer',
  'network-addresses',
  'own-package',
  'problem',
  'store-address',
];

/** Of ours as well, each a folder or a file: what a start needs until it has looked at its tenant file, and from there until the door is open. */
const ON_THE_WAY = {
  words: ['contract/management', 'contract/tenant-words'],
  contract: ['contract'],
  command: [
    'cli/columns',
    'cli/command-options',
    'cli/context',
    'cli/exit-codes',
    'cli/launcher',
    'cli/output',
    'cli/ready-process',
    'cli/run-file',
    'cli/signals',
    'cli/start-settings',
    'cli/tenant-template',
  ],
  door: [
    'app',
    'early-door',
    'http/control-access',
    'http/problem-responses',
    'http/unready',
    'listen',
    'mutual-tls',
    'oauth/auth0-dialect',
    'oauth/authentication-context',
    'oauth/detail-limits',
    'oauth/detail-types',
    'oauth/discovery',
    'oauth/profiles',
    'oauth/public-documents',
    'oauth/published-keys',
    'oauth/scopes',
    'open-ground',
    'open-store',
    'own-names',
    'store',
    'tenant/bounded-entries',
    'tenant/journal-readers',
    'tenant/memory-documents',
    'tenant/memory-journal',
    'tenant/memory-store',
    'tenant/signing-keys',
    'tls/certificates',
    'tls/client-certificates',
    'tls/name-constraints',
    'undo',
  ],
};

const BUILTIN = '\0builtin:';

/** The command's own; the other entries are those that the manifest exports. */
const COMMAND = 'dist/cli/main.js';

/** @param {string} folder receives a package that can be packed; empty */
export async function bundleServer(folder) {
  const manifest = readJson(join(SERVER, 'package.json'));
  const modules = await bundle(folder, manifest);
  copyTypes(folder, manifest);
  cpSync(join(SERVER, 'dist/web'), join(folder, 'dist/web'), { recursive: true });
  for (const path of ['bin', 'README.md', 'tenant.schema.json'])
    cpSync(join(SERVER, path), join(folder, path), { recursive: true });
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  // Messages and the files that `assent init` writes point to them.
  cpSync(join(ROOT, 'docs'), join(folder, 'docs'), { recursive: true });
  writeFileSync(
    join(folder, 'THIRD-PARTY-NOTICES'),
    writeNotices([...modules, ...modulesOfPages()], { own: [SERVER, join(ROOT, 'approver-app')] }),
  );
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
}

/** @returns {Promise<string[]>} the files that went in */
async function bundle(folder, manifest) {
  const entries = [
    COMMAND,
    ...Object.values(manifest.exports).flatMap((one) => (typeof one === 'string' ? [] : [one.default])),
  ];
  const build = await rolldown({
    cwd: SERVER,
    input: Object.fromEntries(
      entries.map((entry) => {
        const path = relative('dist', entry);
        return [path.replace(/\.js$/, ''), join(SERVER, entry)];
      }),
    ),
    platform: 'node',
    // Our own modules do nothing by being loaded, so a chunk has no more of them than is used there.
    treeshake: { moduleSideEffects: (id) => !id.startsWith(join(SERVER, 'dist/')) },
    plugins: [
      spareBuiltinFacades(),
      spareRequire(),
      evaluateLater(),
      spareFetch(),
      makeSchemasLater(),
      slimMediaTypes(),
      writeAscii(),
    ],
    external: [...APART, ...Object.keys(manifest.peerDependencies)].map(
      (name) => new RegExp(`^${name}(/|$)`),
    ),
    onLog(level, log, report) {
      // An old dependency of a dependency names functions by it; of what it is given, nothing comes from outside.
      if (log.code === 'EVAL' && log.message.includes('/depd/')) return;
      report(level === 'warn' ? 'error' : level, log);
    },
  });
  const { output } = await build.write({
    dir: join(folder, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: {
      groups: [
        { name: 'base', test: (id) => isBase(id) },
        { name: 'jose', test: /[\\/]node_modules[\\/]jose[\\/]/ },
        ...Object.entries(ON_THE_WAY).map(([name, parts]) => ({
          name,
          test: (id) => parts.some((part) => isOwn(id, part)),
        })),
      ],
    },
    // White space alone goes: what is thrown tells where, and compressing had polls of approved requests stay pending.
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  });
  await build.close();
  const chunks = output.filter(({ type }) => type === 'chunk');
  checkChunks(chunks);
  return chunks.flatMap(({ modules }) => Object.keys(modules));
}

/** @param part a file without its end, or a folder */
function isOwn(id, part) {
  const path = join(SERVER, 'dist', part);
  return id === `${path}.js` || id.startsWith(`${path}/`);
}

/** Small things that almost everything needs, and Node has loaded: one file of them in place of thirty. */
function isBase(id) {
  if (id.startsWith(BUILTIN)) return !LARGE.includes(id.slice(BUILTIN.length));
  return id.includes('rolldown/runtime') || BASE.some((name) => isOwn(id, name));
}

/**
 * An import of a built-in module reads everything that it exports, getters too: with `node:http` come the WebSocket and with it
 * undici and HTTP/2, with `node:process` the standard streams. Taken as an object, it is no more than what is used of it; and those
 * that a start may do without come with their first call.
 */
function spareBuiltinFacades() {
  return {
    name: 'spare-builtin-facades',
    resolveId: (source, _importer, { kind }) =>
      kind === 'import-statement' && isBuiltin(source) ? `${BUILTIN}${source}` : undefined,
    load(id) {
      if (!id.startsWith(BUILTIN)) return undefined;
      const name = id.slice(BUILTIN.length);
      const builtin = process.getBuiltinModule(name);
      const take = `process.getBuiltinModule(${JSON.stringify(name)})`;
      const exported = Object.entries(Object.getOwnPropertyDescriptors(builtin))
        .filter(([one]) => one !== 'default')
        .map(([one, { value }]) =>
          LATE.includes(name) && typeof value === 'function'
            ? `export function ${one}(...a) { return new.target ? new (${take}).${one}(...a) : ${take}.${one}(...a); }`
            : `export const ${one} = /* @__PURE__ */ (() => ${take}.${one})();`,
        );
      const whole = LATE.includes(name)
        ? `new Proxy({}, { get: (_, one) => ${take}[one], has: (_, one) => one in ${take} })`
        : take;
      const code = [`export default /* @__PURE__ */ (() => ${whole})();`, ...exported].join('\n');
      return { code, moduleType: 'js', moduleSideEffects: false };
    },
  };
}

/** The same for dependencies of the older kind: what they require is loaded with all that it exports as well. */
function spareRequire() {
  return {
    name: 'spare-require',
    transform: {
      filter: { id: /[\\/]node_modules[\\/].*\.c?js$/, code: /\brequire\(/ },
      handler(code) {
        return {
          code: code.replace(/\brequire\((['"])([\w:/]+)\1\)/g, (call, _, name) =>
            isBuiltin(name) ? `process.getBuiltinModule(${JSON.stringify(name)})` : call,
          ),
        };
      },
    },
  };
}

/**
 * What checks texts of a tenant file that most have none of. It is in the bundle, and runs when it is first called.
 */
function evaluateLater() {
  const later = [
    {
      file: 'liquid',
      import: "import { Liquid } from 'liquidjs';",
      name: 'Liquid',
      as: "require('liquidjs').Liquid",
    },
    {
      file: 'json-schema',
      import: "import { Ajv2020 } from 'ajv/dist/2020.js';",
      name: 'Ajv2020',
      as: "require('ajv/dist/2020.js').Ajv2020",
    },
    {
      file: 'json-schema',
      import: "import formats from 'ajv-formats';",
      name: 'formats.default',
      as: "require('ajv-formats').default",
    },
  ];
  return {
    name: 'evaluate-later',
    transform: {
      filter: { id: /[\\/]dist[\\/](liquid|json-schema)\.js$/ },
      handler(code, id) {
        const parts = later.filter(({ file }) => isOwn(id, file));
        return {
          code: parts.reduce((text, part) => {
            const parted = text.split(part.import);
            if (parted.length !== 2) throw new Error(`${id} has no longer: ${part.import}`);
            return parted.join('').replaceAll(`${part.name}(`, `(${part.as})(`);
          }, code),
        };
      },
    },
  };
}

/** Koa asks of each body whether it is one of fetch's; naming such a class loads all of undici. Its own name tells as much. */
function spareFetch() {
  return {
    name: 'spare-fetch',
    transform: {
      filter: { id: /[\\/]koa[\\/]lib[\\/](response|application)\.js$/ },
      handler(code, id) {
        const spared = code.replace(
          /(\w+) instanceof (Response|Blob|ReadableStream)\b/g,
          (_, value, name) => `${value}?.[Symbol.toStringTag] === '${name}'`,
        );
        if (spared === code)
          throw new Error(`${id} names no class of fetch any more: nothing is to be spared`);
        return { code: spared };
      },
    },
  };
}

/** The database of media types: once, without what its readers never ask for. */
function slimMediaTypes() {
  const reader = createRequire(realpathSync(join(SERVER, 'node_modules/koa/package.json'))).resolve(
    'mime-types',
  );
  const newest = createRequire(reader).resolve('mime-db/db.json');
  return {
    name: 'slim-media-types',
    resolveId: (source) => (source === 'mime-db' ? newest : undefined),
    transform: {
      filter: { id: newest },
      handler(code) {
        const types = Object.entries(JSON.parse(code)).flatMap(([type, { source, charset, extensions }]) =>
          extensions || charset ? [[type, { source, charset, extensions }]] : [],
        );
        return {
          code: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(types)))})`,
          moduleType: 'js',
        };
      },
    },
  };
}

/**
 * Signs beyond ASCII as escapes: with a single one of them, V8 keeps the whole chunk in two bytes for each sign. Outside of
 * strings, templates and patterns there are none, and each of these reads the escape as the sign.
 */
function writeAscii() {
  return {
    name: 'write-ascii',
    generateBundle(_options, output) {
      for (const chunk of Object.values(output)) {
        if (chunk.type !== 'chunk') continue;
        chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, (sign) => {
          const number = sign.charCodeAt(0).toString(16);
          return `\\u${number.padStart(4, '0')}`;
        });
      }
    },
  };
}

/** The declarations that an entry leads to. */
function copyTypes(folder, manifest) {
  const queue = Object.values(manifest.exports).flatMap((one) =>
    typeof one === 'string' ? [] : [join(SERVER, one.types)],
  );
  const seen = new Set(queue);
  for (const file of queue) {
    const text = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const target = join(folder, relative(SERVER, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    for (const [, specifier] of text.matchAll(/(?:from|import|import\()\s*["'](\.[^"']+)["']/g)) {
      const path = resolve(dirname(file), specifier).replace(/\.[jt]s$/, '.d.ts');
      if (seen.has(path)) continue;
      seen.add(path);
      queue.push(path);
    }
  }
}

/** What is in the bundle is not installed again. */
function publishedManifest({ devDependencies: _, ...manifest }) {
  const dependencies = [...APART, ...OF_OUR_TYPES].toSorted().map((name) => [name, rangeOf(name, manifest)]);
  return {
    ...manifest,
    files: [...manifest.files, 'THIRD-PARTY-NOTICES'],
    dependencies: Object.fromEntries(dependencies),
  };
}

/** As the manifest says; where that leaves it to the workspace, what is tested here and what is compatible with it. */
function rangeOf(name, { dependencies }) {
  if (!dependencies[name].startsWith('catalog:')) return dependencies[name];
  return `^${readJson(join(SERVER, 'node_modules', name, 'package.json')).version}`;
}

/** @returns {string[]} the files of which the pages were made */
function modulesOfPages() {
  const report = join(ROOT, 'approver-app/dist/sizes.json');
  if (!existsSync(report)) throw new Error(`${report} is missing; build first`);
  const scripts = Object.values(readJson(report)).flatMap(({ atStart, later }) => [...atStart, ...later]);
  return scripts.flatMap(({ modules }) => modules).map((module) => join(ROOT, module));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
