// What an approval is worth as time passes: tokens until shortly after its end, and the same answer however long one asks.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

const OVER = {
  error: 'access_denied',
  error_description: 'The end-user denied the authorization request or it has been expired',
};

let clock: ManualClock;
let assent: RunningAssent;
let agent: Agent;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  assent = await startAssent({ tls: false, clock, config: unlimitedBank({ ciba: { retention: 100 } }) });
  agent = new Agent(assent);
});
afterEach(() => assent.close());

it('an answer of the last moment still becomes tokens at the next poll', async () => {
  const id = await agent.askFor({ requested_expiry: '60' });
  clock.advance(59_000);
  await assent.control.approve('latest');
  clock.advance(10_000);
  expect((await agent.poll(id)).status).toBe(200);
});

it('an approved request that nobody redeemed in time answers as an expired one', async () => {
  const id = await agent.askFor({ requested_expiry: '60' });
  await assent.control.approve('latest');
  clock.advance(60_000 + 59_999);
  clock.advance(1);
  const answer = await agent.poll(id);
  expect([answer.status, answer.json()]).toEqual([400, OVER]);
});

it('an approval does not turn back into a pending request, however short its retention', async () => {
  const id = await agent.askFor();
  await assent.control.approve('latest');
  clock.advance(200_000);
  expect((await agent.poll(id)).status).toBe(200);
});
