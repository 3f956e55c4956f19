// Makes sure that tests find what stands around a server: for the shared store a Redis that is there, or a Valkey, else Debian's;
// and where that can be installed, the library by which the computer's clock jumps.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const NAMES = [process.env['ASSENT_REDIS_SERVER'], 'redis-server', 'valkey-server'];

/** @returns {string | undefined} its version, as it says it */
function findRedis() {
  for (const name of NAMES) {
    if (name === undefined) continue;
    const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (status === 0) return stdout.split('\n')[0];
  }
  return undefined;
}

/**
 * @param {string} command
 * @param {string[]} words
 */
function run(command, words) {
  console.log(`Programs for tests: ${[command, ...words].join(' ')}`);
  const { status } = spawnSync(command, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/** @param {string} name of a package of Debian */
function install(name) {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false;
  return run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', name]);
}

// Tests start their own, on ports of their own: none is to run beside them.
const found = findRedis() ?? (install('redis-server') ? findRedis() : undefined);
if (found === undefined) {
  console.error('No Redis was found, and none could be installed. Install one, or a Valkey:');
  console.error('  sudo apt-get install --no-install-recommends redis-server');
  console.error('One with another name:   export ASSENT_REDIS_SERVER=/path/to/redis-server');
  process.exit(1);
}
console.log(`Redis for tests: ${found}`);

// Without it the tests of a clock that jumps are left out, and listed as skipped.
const LIBRARIES = '/usr/lib';
const isClockMovable =
  existsSync(LIBRARIES) &&
  readdirSync(LIBRARIES).some((folder) => existsSync(`${LIBRARIES}/${folder}/faketime/libfaketime.so.1`));
if (!isClockMovable && !install('libfaketime'))
  console.log('No libfaketime: tests of a clock that jumps are skipped.');
