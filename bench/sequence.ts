// `pnpm bench sequence`: how smooth the sequence view is with ten thousand events, in a real browser. One process serves, another
// one has the agent and the browser. It is no test. `--write` keeps the figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bankTenant, startAssent } from 'assent';
import { describeMachine } from './machine.ts';
import { type SequenceTimes, sequenceTimesSchema } from './sequence-messages.ts';
import { formatSequence, summarizeSequence } from './sequence-summary.ts';
import { keepFigures } from './timings-page.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});
const machine = describeMachine();
await using assent = await startAssent({
  config: { ...bankTenant, ciba: { requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 } },
});
const { url, issuer, env } = assent;
process.stderr.write(`${values.events} events, about two minutes\n`);
const received: SequenceTimes[] = [];
const load = fork(join(import.meta.dirname, 'sequence-load.ts'), [], {
  env: { ...process.env, NODE_EXTRA_CA_CERTS: assent.caFile },
});
load.on('message', (message) => received.push(sequenceTimesSchema.parse(message)));
load.send({ url, issuer, env, events: Number(values.events) });
const [code] = await once(load, 'exit');
const [times] = received;
if (code !== 0 || times === undefined) throw new Error(`the process with the browser ended with ${code}`);
const figures = { ...machine, ...summarizeSequence(times) };
process.stdout.write(`${formatSequence(figures)}\n`);
if (values.write) await keepFigures('sequence', figures);
