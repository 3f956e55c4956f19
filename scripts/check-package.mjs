// What others install, looked at before anybody does: publint, are-the-types-wrong, its weight, and what is in it.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { packServer } from './pack-server.mjs';

const MOST_MEGABYTES = 15;
const NEEDED = [
  'README.md',
  'LICENSE',
  'THIRD-PARTY-NOTICES',
  'docs/reference/configuration.md',
  'tenant.schema.json',
  'bin/assent.js',
  'dist/web/phone.html',
];
const UNWANTED = ['**/*.map', '**/*.tsbuildinfo', '**/*.test.*'];

const folder = mkdtempSync(join(tmpdir(), 'assent-package-'));
try {
  const tarball = await packServer(folder);
  run('publint', ['--strict', tarball]);
  // The package is of ES modules alone, as everything that runs on its Node can load.
  run('attw', ['--no-emoji', '--format', 'ascii', '--profile', 'esm-only', tarball]);
  execFileSync('tar', ['xzf', tarball, '-C', folder]);
  const root = join(folder, 'package');
  const files = globSync('**/*', { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
  const megabytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 1_000_000;
  const findings = [
    ...NEEDED.filter((file) => !existsSync(join(root, file))).map((file) => `${file} is missing`),
    ...UNWANTED.flatMap((pattern) => globSync(pattern, { cwd: root })).map((file) => `${file} is in it`),
    ...(await findOtherShapes(root)).map((name) => `${name} is another shape than in the workspace`),
    ...(megabytes > MOST_MEGABYTES ? [`it weighs more than ${MOST_MEGABYTES} MB`] : []),
  ];
  console.log(`The package has ${files.length} files of ${megabytes.toFixed(1)} MB together.`);
  for (const finding of findings) console.error(`Not as it should be: ${finding}.`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * In the bundle a schema is made when it is first used (`later-schemas`). It must come to the same.
 *
 * @param {string} root
 * @returns {Promise<string[]>} names of schemas of the contract that differ
 */
async function findOtherShapes(root) {
  const [packed, built] = await Promise.all(
    [join(root, 'dist'), join(import.meta.dirname, '../server/dist')].map(
      (dist) => import(pathToFileURL(join(dist, 'contract/index.js')).href),
    ),
  );
  const names = Object.keys(built).filter((name) => built[name]?._zod !== undefined);
  if (names.length < 50) return ['the contract'];
  const shapeOf = (schema) =>
    ['input', 'output'].map((io) => schema.toJSONSchema({ io, unrepresentable: 'any', reused: 'inline' }));
  const verdictOf = (schema) =>
    [undefined, {}, [], 'text', { tenant: 5 }].map((value) => JSON.stringify(schema.safeParse(value)));
  return names.filter(
    (name) =>
      // What was parsed before it was described, and the other way round.
      !isDeepStrictEqual(verdictOf(packed[name]), verdictOf(built[name])) ||
      !isDeepStrictEqual(shapeOf(packed[name]), shapeOf(built[name])),
  );
}

/**
 * @param {string} command of the workspace
 * @param {string[]} words
 */
function run(command, words) {
  try {
    execFileSync(join(import.meta.dirname, '../node_modules/.bin', command), words, { encoding: 'utf8' });
  } catch (error) {
    console.error(`${command} is not content:\n${error.stdout}${error.stderr}`);
    throw error;
  }
}
