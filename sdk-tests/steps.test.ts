// Step mode with SDKs as they are on the other side: each kind of arrow is held and let go, and the program notices nothing; one
// that is held for longer than its SDK waits is reported as that.
import { createManualClock, type RunningAssent, startAssent } from 'assent';
import type { StepArrow, TraceEvent } from 'assent/contract';
import { AuthenticationClient, UserInfoClient } from 'auth0-6';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { auth0AiLangchainDriver } from './drivers/auth0-ai-langchain.ts';
import { auth0AiVercelDriver } from './drivers/auth0-ai-vercel.ts';
import { auth0AuthJsDriver } from './drivers/auth0-auth-js.ts';
import type { Driver } from './drivers/driver.ts';
import { nodeAuth0Drivers } from './drivers/node-auth0.ts';
import { oauth4webapiDriver } from './drivers/oauth4webapi.ts';
import { openidClientDriver } from './drivers/openid-client.ts';
import { connectTo, question, tokensOf } from './stage.ts';
import { AGENT, AUDIENCE, createTenantConfig, peopleOf } from './tenant.ts';

type Held = Extract<TraceEvent, { type: 'step.held' }>;
type Released = Extract<TraceEvent, { type: 'step.released' }>;

const { approver } = peopleOf(0);
let assent: RunningAssent;
afterEach(() => assent.close());

async function start(options: { clock?: ReturnType<typeof createManualClock> } = {}): Promise<void> {
  assent = await startAssent({
    config: createTenantConfig({ interval: 0.05 }, 1),
    dataFolder: inject('dataFolder'),
    ...options,
  });
}

/** Resolves with the first event that matches, since the start of the server. */
async function untilEvent<T extends TraceEvent>(matches: (event: TraceEvent) => event is T): Promise<T> {
  for await (const event of assent.control.events({ afterNumber: 0 })) if (matches(event)) return event;
  throw new Error('the server stopped before the event came');
}

const isHeld =
  (arrow: StepArrow) =>
  (event: TraceEvent): event is Held =>
    event.type === 'step.held' && event.arrow === arrow;
const isReleased = (event: TraceEvent): event is Released => event.type === 'step.released';

/** Waits until this arrow is held, and lets it go. */
async function step(arrow: StepArrow): Promise<Held> {
  const held = await untilEvent(isHeld(arrow));
  await assent.control.steps.next(held.hold);
  return held;
}

const byName: ReadonlyArray<readonly [Driver, string]> = [
  ...nodeAuth0Drivers.map((driver) => [driver, 'node-auth0'] as const),
  [auth0AiVercelDriver, 'node-auth0'],
  [auth0AiLangchainDriver, 'node-auth0'],
  [auth0AuthJsDriver, '@auth0/auth0-auth-js'],
  [openidClientDriver, 'openid-client'],
  [oauth4webapiDriver, 'oauth4webapi'],
];

describe('each arrow of a flow is held and let go', () => {
  test.each(byName.map(([driver, program]) => ({ name: driver.name, driver, program })))(
    '$name ends as ever, and is known for how long it waits',
    async ({ driver, program }) => {
      await start();
      const agent = await connectTo(assent, driver);
      await assent.control.steps.set({
        break_points: ['request_received', 'request_answered', 'push_sent', 'decision_received'],
      });
      const asking = agent.ask(question(approver));
      const { waits } = await step('request_received');
      expect(waits).toMatchObject({ program: expect.stringContaining(program), is_known: true });
      expect(await step('push_sent')).not.toHaveProperty('waits');
      await step('request_answered');

      // A poll that is pending, and then the person answers.
      await untilEvent((event): event is TraceEvent => event.type === 'poll.answered');
      const deciding = assent.control.approve('latest');
      const { name = '' } = await untilEvent(isHeld('decision_received'));
      expect(await assent.control.request(name)).toMatchObject({ state: 'pending' });
      await assent.control.steps.set({
        break_points: ['decision_received', 'poll_received', 'token_response'],
      });
      await step('poll_received');
      await step('decision_received');
      expect((await deciding).result).toBe('decided');
      // The poll that was let go may have been too early for the answer; those after it are held anew.
      await assent.control.steps.set({ break_points: ['token_response'] });
      await step('token_response');
      expect(tokensOf(await asking).accessToken).toMatch(/^ey/);
    },
  );

  test('a call of /userinfo by an SDK', async () => {
    await start();
    const open = await (await connectTo(assent, openidClientDriver)).start(question(approver));
    await assent.control.approve('latest');
    const { accessToken } = tokensOf(await open.poll());
    await assent.control.steps.set({ break_points: ['api_call'] });
    const asking = new UserInfoClient({ domain: new URL(assent.issuer).host }).getUserInfo(accessToken);
    expect((await step('api_call')).waits).toMatchObject({ is_known: true });
    expect((await asking).data.sub).toBe(approver);
  });
});

test('what nobody lets go goes on shortly before its SDK gives up, and the SDK ends as ever', async () => {
  const clock = createManualClock(Date.now());
  await start({ clock });
  const agent = await connectTo(assent, auth0AiVercelDriver);
  await assent.control.steps.set({ break_points: ['request_received'] });
  const asking = agent.ask(question(approver));
  const { waits, goes_on_in_ms: leftMs = 0 } = await untilEvent(isHeld('request_received'));
  expect([waits?.gives_up_after_ms, leftMs]).toEqual([10_000, 9_000]);
  clock.advance(leftMs);
  expect(await untilEvent(isReleased)).toMatchObject({ why: 'limit' });
  await assent.control.nextApproval();
  await assent.control.approve('latest');
  expect(tokensOf(await asking).accessToken).toMatch(/^ey/);
});

describe('what is held for longer than its SDK waits', () => {
  const connect = (options: { timeoutDuration?: number } = {}) =>
    new AuthenticationClient({
      domain: new URL(assent.issuer).host,
      clientId: AGENT.client_id,
      clientSecret: AGENT.client_secret,
      ...options,
    }).backchannel;
  /** With a time-out of its own, so that nobody has to wait for the usual one. */
  const connectImpatiently = () => connect({ timeoutDuration: 400 });
  const ask = {
    userId: approver,
    binding_message: 'Order 4711',
    scope: 'openid',
    audience: AUDIENCE,
  };
  const hold = (arrow: StepArrow) => assent.control.steps.set({ break_points: [arrow], outlast: true });

  test('is reported as a caller that left, and its approval is there for the next poll', async () => {
    await start();
    const { auth_req_id } = await connect().authorize(ask);
    await assent.control.approve('latest');
    await hold('token_response');
    await expect(connectImpatiently().backchannelGrant({ auth_req_id })).rejects.toMatchObject({
      name: 'FetchError',
      cause: { name: 'TimeoutError' },
    });
    expect(await untilEvent(isReleased)).toMatchObject({
      arrow: 'token_response',
      name: 'r1',
      why: 'caller_left',
      text: expect.stringContaining('nothing was redeemed'),
    });
    expect(await assent.control.request('r1')).toMatchObject({ state: 'approved' });
    await assent.control.steps.set({});
    const { access_token } = await connect().backchannelGrant({ auth_req_id });
    expect(access_token).toMatch(/^ey/);
  });

  test('a request that its SDK gave up is not asked of anybody', async () => {
    await start();
    await hold('request_received');
    await expect(connectImpatiently().authorize(ask)).rejects.toThrow();
    expect(await untilEvent(isReleased)).toMatchObject({ why: 'caller_left' });
    expect(await assent.control.requests()).toEqual([]);
  });
});
