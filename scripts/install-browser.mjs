// Makes sure that the browser tests find a Chromium: one that is there, else one from Debian's packages, else Playwright's.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a browser that is there already. */
function findBrowser() {
  const named = process.env['ASSENT_CHROMIUM'];
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return candidates.find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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

function installFromDebian() {
  const isRootOnDebian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  return (
    isRootOnDebian &&
    run('apt-get', ['update']) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']) &&
    findBrowser() !== undefined
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
else if (installFromDebian()) console.log(`Browser for tests: ${findBrowser()}, installed from Debian`);
else if (installFromPlaywright()) console.log('Browser for tests: the Chromium of Playwright');
else {
  console.error(
    'No Chromium was found, and none could be installed. Install one, and name it if it has another name:',
  );
  console.error('  sudo apt-get install chromium');
  console.error('  export ASSENT_CHROMIUM=/path/to/chromium');
  process.exit(1);
}
