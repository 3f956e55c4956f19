// Makes sure that the tests of the shared store find a Redis: one that is there, or a Valkey, else Debian's.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
  console.log(`Redis for tests: ${[command, ...words].join(' ')}`);
  const { status } = spawnSync(command, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

function install() {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false;
  // Tests start their own, on ports of their own: none is to run beside them.
  return (
    run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'])
  );
}

const found = findRedis() ?? (install() ? findRedis() : undefined);
if (found === undefined) {
  console.error('No Redis was found, and none could be installed. Install one, or a Valkey:');
  console.error('  sudo apt-get install --no-install-recommends redis-server');
  console.error('One with another name:   export ASSENT_REDIS_SERVER=/path/to/redis-server');
  process.exit(1);
}
console.log(`Redis for tests: ${found}`);
