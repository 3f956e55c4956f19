// `pnpm bench quick-answers`: how long a whole test takes with quick answers, beside the same test at Auth0's pace. This process
// serves, another one asks. It is no test: nothing fails for being slow. `--write` keeps the figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bankTenant, type RunningAssent, startAssent } from 'assent';
import { describeMachine } from './machine.ts';
import { type Pace, type Round, roundSchema, type Target } from './messages.ts';
import { formatFigures, summarize } from './summary.ts';
import { keepFigures } from './timings-page.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`--rounds is ${values.rounds}, expected a whole number from 1.\n`);
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'assent-bench-'));
try {
  const config = {
    ...bankTenant,
    ciba: { requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 },
  };
  const machine = describeMachine();
  await using quick = await startAssent({ config, dataFolder: folder, quickAnswers: true });
  await using auth0 = await startAssent({ config, dataFolder: folder });
  const targets = [targetOf('quick', quick), targetOf('auth0', auth0)];
  process.stderr.write(`${rounds} rounds, about ${rounds * 6 + 10} seconds\n`);
  const figures = summarize(await play(targets, quick.caFile), machine);
  process.stdout.write(`${formatFigures(figures)}\n`);
  if (values.write) await keepFigures('quickAnswers', figures);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function targetOf(pace: Pace, { url, issuer, ca = '', env }: RunningAssent): Target {
  return { pace, url, issuer, ca, env };
}

async function play(targets: readonly Target[], caFile: string | undefined): Promise<Round[]> {
  const played: Round[] = [];
  const plan = JSON.stringify({ targets, rounds, quickPerRound: 10, warmUps: 30 });
  // The SDK uses Node's own fetch, which learns of a private authority only so, and only at the start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile };
  const load = fork(join(import.meta.dirname, 'load.ts'), [plan], { env });
  load.on('message', (message) => {
    played.push(roundSchema.parse(message));
    process.stderr.write(`round ${played.length}\n`);
  });
  const [code] = await once(load, 'exit');
  if (code !== 0) throw new Error(`the process that asks ended with ${code}`);
  return played;
}
