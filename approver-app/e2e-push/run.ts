// Real Web Push into real browsers, without the internet: `pnpm run e2e:push`. Stock Firefox and stock Chromium receive a
// push from the server while no tab of the app is open.
//
//   --rounds 20        as often, in a row
//   --no-network       in a network namespace of its own, from which no route leads anywhere (Linux, as root)
//   --where-possible   what this computer lacks programs for is skipped; it does not hold in CI
//   --bench            how long each part takes, instead of tests; 50 approvals each, or as many as --rounds says
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import type { BrowserKind } from './browser-profile.ts';
import { printLatencies } from './latencies.ts';
import { hasNamespaces, isOnNetwork, runWithoutNetwork } from './no-network.ts';
import { findPrograms, missingForChromiumPush, type Programs } from './programs.ts';
import { PushWorld } from './push-world.ts';

/** No measure of anything: for what would never end. */
const TEST_TIMEOUT_MS = 900_000;
const BENCH_ROUNDS = 50;
const KINDS: readonly BrowserKind[] = ['Firefox', 'Chromium'];

const { values: options } = parseArgs({
  // A package manager may hand over the `--` that was meant for it.
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    rounds: { type: 'string' },
    'where-possible': { type: 'boolean', default: false },
    bench: { type: 'boolean', default: false },
    'no-network': { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.bench ? BENCH_ROUNDS : 1));
assert.ok(Number.isInteger(rounds) && rounds > 0, `--rounds is ${options.rounds}, expected a number from 1`);
const maySkip = options['where-possible'] && !process.env['CI'];

// Puppeteer closes its browsers at this signal and goes on otherwise.
process.once('SIGTERM', () => process.exit(143));

const found = findPrograms();
// Where loopback is all there is, as in a container without a network, the namespace also brings what Chromium needs.
const wantsNamespace = options['no-network'] || (missingForChromiumPush() !== undefined && hasNamespaces());
if (wantsNamespace && isOnNetwork()) process.exit(runWithoutNetwork());
else if ('programs' in found) await main(found.programs);
else if (maySkip) test('real push into Firefox and Chromium', { skip: found.missing }, () => {});
else throw new Error(`Real push was not tested. ${found.missing}`);

async function main(programs: Programs): Promise<void> {
  const missing = missingForChromiumPush();
  if (missing !== undefined && !maySkip) throw new Error(`Real push was not tested. ${missing}.`);
  if (options.bench) return printLatencies({ programs, rounds });
  for (let round = 1; round <= rounds; round += 1) {
    const suffix = rounds === 1 ? '' : ` (${round} of ${rounds})`;
    for (const kind of KINDS) {
      const skip = (kind === 'Chromium' && missing) || false;
      const run = (name: string, story: (programs: Programs, kind: BrowserKind) => Promise<void>) =>
        test(`${kind} ${name}${suffix}`, { timeout: TEST_TIMEOUT_MS, skip }, () => story(programs, kind));
      run(
        'gets a push with its tab closed, after a restart of its own and after one of the server; each opens its request and becomes a token',
        receiveRealPush,
      );
      run('of `assent browser` is paired and gets a push by itself', pairByItself);
    }
    for (const kind of KINDS) {
      test(
        `${kind} as everybody has it is notified by the relay while the page is open${suffix}`,
        { timeout: TEST_TIMEOUT_MS },
        () => receiveByRelay(programs, kind),
      );
    }
  }
}

async function receiveRealPush(programs: Programs, kind: BrowserKind): Promise<void> {
  await using world = await PushWorld.open({ programs, kind, usesEmbeddedPush: true });
  await world.profile.start();
  const approver = await world.enrol();
  await approver.page.close();
  assert.deepEqual(await world.tabs(), []);
  const first = await world.approveFromNotification(await world.ask());
  assert.deepEqual(await world.tabs(), [first.approver.page.url()]);

  await world.profile.quit();
  const askedMeanwhile = await world.ask();
  await world.profile.start();
  assert.deepEqual(await world.tabs(), []);
  const second = await world.approveFromNotification(askedMeanwhile);
  await second.approver.page.close();

  await world.restartServer();
  const third = await world.approveFromNotification(await world.ask());
  await third.approver.page.close();
  await world.approveFromNotification(await world.ask());
}

async function pairByItself(programs: Programs, kind: BrowserKind): Promise<void> {
  await using world = await PushWorld.open({ programs, kind, usesEmbeddedPush: true });
  await world.profile.start('paired');
  await world.profile.isReady();
  await world.approveFromNotification(await world.ask());
}

async function receiveByRelay(programs: Programs, kind: BrowserKind): Promise<void> {
  await using world = await PushWorld.open({ programs, kind, usesEmbeddedPush: false });
  await world.profile.start();
  await world.enrol();
  await world.approveFromNotification(await world.ask());
}
