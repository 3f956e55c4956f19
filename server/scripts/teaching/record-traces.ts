// Records the traces that the lesson plans replay: each a story of a real server, asked over the wire, with a clock that stands
// still. Called by the script that writes them, and by the test that compares their shape.
import { type TraceDocument, traceDocumentSchema } from '../../src/contract/index.ts';
import {
  bankBeforeLab,
  bankTenant,
  createManualClock,
  type RunningAssent,
  startAssent,
} from '../../src/index.ts';
import { writeTraceDocument } from '../../src/sequence/index.ts';

const ISSUER = 'https://localhost:4443/';
const BEGIN = Date.parse('2026-11-23T09:00:00Z');
const DETAILS = JSON.stringify([
  { type: 'transfer_funds', amount: '42.00', currency: 'EUR', to: 'Grace Hopper' },
]);

interface Recording {
  /** Name of its file, without the extension. */
  name: string;
  title: string;
  play(assent: RunningAssent): Promise<TraceDocument | undefined>;
}

const ask = (assent: RunningAssent) =>
  assent.control.lessons.try('lab-6', {
    step: 'wrap-tool',
    binding_message: 'RENT-4K9',
    authorization_details: DETAILS,
  });

/** The agent asks for its token, no sooner than it may. */
async function poll({ control }: RunningAssent): Promise<void> {
  await control.clock.advance(6_000);
  await control.lessons.try('lab-6', { step: 'transfer' });
}

async function playTransfer(assent: RunningAssent): Promise<void> {
  await ask(assent);
  await poll(assent);
  await assent.control.approve('latest');
  await poll(assent);
}

const RECORDINGS: readonly Recording[] = [
  {
    name: 'approved',
    title: 'A transfer that was approved, and moved the money',
    async play(assent) {
      await playTransfer(assent);
      return undefined;
    },
  },
  {
    name: 'approved-and-denied',
    title: 'The same transfer, approved and denied',
    async play(assent) {
      await playTransfer(assent);
      return (await assent.control.scenes.whatIf({ change: 'denied' })).trace;
    },
  },
  {
    name: 'not-enabled',
    title: 'An agent that was never given the grant',
    async play(assent) {
      await assent.control.lessons.try('lab-6', { step: 'enable-ciba' });
      return undefined;
    },
  },
  {
    name: 'changed-amount',
    title: 'An agent that changes the amount after the approval',
    async play(assent) {
      return (await assent.control.scenes.attack({ attack: 'changed_amount' })).trace;
    },
  },
];

/** Names of files with what belongs in them. */
export async function recordTraces(): Promise<ReadonlyMap<string, TraceDocument>> {
  const recorded = new Map<string, TraceDocument>();
  for (const { name, title, play } of RECORDINGS) {
    await using assent = await startAssent({
      config: name === 'not-enabled' ? bankBeforeLab : bankTenant,
      tls: false,
      issuer: ISSUER,
      clock: createManualClock(BEGIN),
    });
    const played = await play(assent);
    const { issuer, tenant, version } = await assent.control.health();
    const { events } = await assent.control.story();
    const document = played ?? writeTraceDocument(events, { title, issuer, tenant, assent: version });
    recorded.set(`${name}.assent-trace.json`, traceDocumentSchema.parse({ ...document, title }));
  }
  return recorded;
}
