// Where the time goes between a request and its token, on this computer: a table for people, no test. The clock starts
// at the agent, and stops where a person would see or the agent would hear something.
import type { Programs } from './programs.ts';
import { type Latencies, PushWorld } from './push-world.ts';

const WAYS = [
  { name: 'Firefox, web push', kind: 'Firefox', usesEmbeddedPush: true },
  { name: 'Chromium, web push', kind: 'Chromium', usesEmbeddedPush: true },
  { name: 'Firefox, relay', kind: 'Firefox', usesEmbeddedPush: false },
  { name: 'Chromium, relay', kind: 'Chromium', usesEmbeddedPush: false },
] as const;

/** Not counted: the first ones compile and fill caches. */
const WARM_UPS = 3;

const COLUMNS: ReadonlyArray<{ title: string; of: (latencies: Latencies) => number }> = [
  { title: 'request → notification', of: ({ notification }) => notification },
  { title: 'click → screen', of: ({ screen }) => screen },
  { title: 'approve → outcome', of: ({ decision }) => decision },
  { title: 'poll → token', of: ({ token }) => token },
  {
    title: 'sum',
    of: ({ notification, screen, decision, token }) => notification + screen + decision + token,
  },
];

/** Prints median and 95th percentile of `rounds` approvals for each way, beside a bare HTTPS request to the same server. */
export async function printLatencies(options: { programs: Programs; rounds: number }): Promise<void> {
  const { programs, rounds } = options;
  print(`Milliseconds, median / 95th percentile of ${rounds}. Reading and pressing are not counted.`);
  print(row(['', ...COLUMNS.map(({ title }) => title), 'bare HTTPS request']));
  for (const { name, ...way } of WAYS) {
    await using world = await PushWorld.open({ programs, ...way });
    const { measured, bareMs } = await measure(world, rounds);
    print(row([name, ...COLUMNS.map(({ of }) => summarize(measured.map(of))), summarize(bareMs)]));
  }
}

async function measure(
  world: PushWorld,
  rounds: number,
): Promise<{ measured: Latencies[]; bareMs: number[] }> {
  await world.profile.start();
  const approver = await world.enrol();
  const reachesClosedTabs = world.usesEmbeddedPush;
  if (reachesClosedTabs) await approver.page.close();
  const measured: Latencies[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < WARM_UPS + rounds; round += 1) {
    const startedAtMs = performance.now();
    await world.assent.control.health();
    bareMs.push(performance.now() - startedAtMs);
    const { approver: opened, latencies } = await world.approveFromNotification(await world.ask());
    measured.push(latencies);
    if (reachesClosedTabs) await opened.page.close();
  }
  return { measured: measured.slice(WARM_UPS), bareMs: bareMs.slice(WARM_UPS) };
}

function summarize(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} / ${at(0.95)}`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(24))).join('');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
