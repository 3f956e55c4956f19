// People who answer by rule, as unmodified SDKs meet them: each kind of condition and each kind of answer. Nobody decides in
// these tests.
import { type RunningAssent, startAssent } from 'assent';
import type { AuthorizationDetail, RuleInput, TenantConfigInput, TraceEvent } from 'assent/contract';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { auth0AiVercelDriver } from './drivers/auth0-ai-vercel.ts';
import { auth0AuthJsDriver } from './drivers/auth0-auth-js.ts';
import type { Agent, Answer, Driver, Question } from './drivers/driver.ts';
import { openidClientDriver } from './drivers/openid-client.ts';
import { DENIED_OR_EXPIRED } from './refusals.ts';
import { connectTo, nextApproval, question, tokensOf, waitingRequestOf } from './stage.ts';
import { AGENT, createTenantConfig, peopleOf, TRANSFER_SCOPE, TRANSFER_TYPE } from './tenant.ts';

const ADA = peopleOf(0).approver;
const GRACE = peopleOf(1).approver;
const OTHER_AGENT = { client_id: 'other-agent', client_secret: 'not-a-secret-either' };
const OTHER_API = 'https://shop.example/orders';
const OTHER_SCOPE = 'create:order';

const config: TenantConfigInput = (() => {
  const base = createTenantConfig({ interval: 0.2 }, 2);
  return {
    ...base,
    clients: [...(base.clients ?? []), { ...OTHER_AGENT, name: 'The other agent' }],
    resource_servers: [
      ...(base.resource_servers ?? []).map((api) => ({
        ...api,
        scopes: [...(api.scopes ?? []), { value: OTHER_SCOPE }],
        authorization_details: [...(api.authorization_details ?? []), { type: 'stock_order' }],
      })),
      { identifier: OTHER_API, scopes: [{ value: TRANSFER_SCOPE }] },
    ],
  };
})();

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ config, dataFolder: inject('dataFolder') });
});

// Rules, requests, and the time.
afterEach(() => assent.reset());

afterAll(() => assent.close());

function connect(driver: Driver, credentials: typeof OTHER_AGENT = AGENT): Promise<Agent> {
  return connectTo(assent, driver, credentials);
}

/** A transfer of so much, with other members in place of the usual ones. */
function transfer(
  amount: string | number,
  changes: object = {},
): { authorizationDetails: AuthorizationDetail[] } {
  return {
    authorizationDetails: [{ type: TRANSFER_TYPE, to: 'Grace', amount, currency: 'EUR', ...changes }],
  };
}

/** The story without what is new each time: numbers, instants, ids that nobody may guess, exchanges, which carry them all. */
async function storyOf(ref: string): Promise<object[]> {
  const events: TraceEvent[] = await assent.control.trace(ref);
  return events.map((event) => ({
    ...event,
    number: undefined,
    at: undefined,
    approval: undefined,
    consent_id: undefined,
    exchange: undefined,
    ...('access_token' in event
      ? { access_token: { claims: withoutTimes(event.access_token?.claims) } }
      : {}),
  }));
}

function withoutTimes(claims: object = {}): object {
  return { ...claims, iat: undefined, exp: undefined };
}

describe('a rule takes what it is meant for and nothing else', () => {
  const cases: ReadonlyArray<
    [name: string, rule: Omit<RuleInput, 'answer'>, Partial<Question>, Partial<Question>]
  > = [
    ['a person', { user_id: GRACE }, { userId: GRACE }, {}],
    ['an API', { audience: OTHER_API }, { audience: OTHER_API }, {}],
    ['a scope', { scope: OTHER_SCOPE }, { scope: [TRANSFER_SCOPE, OTHER_SCOPE] }, {}],
    [
      'a code',
      { binding_message: 'Order 12' },
      { bindingMessage: 'Order 12' },
      { bindingMessage: 'Order 123' },
    ],
    [
      'a code by its pattern',
      { binding_message: 'Order *-X' },
      { bindingMessage: 'Order 47-11-X' },
      { bindingMessage: 'Order 47-11' },
    ],
    ['a type', { type: TRANSFER_TYPE }, transfer(1), { authorizationDetails: [{ type: 'stock_order' }] }],
    ['an amount up to a bound', { up_to: '50 EUR' }, transfer('50.00'), transfer('50.01')],
    ['an amount in its currency', { up_to: '50 EUR' }, transfer(50), transfer(50, { currency: 'USD' })],
    ['an amount from a bound on', { at_least: 100 }, transfer(100), transfer('99.99')],
    ['a value', { where: { '/to': { equals: 'Grace' } } }, transfer(1), transfer(1, { to: 'Ada' })],
    [
      'one of some values',
      { where: { '/to': { one_of: ['Ada', 'Grace'] } } },
      transfer(1),
      transfer(1, { to: 'Charles' }),
    ],
    [
      'a number between bounds, deep inside',
      { where: { '/parts/1/weight': { at_least: 2, at_most: 3 } } },
      transfer(1, { parts: [{}, { weight: '2.5' }] }),
      transfer(1, { parts: [{ weight: 2.5 }, { weight: 3.5 }] }),
    ],
    ['what is there', { where: { '/note': { exists: true } } }, transfer(1, { note: '' }), transfer(1)],
  ];

  test.each(cases)('%s', async (_name, conditions, meant, other) => {
    await assent.control.rules.add({ answer: 'approve', ...conditions });
    const agent = await connect(auth0AuthJsDriver);
    tokensOf(await agent.ask(question(ADA, meant)));
    const open = await agent.start(question(ADA, other));
    expect(await open.poll()).toMatchObject({ error: { error: 'authorization_pending' } });
  });

  test('a client', async () => {
    await assent.control.rules.add({ answer: 'approve', client_id: OTHER_AGENT.client_id });
    tokensOf(await (await connect(auth0AuthJsDriver, OTHER_AGENT)).ask(question(ADA)));
    const open = await (await connect(auth0AuthJsDriver)).start(question(ADA));
    expect(await open.poll()).toMatchObject({ error: { error: 'authorization_pending' } });
  });

  test('the first of several, as often as that may', async () => {
    await assent.control.rules.add({ answer: 'deny', times: 1 });
    await assent.control.rules.add({ answer: 'approve', times: 2 });
    await assent.control.rules.add({ answer: 'deny' });
    const agent = await connect(auth0AuthJsDriver);
    const answers = [];
    for (const _ of [1, 2, 3, 4]) answers.push('tokens' in (await agent.ask(question(ADA))));
    expect(answers).toEqual([false, true, true, false]);
  });

  test('a part of the requests, by a draw that the seed repeats', async () => {
    const run = async (): Promise<object[]> => {
      await assent.control.rules.add({ answer: 'approve', probability: 0.4, up_to: '50 EUR' });
      await assent.control.rules.add({ answer: 'deny', reason: 'no luck', after_polls: 1 });
      const agent = await connect(auth0AuthJsDriver);
      for (let count = 1; count <= 8; count += 1) await agent.ask(question(ADA, transfer(count)));
      const stories = [];
      for (let count = 1; count <= 8; count += 1) stories.push(...(await storyOf(`r${count}`)));
      return stories;
    };
    const first = await run();
    expect(first).toContainEqual(expect.objectContaining({ type: 'decision.made', outcome: 'approved' }));
    expect(first).toContainEqual(expect.objectContaining({ type: 'decision.made', outcome: 'denied' }));
    await assent.reset();
    expect(await run()).toEqual(first);
  });
});

describe.each([auth0AuthJsDriver, auth0AiVercelDriver, openidClientDriver])('through $name', (driver) => {
  const refused = (): Answer => ({ error: driver.tell(DENIED_OR_EXPIRED) });

  /** What the SDK was told before it had its answer. */
  async function pollsOf(ref: string): Promise<string[]> {
    return (await assent.control.trace(ref)).flatMap((event) =>
      event.type === 'poll.answered' ? [event.answer] : [],
    );
  }

  test('everything up to 50 EUR is approved before the first poll', async () => {
    await assent.control.rules.add({ answer: 'approve', up_to: '50 EUR' });
    const asked = transfer('42.00');
    const tokens = tokensOf(await (await connect(driver)).ask(question(ADA, asked)));
    expect(tokens.authorizationDetails).toEqual(asked.authorizationDetails);
    expect(await pollsOf('latest')).toEqual([]);
    expect((await assent.control.request('latest')).decision).toMatchObject({ from: 'rule', by: ADA });
  });

  test('a denial is a denial, and its reason stays here', async () => {
    const rule = await assent.control.rules.add({ answer: 'deny', reason: 'not tonight' });
    expect(await (await connect(driver)).ask(question(ADA))).toEqual(refused());
    expect((await assent.control.request('latest')).decision).toMatchObject({
      reason: 'not tonight',
      rule: rule.id,
    });
  });

  test('an end is the end', async () => {
    await assent.control.rules.add({ answer: 'expire', after_polls: 1 });
    expect(await (await connect(driver)).ask(question(ADA))).toEqual(refused());
    expect(await assent.control.request('latest')).toMatchObject({ state: 'expired' });
  });

  test('an answer after two polls comes with the third', async () => {
    await assent.control.rules.add({ answer: 'approve', after_polls: 2 });
    tokensOf(await (await connect(driver)).ask(question(ADA)));
    expect(await pollsOf('latest')).toEqual(['authorization_pending', 'authorization_pending']);
  });

  test('an answer after some minutes comes when they are over', async () => {
    await assent.control.rules.add({ answer: 'deny', after_seconds: 200 });
    const asking = (await connect(driver)).ask(question(ADA));
    const { id } = await waitingRequestOf(asking, assent.control, ADA);
    await assent.control.clock.advance(199_000);
    expect(await assent.control.request(id)).toMatchObject({ state: 'pending' });
    await assent.control.clock.advance(1_000);
    expect(await asking).toEqual(refused());
    expect(await assent.control.request(id)).toMatchObject({ state: 'denied' });
  });

  test('where nobody answers, the SDK waits until the request expires', async () => {
    await assent.control.rules.add({ answer: 'nothing', user_id: ADA });
    await assent.control.rules.add({ answer: 'approve' });
    const asking = (await connect(driver)).ask(question(ADA));
    const { id } = await waitingRequestOf(asking, assent.control, ADA);
    await assent.control.clock.advance(300_000);
    expect(await asking).toEqual(refused());
    expect(await assent.control.request(id)).toMatchObject({ state: 'expired' });
  });

  test('an answer that comes too late changes nothing, and the story tells of it', async () => {
    const rule = await assent.control.rules.add({ answer: 'approve', late: true });
    const asking = (await connect(driver)).ask(question(ADA));
    const { id } = await waitingRequestOf(asking, assent.control, ADA);
    await assent.control.clock.advance(300_000);
    expect(await asking).toEqual(refused());
    expect(await assent.control.trace(id)).toContainEqual(
      expect.objectContaining({ type: 'decision.refused', why: 'expired', from: 'rule', rule: rule.id }),
    );
  });

  test('a person who is faster decides', async () => {
    await assent.control.rules.add({ answer: 'deny', after_polls: 100 });
    const asking = (await connect(driver)).ask(question(ADA));
    await assent.control.approve((await nextApproval(assent.control, ADA)).id);
    tokensOf(await asking);
  });
});
