// Packs the server as others install it: assent-VERSION.tgz, bundled, with the built approver app inside. The build must be there.
//   node scripts/pack-server.mjs [FOLDER]      default: the folder in which it is called
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleServer } from './bundle-server.mjs';

const SERVER = join(import.meta.dirname, '../server');

/**
 * @param {string} folder where the tarball goes
 * @returns {Promise<string>} its path
 */
export async function packServer(folder) {
  completeBuild();
  const staged = mkdtempSync(join(tmpdir(), 'assent-pack-'));
  try {
    await bundleServer(staged);
    return pack(staged, resolve(folder));
  } finally {
    rmSync(staged, { recursive: true });
  }
}

/**
 * @param {string} staged the package
 * @param {string} folder
 */
function pack(staged, folder) {
  const words = ['--yes', 'pnpm@10.34.9', 'pack', '--json', '--pack-destination', folder];
  const answer = execFileSync('npx', words, {
    cwd: staged,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(answer.slice(answer.indexOf('{'))).filename;
}

/** Neither less than the sources say, nor what is left of sources that are gone: tsc writes and never removes. */
function completeBuild() {
  const built = globSync('dist/**/*.js', { cwd: SERVER, exclude: (path) => path === 'dist/web' });
  const stale = built.filter((file) => !existsSync(join(SERVER, sourceOf(file))));
  for (const file of stale) {
    for (const end of ['.js', '.js.map', '.d.ts', '.d.ts.map'])
      rmSync(join(SERVER, file.replace(/\.js$/, end)), { force: true });
  }
  if (built.length > stale.length && existsSync(join(SERVER, 'dist/web/phone.html'))) return;
  console.error('There is no build to pack.\nBuild it:  npx pnpm@10.34.9 run build');
  process.exit(1);
}

/** @param {string} file below dist */
function sourceOf(file) {
  return file.replace('dist/', 'src/').replace(/\.js$/, '.ts');
}

if (import.meta.main ?? process.argv[1] === import.meta.filename)
  console.log(await packServer(process.argv[2] ?? '.'));
