// People who answer by rule: what a rule takes, when its answer comes, and what the trace says of it. Agents speak plain
// HTTP, and time stands still until a test moves it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RuleInput, TenantConfigInput, TraceEvent } from '../../src/contract/index.ts';
import {
  createManualClock,
  type ManualClock,
  type RunningAssent,
  type StartOptions,
  startAssent,
} from '../../src/index.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { administratorOf } from '../management/administrator.ts';
import { ADA, GRACE } from '../world.ts';

let assent: RunningAssent | undefined;
let clock: ManualClock;

afterEach(async () => {
  await assent?.close();
  assent = undefined;
});

async function start(
  rules: RuleInput[],
  { config = {}, ...options }: Partial<StartOptions> & { config?: Partial<TenantConfigInput> } = {},
): Promise<{ assent: RunningAssent; agent: Agent }> {
  clock ??= createManualClock(Date.now());
  assent = await startAssent({ tls: false, clock, config: unlimitedBank({ ...config, rules }), ...options });
  return { assent, agent: new Agent(assent) };
}

const transfer = (amount: string | number, changes: object = {}): string =>
  JSON.stringify([{ ...TRANSFER, amount, ...changes }]);

/** What the token endpoint says: tokens, or the error. */
async function polled(agent: Agent, authReqId: string): Promise<string> {
  const answer = await agent.poll(authReqId);
  return answer.status === 200 ? 'tokens' : answer.json().error;
}

/** Which rule took the request; undefined where none did. */
async function ruleOf(ref: string): Promise<string | undefined> {
  const events: TraceEvent[] = (await assent?.control.trace(ref)) ?? [];
  return events.find((event) => event.type === 'rule.fired')?.rule;
}

async function story(ref: string): Promise<string[]> {
  return ((await assent?.control.trace(ref)) ?? []).map(({ type }) => type);
}

describe('what a rule takes', () => {
  const cases: ReadonlyArray<[string, RuleInput, Record<string, string>, Record<string, string>]> = [
    ['a person', { answer: 'approve', user_id: GRACE }, { login_hint: GRACE }, {}],
    [
      'an API',
      { answer: 'approve', audience: TRANSFERS },
      {},
      { audience: '', authorization_details: '', scope: 'openid' },
    ],
    ['scopes', { answer: 'approve', scope: 'openid create:transfer' }, {}, { scope: 'openid' }],
    ['a code', { answer: 'approve', binding_message: 'RENT-4K9' }, {}, { binding_message: 'RENT-4K90' }],
    [
      'a code with stars',
      { answer: 'approve', binding_message: '*-4*9' },
      { binding_message: 'RENT-4-4K99' },
      { binding_message: 'RENT-4K98' },
    ],
    [
      'a type',
      { answer: 'approve', type: 'transfer_funds' },
      {},
      { authorization_details: JSON.stringify([TRANSFER, { type: 'account_information' }]) },
    ],
    [
      'amounts up to a bound',
      { answer: 'approve', up_to: '50 EUR' },
      { authorization_details: transfer('50.00') },
      { authorization_details: transfer('50.000000000000000000001') },
    ],
    [
      'amounts in one currency',
      { answer: 'approve', up_to: '50 EUR' },
      { authorization_details: transfer(50) },
      { authorization_details: transfer(5, { currency: 'USD' }) },
    ],
    [
      'what several transfers come to',
      { answer: 'approve', up_to: 50 },
      { authorization_details: JSON.stringify([20, 30].map((amount) => ({ ...TRANSFER, amount }))) },
      { authorization_details: JSON.stringify([20, 31].map((amount) => ({ ...TRANSFER, amount }))) },
    ],
    [
      'amounts where the display settings say that they stand',
      { answer: 'approve', up_to: '50 eur' },
      {
        authorization_details: JSON.stringify([
          { type: 'payment_initiation', instructedAmount: { amount: '49.99', currency: 'EUR' } },
        ]),
      },
      { authorization_details: JSON.stringify([{ type: 'account_information', amount: 'much' }]) },
    ],
    [
      'amounts from a bound on',
      { answer: 'approve', at_least: 100 },
      { authorization_details: transfer('100') },
      { authorization_details: transfer(99.99) },
    ],
    [
      'one value',
      { answer: 'approve', where: { '/to': { equals: 'Grace Hopper' } } },
      {},
      { authorization_details: transfer(1, { to: 'Ada Lovelace' }) },
    ],
    [
      'a value among several',
      { answer: 'approve', where: { '/currency': { one_of: ['EUR', 'USD'] } } },
      {},
      { authorization_details: transfer(1, { currency: 'GBP' }) },
    ],
    [
      'a number or its text between bounds, anywhere',
      { answer: 'approve', where: { '/parts/1/value': { at_least: 1e-7, at_most: 2 } } },
      { authorization_details: transfer(1, { parts: [{}, { value: '0.0000001' }] }) },
      { authorization_details: transfer(1, { parts: [{}, { value: 2.01 }] }) },
    ],
    [
      'a value that is missing',
      { answer: 'approve', where: { '/reference': { exists: false } } },
      {},
      { authorization_details: transfer(1, { reference: null }) },
    ],
  ];

  test.each(cases)('can be %s', async (_name, rule, matching, other) => {
    const { agent } = await start([rule]);
    const ask = async ({ login_hint: userId = ADA, ...changes }: Record<string, string>): Promise<string> => {
      const parameters = { authorization_details: transfer(250), ...changes };
      const sent = Object.entries(parameters).map(([name, value]) => [name, value || undefined]);
      return polled(
        agent,
        await agent.askFor({ ...Object.fromEntries(sent), login_hint: agent.hint(userId) }),
      );
    };
    expect(await ask(matching)).toBe('tokens');
    expect(await ask(other)).toBe('authorization_pending');
  });

  test('can be a client', async () => {
    const { assent } = await start([{ answer: 'approve', client_id: 'night-trader' }]);
    const ask = async (clientId: string): Promise<string> => {
      const agent = new Agent(assent, { client_id: clientId, client_secret: `${clientId}-secret-not-real` });
      return polled(agent, await agent.askFor({ audience: undefined, scope: 'openid' }));
    };
    expect(await ask('night-trader')).toBe('tokens');
    expect(await ask('aiya')).toBe('authorization_pending');
  });

  test('goes to the first that matches, as often as that may', async () => {
    const { assent, agent } = await start([
      { id: 'first', answer: 'deny', times: 1 },
      { id: 'second', answer: 'approve', times: 2, user_id: ADA },
      { id: 'third', answer: 'deny' },
    ]);
    const taken = [];
    for (const _ of [1, 2, 3, 4]) taken.push(await ruleOf(await agent.askFor()));
    expect(taken).toEqual(['first', 'second', 'second', 'third']);
    expect((await assent.control.rules.list()).map(({ id, fired }) => [id, fired])).toEqual([
      ['first', 1],
      ['second', 2],
      ['third', 1],
    ]);
  });

  test('is drawn from the seed, the same again for the same seed', async () => {
    const rules: RuleInput[] = [{ id: 'some', answer: 'approve', probability: 0.5 }];
    const run = async (seed: string): Promise<string> => {
      const { agent } = await start(rules, { seed });
      const taken = [];
      for (let count = 0; count < 24; count += 1) {
        taken.push((await ruleOf(await agent.askFor())) === undefined ? '-' : 'x');
      }
      await assent?.close();
      return taken.join('');
    };
    const first = await run('one');
    expect(first).toMatch(/x/);
    expect(first).toMatch(/-/);
    expect(await run('one')).toBe(first);
    expect(await run('two')).not.toBe(first);
  });
});

describe('when its answer comes', () => {
  test('without delay it is there before the first poll, and the story names the rule', async () => {
    const { assent, agent } = await start([{ id: 'small', answer: 'approve', up_to: '50 EUR' }]);
    const authReqId = await agent.askFor({ authorization_details: transfer('42.00') });
    expect(await assent.control.request(authReqId)).toMatchObject({
      state: 'approved',
      decision: { outcome: 'approved', by: ADA, from: 'rule', rule: 'small' },
    });
    expect(await polled(agent, authReqId)).toBe('tokens');
    const events = await assent.control.trace(authReqId);
    expect(events.find(({ type }) => type === 'rule.fired')).toMatchObject({
      rule: 'small',
      says: 'approve up to 50 EUR',
    });
    expect(events.find(({ type }) => type === 'decision.made')).toMatchObject({
      from: 'rule',
      rule: 'small',
    });
  });

  test('a denial has its reason', async () => {
    const { assent, agent } = await start([{ answer: 'deny', reason: 'not tonight' }]);
    const authReqId = await agent.askFor();
    expect(await polled(agent, authReqId)).toBe('access_denied');
    expect(await assent.control.request(authReqId)).toMatchObject({
      decision: { outcome: 'denied', reason: 'not tonight' },
    });
  });

  test('after polls, the one after them gets it, and hurrying does not help', async () => {
    const { agent } = await start([{ answer: 'approve', after_polls: 2 }]);
    const authReqId = await agent.askFor();
    expect(await polled(agent, authReqId)).toBe('authorization_pending');
    expect(await polled(agent, authReqId)).toBe('slow_down');
    clock.advance(10_000);
    expect(await polled(agent, authReqId)).toBe('authorization_pending');
    expect(await polled(agent, authReqId)).toBe('tokens');
  });

  test('after seconds, by the clock of the tenant', async () => {
    const { assent, agent } = await start([{ answer: 'approve', after_seconds: 30 }]);
    const authReqId = await agent.askFor();
    clock.advance(29_999);
    expect(await assent.control.request(authReqId)).toMatchObject({ state: 'pending' });
    clock.advance(1);
    expect(await polled(agent, authReqId)).toBe('tokens');
  });

  test('after seconds, also where the clock is put forward beyond the end of the request', async () => {
    const { assent, agent } = await start([{ answer: 'deny', after_seconds: 30 }]);
    const authReqId = await agent.askFor();
    await assent.control.clock.advance(400_000);
    const { decision, requested_at: askedAt } = await assent.control.request(authReqId);
    expect(Date.parse(decision?.at ?? '') - Date.parse(askedAt)).toBe(30_000);
    expect(await story(authReqId)).not.toContain('request.expired');
  });

  test('never, where it leaves the request open', async () => {
    const { agent } = await start([{ answer: 'nothing', user_id: ADA }, { answer: 'approve' }]);
    const authReqId = await agent.askFor();
    clock.advance(299_999);
    expect(await polled(agent, authReqId)).toBe('authorization_pending');
    clock.advance(1);
    expect(await polled(agent, authReqId)).toBe('access_denied');
  });

  test('too late, it is refused, and the story tells', async () => {
    const { assent, agent } = await start([
      { id: 'late', answer: 'approve', late: true, times: 1 },
      { id: 'slow', answer: 'approve', after_seconds: 301 },
    ]);
    for (const rule of ['late', 'slow']) {
      const authReqId = await agent.askFor();
      clock.advance(301_000);
      expect(await polled(agent, authReqId)).toBe('access_denied');
      expect(await story(authReqId)).toEqual([
        'request.received',
        'notification.waiting',
        'rule.fired',
        'request.expired',
        'decision.refused',
        'token.refused',
      ]);
      const refused = (await assent.control.trace(authReqId)).find(({ type }) => type === 'decision.refused');
      expect(refused).toMatchObject({ why: 'expired', from: 'rule', rule });
    }
  });

  test('with an end instead of an answer, at once or after polls', async () => {
    const { assent, agent } = await start([
      { answer: 'expire', times: 1 },
      { id: 'ends', answer: 'expire', after_polls: 1 },
    ]);
    expect(await polled(agent, await agent.askFor())).toBe('access_denied');
    const authReqId = await agent.askFor();
    expect(await polled(agent, authReqId)).toBe('authorization_pending');
    expect(await polled(agent, authReqId)).toBe('access_denied');
    const ended = (await assent.control.trace(authReqId)).find(({ type }) => type === 'request.expired');
    expect(ended).toMatchObject({ rule: 'ends' });
  });

  test('a person who is faster wins, and the rule stays silent', async () => {
    const { assent, agent } = await start([{ answer: 'approve', after_seconds: 30 }]);
    const authReqId = await agent.askFor();
    await assent.control.deny(authReqId);
    clock.advance(60_000);
    expect(await polled(agent, authReqId)).toBe('access_denied');
    expect(await story(authReqId)).not.toContain('decision.refused');
  });

  test('answers that were owed still come after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-rules-'));
    const options = { dataFile: join(folder, 'assent.db') };
    const rules: RuleInput[] = [
      { answer: 'approve', after_polls: 2, times: 1 },
      { answer: 'approve', after_seconds: 30, times: 1 },
      { answer: 'deny', after_seconds: 200, times: 1 },
      { answer: 'approve', late: true, times: 1 },
    ];
    try {
      const before = await start(rules, options);
      const { port } = new URL(before.assent.url);
      const ids = [];
      for (const _ of rules) ids.push(await before.agent.askFor());
      const [byPolls = '', bySeconds = '', later = '', late = ''] = ids;
      expect(await polled(before.agent, byPolls)).toBe('authorization_pending');
      await before.assent.close();
      // Thirty seconds end while nobody runs.
      clock.advance(60_000);

      const { assent, agent } = await start(rules, { ...options, port: Number(port) });
      expect(await polled(agent, bySeconds)).toBe('tokens');
      expect(await polled(agent, byPolls)).toBe('authorization_pending');
      expect(await polled(agent, byPolls)).toBe('tokens');
      expect(await assent.control.request(later)).toMatchObject({ state: 'pending' });
      clock.advance(140_000);
      expect(await polled(agent, later)).toBe('access_denied');
      await assent.close();
      clock.advance(140_000);

      await start(rules, { ...options, port: Number(port) });
      expect(await story(late)).toContain('decision.refused');
      // Nor is a rule that has taken all it may begun anew.
      expect(await ruleOf(await agent.askFor())).toBeUndefined();
    } finally {
      await assent?.close();
      await rm(folder, { recursive: true });
    }
  });
});

describe('rules at run time', () => {
  test('come behind the others, and one that is removed takes back what it owes', async () => {
    const { assent, agent } = await start([{ answer: 'deny', user_id: GRACE }]);
    const waiting = await agent.askFor();
    const added = await assent.control.rules.add({ answer: 'approve', after_seconds: 10, times: 2 });
    expect(added).toMatchObject({
      id: expect.stringMatching(/^rul_[0-9a-f]{8}$/),
      says: 'approve everything, after 10 seconds, 2 times',
      fired: 0,
    });
    expect((await assent.control.rules.list()).map(({ answer }) => answer)).toEqual(['deny', 'approve']);
    const owed = await agent.askFor();
    expect([await ruleOf(waiting), await ruleOf(owed)]).toEqual([undefined, added.id]);
    await assent.control.rules.remove(added.id);
    clock.advance(20_000);
    expect(await polled(agent, owed)).toBe('authorization_pending');
    await assent.control.rules.clear();
    expect(await assent.control.rules.list()).toEqual([]);
  });

  test('may say the same as one that has done its part', async () => {
    const { assent, agent } = await start([]);
    const once: RuleInput = { answer: 'approve', times: 1 };
    const first = await assent.control.rules.add(once);
    expect(await ruleOf(await agent.askFor())).toBe(first.id);
    const second = await assent.control.rules.add(once);
    expect(second.id).toBe(`${first.id}-2`);
    await assent.control.rules.remove(first.id);
    expect(await ruleOf(await agent.askFor())).toBe(second.id);
    expect(await ruleOf(await agent.askFor())).toBeUndefined();
  });

  test('owe nothing and have done nothing once they are gone, also where one says the same later', async () => {
    const once: RuleInput = { answer: 'approve', after_seconds: 10, times: 1 };
    const { assent, agent } = await start([once]);
    const asked = await agent.askFor();
    const first = await ruleOf(asked);
    for (const rules of [[], [once]]) {
      const changed = await call(`${assent.url}/control/tenant`, { method: 'PATCH', body: { rules } });
      expect(changed.status).toBe(200);
    }
    expect(await assent.control.rules.list()).toMatchObject([{ id: first, fired: 0 }]);
    clock.advance(20_000);
    expect(await polled(agent, asked)).toBe('authorization_pending');
    expect(await ruleOf(await agent.askFor())).toBe(first);
  });

  test('are part of the tenant file, and counted by the health', async () => {
    const { assent } = await start([], { seed: 7 });
    await assent.control.rules.add({ id: 'small', answer: 'approve', up_to: '50 EUR' });
    const exported = (await call(`${assent.url}/control/tenant`)).json();
    expect(exported).toMatchObject({
      seed: 7,
      rules: [{ id: 'small', answer: 'approve', up_to: '50 EUR' }],
    });
    expect((await assent.control.health()).rules).toEqual({ count: 1, seed: '7' });
  });

  test('and what they owe and have done are part of a snapshot, and gone after a reset', async () => {
    const { assent, agent } = await start([{ id: 'file', answer: 'approve', after_polls: 1, times: 1 }]);
    const authReqId = await agent.askFor();
    await assent.control.rules.add({ id: 'added', answer: 'deny' });
    const snapshot = await assent.snapshot();
    await assent.reset();
    expect((await assent.control.rules.list()).map(({ id, fired }) => [id, fired])).toEqual([['file', 0]]);
    await assent.restore(snapshot);
    expect((await assent.control.rules.list()).map(({ id, fired }) => [id, fired])).toEqual([
      ['file', 1],
      ['added', 0],
    ]);
    expect(await polled(agent, authReqId)).toBe('authorization_pending');
    expect(await polled(agent, authReqId)).toBe('tokens');
  });

  test('go with the people and clients that they are about', async () => {
    const { assent } = await start([
      { answer: 'deny', user_id: GRACE },
      { answer: 'approve', user_id: ADA },
    ]);
    const administrator = await administratorOf(assent);
    expect((await administrator.delete(`/users/${GRACE}`)).status).toBe(204);
    expect((await assent.control.rules.list()).map((rule) => rule.user_id)).toEqual([ADA]);
  });

  const wrong: ReadonlyArray<[string, unknown, RegExp]> = [
    ['no answer', {}, /^answer {2}is missing, expected one of "approve", "deny", "expire", "nothing"\.$/],
    ['a wrong answer', { answer: 'aprove' }, /received "aprove", expected .* Did you mean "approve"\?$/],
    [
      'a wrong member',
      { answer: 'deny', upto: 5 },
      /^upto {2}is not a member here\. Did you mean "up_to"\?$/,
    ],
    ['a wrong amount', { answer: 'deny', up_to: 'fifty' }, /^up_to {2}received "fifty", expected .*"50 EUR"/],
    [
      'a wrong condition',
      { answer: 'deny', where: { '/to': { equal: 1 } } },
      /^where\["\/to"\]\.equal {2}is not a member here\. Did you mean "equals"\?$/,
    ],
    [
      'an empty condition',
      { answer: 'deny', where: { '/to': {} } },
      /^where\["\/to"\] {2}says nothing, expected/,
    ],
    ['no pointer', { answer: 'deny', where: { 'a.b': { exists: true } } }, /Did you mean "\/a\/b"\?$/],
    [
      'a stranger',
      { answer: 'deny', user_id: 'auth0|adda' },
      /^user_id {2}received "auth0\|adda", expected .* Did you mean "auth0\|ada"\?$/,
    ],
    ['a strange type', { answer: 'deny', type: 'transfer-funds' }, /Did you mean "transfer_funds"\?$/],
    [
      'a strange scope',
      { answer: 'deny', scope: 'openid nonsense' },
      /received "nonsense", expected a scope/,
    ],
    [
      'a reason to approve',
      { answer: 'approve', reason: 'x' },
      /^reason {2}is of a denial, and the answer is/,
    ],
    ['two delays', { answer: 'deny', after_polls: 1, late: true }, /^late {2}stands beside after_polls/],
    ['a delay of nothing', { answer: 'nothing', after_polls: 1 }, /^after_polls {2}says when to answer/],
    [
      'an end after the end',
      { answer: 'expire', late: true },
      /^late {2}answers once the request has expired/,
    ],
    [
      'bounds that nothing is within',
      { answer: 'deny', up_to: '50 EUR', at_least: '5 USD' },
      /^at_least {2}received 5 USD, which no amount up to 50 EUR is\.$/,
    ],
    [
      'bounds the wrong way round',
      { answer: 'deny', up_to: 5, at_least: '5.01 EUR' },
      /which no amount up to 5 is/,
    ],
    [
      'a bound beyond all amounts',
      { answer: 'approve', at_least: 1e308 },
      /^at_least {2}received 1e\+308, expected a number that amounts may come to\.$/,
    ],
    [
      'a bound of a value that cannot be compared',
      { answer: 'approve', where: { '/amount': { at_least: 1e308 } } },
      /expected a number that amounts may come to/,
    ],
    [
      'conditions of which none is left',
      { answer: 'approve', where: JSON.parse('{"__proto__":{"equals":1}}') },
      /^where {2}says nothing, expected conditions by JSON Pointer, or no where\.$/,
    ],
    [
      'a rare chance',
      { answer: 'deny', probability: 2 },
      /^probability {2}received 2, expected at most 1\.$/,
    ],
  ];

  test.each(wrong)('with %s are refused, with what was expected', async (_name, rule, finding) => {
    const { assent } = await start([]);
    const refused = await call(`${assent.url}/control/rules`, { method: 'POST', body: rule });
    expect(refused.status).toBe(400);
    expect(refused.json().findings).toEqual([expect.stringMatching(finding)]);
    expect(await assent.control.rules.list()).toEqual([]);
  });

  test('that nobody knows cannot be removed', async () => {
    const { assent } = await start([]);
    await expect(assent.control.rules.remove('small')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no rule "small".',
    });
  });

  test('cannot be named alike', async () => {
    const { assent } = await start([{ id: 'small', answer: 'approve' }]);
    await expect(assent.control.rules.add({ id: 'small', answer: 'deny' })).rejects.toMatchObject({
      code: 'bad_request',
      findings: ['id  received "small" a second time, it is already at rules[0].id.'],
    });
  });
});
