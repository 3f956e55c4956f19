// Scenes in a tenant of the profile `standard`: a run is repeated in the words in which it was answered, also one without a code.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attack, SceneResult, WhatIfChange } from '../../src/contract/index.ts';
import { StandardBank } from './standard-bank.ts';

const PAYMENT = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '42.00' },
  creditorName: 'Grace Hopper',
};

let bank: StandardBank;

beforeAll(async () => {
  bank = await StandardBank.start();
  await bank.tokensOf({
    scope: 'openid payments',
    binding_message: undefined,
    authorization_details: JSON.stringify([PAYMENT]),
  });
});
afterAll(() => bank.assent.close());

/** What the agent was answered in the last run, in order. */
function answersOf({ runs, wire }: SceneResult): unknown[] {
  const name = runs.at(-1)?.name;
  return wire
    .filter((call) => call.run === name)
    .map(({ exchange: { response } }) => response.body?.['error'] ?? response.status);
}

test.each<[WhatIfChange, unknown[]]>([
  ['denied', [200, 'authorization_pending', 'access_denied']],
  ['expired', [200, 'authorization_pending', 'expired_token']],
  ['polled_too_fast', [200, 'authorization_pending', 'slow_down', 200, 200]],
  ['replayed', [200, 'authorization_pending', 200, 200, 'invalid_grant', 'invalid_token']],
])('what if it had been %s', async (change, answers) => {
  expect(answersOf(await bank.assent.control.scenes.whatIf({ change }))).toEqual(answers);
});

test.each<[Attack, string]>([
  ['changed_amount', 'api'],
  ['replayed_request', 'server'],
])('the attempt %s is stopped at the %s', async (attack, at) => {
  const { trace } = await bank.assent.control.scenes.attack({ attack });
  const attempted = trace.events.filter((event) => event.type === 'attack.attempted');
  expect(attempted).toMatchObject([{ attack, stopped_by: { at } }]);
});
