// The same run once more, in a network namespace of its own: loopback, and a pair of interfaces that lead to each other, since
// Chromium opens no push connection where loopback is all there is. No packet can leave.
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/** Part of util-linux. */
const UNSHARE = 'unshare';
/** From the documentation range: RFC 5737. */
const ADDRESS = '192.0.2.1';

const SCRIPT = `
set -e
ip link set lo up
ip link add assent0 type veth peer name assent1
ip address add ${ADDRESS}/32 dev assent0
ip link set assent0 up
ip link set assent1 up
exec "$@"`;

export function isOnNetwork(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return !addresses.some(({ address }) => address === ADDRESS);
}

/** Whether this account may have one. */
export function hasNamespaces(): boolean {
  return spawnSync(UNSHARE, wordsFor(['true']), { stdio: 'ignore' }).status === 0;
}

/** @returns what the run ended with */
export function runWithoutNetwork(): number {
  const words = wordsFor([process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  const { status, error } = spawnSync(UNSHARE, words, { stdio: 'inherit' });
  if (error) throw new Error(`There is no network namespace to be had here: ${error.message}`);
  return status ?? 1;
}

function wordsFor(command: readonly string[]): string[] {
  return ['-n', 'sh', '-c', SCRIPT, 'sh', ...command];
}
