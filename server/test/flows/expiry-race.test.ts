// A rule whose answer a fault holds back until its request expires: nobody waits for that answer who need not, and a clock that
// is put forward finds everything in the order of time.
import { expect, test } from 'vitest';
import type { RuleInput } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

const HOUR_MS = 3_600_000;

function startWith(rule: RuleInput): Promise<RunningAssent> {
  const clock = createManualClock(Date.now());
  return startAssent({ tls: false, clock, config: unlimitedBank({ rules: [rule] }) });
}

async function start(rule: RuleInput, first: 'decision' | 'expiry'): Promise<RunningAssent> {
  const assent = await startWith(rule);
  await assent.control.faults.inject({ on: 'decision', does: { kind: 'race_expiry', first } });
  return assent;
}

async function told(assent: RunningAssent): Promise<string[]> {
  const { events } = await assent.control.story();
  return events.flatMap((event) =>
    ['decision.made', 'decision.refused', 'request.expired', 'clock.moved'].includes(event.type)
      ? [event.type]
      : [],
  );
}

test('the agent has its auth_req_id although the answer of the rule waits', async () => {
  await using assent = await start({ answer: 'approve' }, 'decision');
  const agent = new Agent(assent);
  const authReqId = await agent.askFor();
  expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
  await assent.control.clock.advance(HOUR_MS);
  expect(await told(assent)).toEqual(['decision.made', 'clock.moved']);
});

test('a poll that an answer counts is answered although the answer waits', async () => {
  await using assent = await start({ answer: 'approve', after_polls: 1 }, 'expiry');
  const agent = new Agent(assent);
  const authReqId = await agent.askFor();
  expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
  await assent.control.clock.advance(HOUR_MS);
  expect(await told(assent)).toEqual(['request.expired', 'decision.refused', 'clock.moved']);
});

test('a jump over the answer and the expiry ends, and both have happened', async () => {
  await using assent = await start({ answer: 'deny', after_seconds: 10 }, 'decision');
  await new Agent(assent).askFor();
  await assent.control.clock.advance(HOUR_MS);
  expect(await told(assent)).toEqual(['decision.made', 'clock.moved']);
});

test('a server closes while an answer waits, and a reset takes it along', async () => {
  await using assent = await start({ answer: 'deny', after_seconds: 10 }, 'expiry');
  await new Agent(assent).askFor();
  await assent.control.clock.advance(10_000);
  await assent.reset();
  expect(await assent.control.requests()).toEqual([]);
});

test('an answer that a rule gives too late is told at the instant of the expiry', async () => {
  await using assent = await startWith({ answer: 'approve', late: true });
  await new Agent(assent).askFor();
  await assent.control.clock.advance(HOUR_MS);
  expect(await told(assent)).toEqual(['request.expired', 'decision.refused', 'clock.moved']);
  const { events } = await assent.control.story();
  const atOf = (type: string): string | undefined => events.find((event) => event.type === type)?.at;
  expect(atOf('decision.refused')).toBe(atOf('request.expired'));
});
