// `pnpm bench class`: a class of thirty at work, measured: from an agent's call until the request is on its approver's screen. One
// process serves all tenants, another one has the browser with all pages. It is no test of speed; but it fails if any page shows
// what belongs to another tenant. `--write` keeps the figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bankTenant } from 'assent';
import { startClass } from 'assent/classroom';
import { type ClassRound, classRoundSchema, type Place, READY } from './class-messages.ts';
import { formatClass, summarizeClass } from './class-summary.ts';
import { describeMachine } from './machine.ts';
import { keepFigures } from './timings-page.ts';

const APPROVER = 'auth0|ada';

const { values } = parseArgs({
  options: {
    places: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const machine = describeMachine();
await using running = await startClass({
  places: Number(values.places),
  config: { ...bankTenant, ciba: { requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 } },
});
const places: Place[] = [];
for (const { number, assent } of running.places) {
  const { url: invitation } = await assent.control.inviteBrowser(APPROVER);
  places.push({ number, url: assent.url, issuer: assent.issuer, env: assent.env, invitation });
}
process.stderr.write(`${places.length} places, ${values.rounds} rounds, about two minutes\n`);

const played: ClassRound[] = [];
// Node's own fetch learns of a private authority only so, and only at the start.
const env = { ...process.env, NODE_EXTRA_CA_CERTS: running.caFile };
const load = fork(join(import.meta.dirname, 'class-load.ts'), [], { env });
let cpuBefore = process.cpuUsage();
load.on('message', (message) => {
  if (message === READY) {
    cpuBefore = process.cpuUsage();
    return;
  }
  played.push(classRoundSchema.parse(message));
  process.stderr.write(`round ${played.length}\n`);
});
load.send({ places, rounds: Number(values.rounds) });
const [code] = await once(load, 'exit');
if (code !== 0) throw new Error(`the process with the browser ended with ${code}`);
const { user, system } = process.cpuUsage(cpuBefore);
const figures = { ...machine, ...summarizeClass(played, (user + system) / 1000) };
process.stdout.write(`${formatClass(figures)}\n`);
if (values.write) await keepFigures('class', figures);
