// The sample project as a stranger would have it: packs Assent, installs the tarball with npm outside this workspace, runs the
// command in an empty folder, then both suites of the sample, again and again.
//   node scripts/sample.mjs [--rounds N] [--only vitest|playwright] [--pace auth0|quick]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { findBrowser } from './find-browser.mjs';
import { packServer } from './pack-server.mjs';

const ROOT = join(import.meta.dirname, '..');
/** What npm and pnpm tell the scripts that they run would be taken for settings by the npm that is run here. */
const OF_LAUNCHER = /^(npm_(lifecycle|package|command|execpath|node_execpath|config_user_agent)|INIT_CWD$)/;

const QUIETLY = ['--no-audit', '--no-fund', '--loglevel=error'];

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    only: { type: 'string' },
    pace: { type: 'string' },
  },
});
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds received "${flags.rounds}", expected a whole number from 1. Try: --rounds 2`);
  process.exit(2);
}
const suites = ['vitest', 'playwright'].filter((suite) => flags.only === undefined || flags.only === suite);
const paces = ['auth0', 'quick'].filter((pace) => flags.pace === undefined || flags.pace === pace);

const chromium = findBrowser();
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_LAUNCHER.test(name))),
  // The Node that runs this, for everything below it.
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  ...(chromium === undefined ? {} : { ASSENT_CHROMIUM: chromium }),
};

const folder = mkdtempSync(join(tmpdir(), 'assent-sample-'));
try {
  const tarball = await packServer(folder);
  await runInEmptyFolder(tarball);
  const project = installSample(tarball);
  for (let round = 1; round <= rounds; round += 1) {
    for (const pace of paces) for (const suite of suites) runSuite(project, { suite, pace, round });
  }
  console.log(
    `The sample project passed ${rounds} rounds of ${suites.join(' and ')}, at the pace of ${paces.join(' and of ')}.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {string} tarball */
async function runInEmptyFolder(tarball) {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const npx = ['--yes', `--package=${tarball}`, 'assent'];
  const version = execFileSync('npx', [...npx, '--version'], { cwd: empty, env, encoding: 'utf8' }).trim();
  const server = spawn('npx', [...npx, '--port', '0'], {
    cwd: empty,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise((resolve, reject) => {
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (words) => {
      said += words;
      if (/^ *Ready\./m.test(said)) resolve();
    });
    server.once('exit', (code) => reject(new Error(`npx assent ended with ${code}:\n${said}`)));
  });
  const { url } = JSON.parse(readFileSync(join(empty, '.assent/server.json'), 'utf8'));
  const health = await readJson(`${url}/control/health`, readFileSync(join(empty, '.assent/ca.pem')));
  const approverApp = await readStatus(`${url}/approve/`, readFileSync(join(empty, '.assent/ca.pem')));
  server.kill('SIGTERM');
  await once(server, 'close');
  if (health.status !== 'ready' || health.version !== version || approverApp !== 200)
    throw new Error(`npx assent is not well: ${JSON.stringify({ version, health, approverApp })}`);
  console.log(`npx assent ${version} starts in an empty folder, is healthy and stops.`);
}

/**
 * @param {string} tarball
 * @returns {string} folder of the project
 */
function installSample(tarball) {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  // As the Dockerfile does.
  npm(['install', '--global', `--prefix=${bare}`, '--omit=dev', ...QUIETLY, tarball], bare);
  execFileSync(join(bare, 'bin/assent'), ['--version'], { env });
  const megabytes = sizeOf(bare) / 1e6;
  console.log(`Installed, it weighs ${megabytes.toFixed(1)} MB with its dependencies.`);
  const [, promised] =
    /(\d+) MB with everything that it needs/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  if (!(megabytes <= Number(promised))) throw new Error(`The README says ${promised} MB. Correct it.`);

  const project = join(folder, 'project');
  cpSync(join(ROOT, 'fixtures/sample-project'), project, {
    recursive: true,
    filter: (path) => !/node_modules|test-results/.test(path),
  });
  // The browser that is here may be the one of this very version.
  const playwright = JSON.parse(
    readFileSync(join(ROOT, 'approver-app/node_modules/@playwright/test/package.json'), 'utf8'),
  ).version;
  npm(
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--save-dev',
      tarball,
      `@playwright/test@${playwright}`,
    ],
    project,
  );
  npm(['run', '--silent', 'types'], project);
  return project;
}

/** @param {string} project */
function runSuite(project, { suite, pace, round }) {
  console.log(`round ${round} of ${rounds}: ${suite} at the pace of ${pace}`);
  execFileSync('npm', ['run', '--silent', suite === 'vitest' ? 'test' : 'e2e'], {
    cwd: project,
    env: { ...env, ASSENT_QUICK: pace === 'quick' ? '1' : '0' },
    stdio: 'inherit',
  });
}

/**
 * @param {string[]} words
 * @param {string} cwd
 */
function npm(words, cwd) {
  execFileSync('npm', words, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** @param {string} path */
function sizeOf(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/**
 * @param {string} url
 * @param {Buffer} ca
 */
async function open(url, ca) {
  const [response] = await once(get(url, { ca, agent: false }), 'response');
  return response;
}

async function readJson(url, ca) {
  return JSON.parse(await text(await open(url, ca)));
}

async function readStatus(url, ca) {
  const response = await open(url, ca);
  response.resume();
  return response.statusCode;
}
