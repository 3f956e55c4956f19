// `pnpm run contests --rounds 1000 [--instances 3]`: requests that several people decide at several servers at once, each his own way,
// and that several callers redeem at several servers at once. Of each there is one winner, and everybody is told the same.
import type { ControlDecision } from 'assent/contract';
import { Exchange } from '../client/exchange.ts';
import { CIBA_GRANT } from '../client/relying-party.ts';
import { ADA, emailOf } from '../lab/people.ts';
import { readWords, refuseWords } from './command-words.ts';
import { CrashScene } from './crash-scene.ts';
import { openCrashStore } from './crash-stores.ts';

const CALLERS = 6;
const AT_ONCE = 4;

const USAGE = `Usage: pnpm contests [options]

has ${CALLERS} callers decide one request at several servers on one Redis at the same
time, and as many redeem it; of each there must be one winner, and everybody is
told the same. A redis-server has to be installed

Options:
  --rounds <number>     requests (default: 1000)
  --instances <number>  servers (default: 3)
  --help                display this
`;

const values = readWords(USAGE, {
  rounds: { type: 'string', default: '1000' },
  instances: { type: 'string', default: '3' },
});
const rounds = Number(values.rounds);
const instances = Number(values.instances);
if (![rounds, instances].every((count) => Number.isInteger(count) && count > 0)) {
  refuseWords(USAGE, 'Expected whole numbers.');
}

await using store = await openCrashStore('redis');
await using scene = await CrashScene.open({ storeWords: store.storeWords, instances, seed: 1 });
await using exchange = new Exchange(undefined);
const { clientId, secret } = scene.pollingClient;
/** The host that all instances answer to, whichever of them is called. */
const headers = { host: new URL(scene.fleet.front.url).host };
const urlOf = (caller: number): string => {
  const url = scene.fleet.urlOf(caller % instances);
  if (url === undefined) throw new Error('an instance has ended');
  return url;
};
const postForm = (caller: number, path: string, fields: Record<string, string>) =>
  exchange.post(
    `${urlOf(caller)}${path}`,
    { client_id: clientId, client_secret: secret ?? '', ...fields },
    { headers },
  );
const callers = Array.from({ length: CALLERS }, (_, caller) => caller);

let begun = 0;
let ended = 0;
let approved = 0;
const failures: string[] = [];

async function contest(): Promise<void> {
  const asked = await postForm(begun, '/bc-authorize', {
    scope: 'openid',
    login_hint: emailOf(ADA),
    binding_message: `C-${begun}`,
  });
  const authReqId: string = asked.json().auth_req_id;
  const decisions = await Promise.all(
    callers.map(async (caller) => {
      const decision: ControlDecision['decision'] = caller % 2 === 0 ? 'approve' : 'deny';
      const answer = await exchange.send(`${urlOf(caller)}/control/requests/${authReqId}/decision`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ decision, from: 'control API' }),
      });
      const { result, approval } = answer.json();
      return { decision, result, outcome: approval?.decision?.outcome };
    }),
  );
  const winners = decisions.filter(({ result }) => result === 'decided');
  const outcome = winners[0]?.decision === 'approve' ? 'approved' : 'denied';
  if (winners.length !== 1 || decisions.some((one) => one.outcome !== outcome))
    failures.push(`decided otherwise than once: ${JSON.stringify(decisions)}`);
  const answers = await Promise.all(
    callers.map((caller) =>
      postForm(caller, '/oauth/token', { grant_type: CIBA_GRANT, auth_req_id: authReqId }),
    ),
  );
  const redeemed = answers.filter(({ status }) => status === 200).length;
  if (redeemed !== (outcome === 'approved' ? 1 : 0))
    failures.push(
      `${outcome}, and redeemed ${redeemed} times: ${answers.map(({ text }) => text.slice(0, 120))}`,
    );
  approved += redeemed;
}

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (begun < rounds && failures.length === 0) {
      begun += 1;
      await contest();
      ended += 1;
      if (ended % 100 === 0) process.stdout.write(`${ended} contests\n`);
    }
  }),
);
if (failures.length > 0) {
  process.stderr.write(`${failures.join('\n')}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(
    `${ended} contests at ${instances} servers, one winner each; ${approved} were redeemed, once\n`,
  );
}
