// Makes sure that the browser tests find a Chromium: one that is there, else one from Debian's packages, else Playwright's.
// Real push is tested with more programs; where they cannot be had, those tests are skipped, and this says so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser, findProgram } from './find-browser.mjs';

/** What real push needs beside Chromium, and the Debian package of each. */
const PUSH_PROGRAMS = [
  { commands: ['firefox-esr', 'firefox'], variable: 'ASSENT_FIREFOX', debianPackage: 'firefox-esr' },
  { commands: ['dbus-daemon'], debianPackage: 'dbus-daemon' },
];

/** Without it browsers trust the one certificate instead of the authority, which works as well. */
const TRUST_PROGRAM = { commands: ['certutil'], debianPackage: 'libnss3-tools' };

/** @param {typeof PUSH_PROGRAMS} programs */
function missingOf(programs) {
  return programs.filter(({ commands, variable }) => findProgram(commands, variable) === undefined);
}

/**
 * @param {string} command
 * @param {string[]} words
 * @returns {boolean} whether it ended well
 */
function run(command, words) {
  console.log(`Browser for tests: ${[command, ...words].join(' ')}`);
  const { status } = spawnSync(command, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/** @param {string[]} packages */
function installFromDebian(packages) {
  const isRootOnDebian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  return (
    isRootOnDebian &&
    run('apt-get', ['update']) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
  );
}

function installFromPlaywright() {
  return run('npx', [
    '--yes',
    'pnpm@10.34.9',
    '--filter',
    '@assent/approver-app',
    'exec',
    'playwright',
    'install',
    'chromium',
  ]);
}

if (process.env['ASSENT_CHROMIUM'] && !findBrowser()) {
  console.error(
    `ASSENT_CHROMIUM is ${process.env['ASSENT_CHROMIUM']}, which is no program. Correct it, or unset it.`,
  );
  process.exit(1);
}

const found = findBrowser();
if (found) console.log(`Browser for tests: ${found}`);
else if (installFromDebian(['chromium']) && findBrowser())
  console.log(`Browser for tests: ${findBrowser()}, installed from Debian`);
else if (installFromPlaywright()) console.log('Browser for tests: the Chromium of Playwright');
else {
  console.error(
    'No Chromium was found, and none could be installed. Install one, and name it if it has another name:',
  );
  console.error('  sudo apt-get install chromium');
  console.error('  export ASSENT_CHROMIUM=/path/to/chromium');
  process.exit(1);
}

const missing = missingOf([...PUSH_PROGRAMS, TRUST_PROGRAM]);
if (missing.length > 0) installFromDebian(missing.map(({ debianPackage }) => debianPackage));
const stillMissing = missingOf(PUSH_PROGRAMS);
if (stillMissing.length === 0) {
  const paths = PUSH_PROGRAMS.map(({ commands, variable }) => findProgram(commands, variable));
  console.log(`Programs for tests of real push: ${paths.join(', ')}`);
} else {
  const packages = stillMissing.map(({ debianPackage }) => debianPackage);
  console.log('Real push will not be tested: some programs are missing and could not be installed.');
  console.log(`  sudo apt-get install --no-install-recommends ${packages.join(' ')}`);
}
