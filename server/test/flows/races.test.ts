// Many at once: whoever decides or redeems, exactly one wins, everybody else is told, and the winner keeps what it got.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

const ROUNDS = 200;
const REDEMPTIONS = 20;

let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

it(`of ${ROUNDS} races between approve and deny each has one winner, and the token endpoint agrees with it`, async () => {
  const winners = { approved: 0, denied: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const id = await agent.askFor();
    const { name } = await assent.control.request('latest');
    const decide = [
      () => assent.control.approve(name),
      () => assent.control.deny(name),
      () => assent.control.approve(name),
      () => assent.control.deny(name),
    ];
    const order = round % 2 === 0 ? decide : decide.toReversed();
    const results = await Promise.all(order.map((one) => one()));
    expect(results.map((one) => one.result).sort()).toEqual([
      'already_decided',
      'already_decided',
      'already_decided',
      'decided',
    ]);
    const outcomes = new Set(results.map((one) => one.approval.decision?.outcome));
    expect(outcomes.size).toBe(1);
    const [outcome] = outcomes;
    if (outcome === undefined) throw new Error('nobody won');
    winners[outcome] += 1;
    const answer = await agent.poll(id);
    expect(answer.status === 200 ? 'approved' : answer.json().error).toBe(
      outcome === 'approved' ? 'approved' : 'access_denied',
    );
  }
  expect(winners.approved + winners.denied).toBe(ROUNDS);
  expect(Math.min(winners.approved, winners.denied)).toBeGreaterThan(0);
}, 120_000);

it(`of ${REDEMPTIONS} parallel redemptions one wins, ${ROUNDS} times over, and its tokens stay valid`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const id = await agent.askFor({ audience: undefined, scope: 'openid offline_access' });
    await assent.control.approve('latest');
    const answers = await Promise.all(Array.from({ length: REDEMPTIONS }, () => agent.poll(id)));
    const won = answers.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    const lost = answers
      .filter((answer) => answer.status !== 200)
      .map((answer) => [answer.status, answer.json()]);
    expect(lost).toEqual(
      Array(REDEMPTIONS - 1).fill([
        400,
        { error: 'invalid_grant', error_description: 'Invalid or expired auth_req_id' },
      ]),
    );
    const tokens = won[0]?.json();
    const me = await call(`${assent.url}/userinfo`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    expect(me.status).toBe(200);
    const refreshed = await agent.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(refreshed.status).toBe(200);
  }
}, 240_000);

it('a decision and the end of the time racing leave one of the two, and each may win', async () => {
  const winners = { approved: 0, expired: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const id = await agent.askFor();
    const { name } = await assent.control.request('latest');
    // Whoever is called first is likelier to win; each is, in half of the rounds.
    const earlyExpiry = round % 2 === 0 ? undefined : assent.control.expire(name);
    const [decision, ended] = await Promise.all([
      assent.control.approve(name),
      earlyExpiry ?? assent.control.expire(name),
    ]);
    const answer = await agent.poll(id);
    if (decision.result === 'decided') {
      winners.approved += 1;
      expect([answer.status, ended.state]).toEqual([200, 'approved']);
    } else {
      winners.expired += 1;
      expect([decision.result, ended.state, answer.json().error]).toEqual([
        'expired',
        'expired',
        'access_denied',
      ]);
    }
  }
  expect(winners.approved + winners.expired).toBe(ROUNDS);
  expect(Math.min(winners.approved, winners.expired)).toBeGreaterThan(0);
}, 120_000);
