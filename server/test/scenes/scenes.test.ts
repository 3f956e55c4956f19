// Scenes from outside: what the trace of a scene says is what its agent saw on the wire, each attempt stops where it is said to, and the
// tenant beside it feels nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attack, SceneCheck, SceneResult, TraceEvent, WhatIfChange } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { recordRun, startSceneBank } from './recorded-run.ts';

let assent: RunningAssent;
let agent: Agent;
/** A run that was approved and redeemed. */
let approved: string;

beforeAll(async () => {
  assent = await startSceneBank();
  agent = new Agent(assent);
  approved = await recordRun(assent, { requested_expiry: '120' });
});
afterAll(() => assent.close());

/** Exchanges of the agent with the server, as the trace tells them. */
function toldBy(events: readonly TraceEvent[]) {
  return events.flatMap((event) =>
    ['request.received', 'request.refused', 'poll.answered', 'token.issued', 'token.refused'].includes(
      event.type,
    ) &&
    'exchange' in event &&
    event.exchange
      ? [event.exchange]
      : [],
  );
}

function expectTraceToBeTheWire({ trace, wire }: SceneResult): void {
  const seen = wire.filter(({ to, exchange }) => to === 'server' && exchange.request.method === 'POST');
  const told = toldBy(trace.events);
  expect(
    told.map(({ request, response }) => [request.path, request.parameters, response.status, response.body]),
  ).toEqual(
    seen.map(({ exchange: { request, response } }) => [
      request.path,
      request.parameters,
      response.status,
      response.body,
    ]),
  );
  const calls = wire.filter(({ to }) => to === 'api').map(({ exchange }) => exchange);
  const called = trace.events.filter((event) => event.type === 'api.called');
  expect(called.map(({ method, path, status }) => [method, path, status])).toEqual(
    calls.map(({ request, response }) => [request.method, request.path, response.status]),
  );
  const numbers = trace.events.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
}

/** What the agent was answered in a run, in order. */
function answersOf({ wire }: SceneResult, run: string | undefined): unknown[] {
  return wire
    .filter((call) => call.run === run)
    .map(({ exchange: { response } }) => response.body?.['error'] ?? response.status);
}

const AS_IT_WAS = [200, 'authorization_pending', 200, 200];
const DENIED = [200, 'authorization_pending', 'access_denied'];

describe('a run repeated with one thing changed', () => {
  test.each<[WhatIfChange, unknown[]]>([
    ['denied', DENIED],
    ['expired', DENIED],
    ['polled_too_fast', [200, 'authorization_pending', 'slow_down', 200, 200]],
    ['wrong_details', [200, 'authorization_pending', 200, 'insufficient_authorization_details']],
    ['push_lost', DENIED],
    ['replayed', [...AS_IT_WAS, 'invalid_grant', 'invalid_token']],
  ])('%s: the agent sees what the trace tells', async (change, answers) => {
    const result = await assent.control.scenes.whatIf({ request: approved, change });
    const [first, second] = result.runs;
    expect(result.repeats).toBe(approved);
    expect(answersOf(result, first?.name)).toEqual(AS_IT_WAS);
    expect(answersOf(result, second?.name)).toEqual(answers);
    expectTraceToBeTheWire(result);
    const received = result.trace.events.filter((event) => event.type === 'request.received');
    for (const event of received) {
      expect(event).toMatchObject({
        authorization_details: [TRANSFER],
        expires_in: 120,
        binding_message: 'RENT-4K9',
      });
    }
  });

  test('a push that is lost reaches no device, and a repeated run that was denied stays denied', async () => {
    const { trace, runs } = await assent.control.scenes.whatIf({ request: approved, change: 'push_lost' });
    const typesOf = (name: string | undefined) =>
      trace.events.filter((event) => 'name' in event && event.name === name).map(({ type }) => type);
    expect(typesOf(runs[0]?.name)).toContain('notification.received');
    expect(typesOf(runs[1]?.name)).not.toContain('notification.received');
    expect(typesOf(runs[1]?.name)).toEqual(
      expect.arrayContaining(['notification.delivered', 'request.expired']),
    );

    const id = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
    await assent.control.deny('latest', 'Not mine');
    await agent.poll(id);
    const denied = await assent.control.scenes.whatIf({ change: 'expired' });
    expect(answersOf(denied, denied.runs[0]?.name)).toEqual(DENIED);
    expect(denied.trace.events).toContainEqual(
      expect.objectContaining({ type: 'decision.made', outcome: 'denied', reason: 'Not mine' }),
    );
    await expect(assent.control.scenes.whatIf({ change: 'replayed' })).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('no token'),
    });
  });
});

describe('an attempt to pass the gate without approval', () => {
  test.each<[Attack, string, string]>([
    ['claimed_approval', 'api', 'token_present'],
    ['login_token', 'api', 'scope'],
    ['other_token', 'api', 'details'],
    ['changed_amount', 'api', 'details'],
    ['replayed_request', 'server', 'one_redemption'],
    ['replayed_token', 'api', 'single_use'],
    ['approved_by_get', 'server', 'get_changes_nothing'],
    ['ignored_denial', 'api', 'token_present'],
  ])('%s is stopped at the %s by the check %s', async (attack, at, check) => {
    const result = await assent.control.scenes.attack({ attack });
    const attempted = result.trace.events.filter((event) => event.type === 'attack.attempted');
    expect(attempted).toMatchObject([{ attack, told: result.says, stopped_by: { at, check } }]);
    expect(attempted[0]?.name).toBe(result.runs[0]?.name);
    expectTraceToBeTheWire(result);
    const last = result.wire.findLast(({ exchange }) => exchange.request.method === 'POST');
    expect(last?.exchange.response.status).toBeGreaterThanOrEqual(400);
    const tried = result.wire.filter(({ exchange }) => exchange.request.method === 'GET');
    expect(attempted[0]?.tried ?? []).toEqual(
      tried.map(({ exchange: { request, response } }) => ({
        method: 'GET',
        path: request.path,
        status: response.status,
      })),
    );
    if (attack === 'approved_by_get') {
      const { run } = tried[0] ?? {};
      expect(tried.length).toBeGreaterThan(3);
      const told = result.trace.events.filter((event) => 'name' in event && event.name === run);
      expect(told.map(({ type }) => type)).not.toContain('decision.made');
    }
  });

  test.each<[Attack, SceneCheck, boolean]>([
    ['claimed_approval', 'token_present', true],
    ['login_token', 'scope', false],
    ['login_token', 'details', false],
    ['other_token', 'details', true],
    ['changed_amount', 'details', true],
    ['replayed_token', 'single_use', true],
    ['ignored_denial', 'token_present', true],
  ])('%s without the check %s passes: %s', async (attack, without, passes) => {
    const result = await assent.control.scenes.attack({ attack, without });
    const attempted = result.trace.events.find((event) => event.type === 'attack.attempted');
    expect(attempted).toMatchObject({ without });
    expect(attempted?.type === 'attack.attempted' && attempted.stopped_by === undefined).toBe(passes);
    expect(result.wire.at(-1)?.exchange.response.status === 200).toBe(passes);
    expectTraceToBeTheWire(result);
  });

  test('a question of one’s own is attacked, with its amount', async () => {
    const { trace, repeats } = await assent.control.scenes.attack({
      attack: 'changed_amount',
      request: approved,
    });
    expect(repeats).toBe(approved);
    const called = trace.events.find((event) => event.type === 'api.called');
    expect(called?.type === 'api.called' && called.checks.at(-1)?.differences).toEqual([
      { path: '/0/amount', approved: 250, requested: 2_500 },
    ]);
  });
});

test('nothing of a scene reaches the tenant: no event, no request, no device, no time, no mail', async () => {
  const before = [await assent.control.story(), await assent.control.requests(), assent.clock.now()];
  const devices = await assent.control.devices('auth0|ada');
  const { trace, wire } = await assent.control.scenes.whatIf({ request: approved, change: 'expired' });
  await assent.control.scenes.attack({ attack: 'replayed_token' });
  expect([await assent.control.story(), await assent.control.requests(), assent.clock.now()]).toEqual(before);
  expect(await assent.control.devices('auth0|ada')).toEqual(devices);
  expect(await assent.control.mailbox()).toEqual([]);
  expect(trace.issuer).not.toBe(assent.issuer);
  expect(trace.redacted).toEqual(expect.arrayContaining(['access_token', 'client_secret']));
  const text = JSON.stringify({ trace, wire });
  expect(text).not.toContain('aiya-secret-not-real');
  expect(text).not.toMatch(/"(?:access|id)_token":"[\w-]+\.[\w-]+\.[\w-]{20,}"/);
});

test('an API that signs with a shared secret is attacked like others, and the scene never has that secret', async () => {
  const bank = unlimitedBank();
  const secret = 'a-secret-of-the-bank-and-its-issuer-1';
  await using shared = await startAssent({
    tls: false,
    config: {
      ...bank,
      resource_servers: (bank.resource_servers ?? []).map((api) => ({
        ...api,
        signing_alg: 'HS256',
        signing_secret: secret,
      })),
    },
  });
  const { trace } = await shared.control.scenes.attack({ attack: 'changed_amount' });
  expect(trace.events).toContainEqual(
    expect.objectContaining({
      type: 'attack.attempted',
      stopped_by: expect.objectContaining({ at: 'api', check: 'details' }),
    }),
  );
  expect(JSON.stringify(trace)).not.toContain(secret);
});

test('what cannot be played is explained', async () => {
  const { scenes } = assent.control;
  await expect(scenes.whatIf({ request: 'r99', change: 'denied' })).rejects.toMatchObject({ status: 404 });
  await expect(scenes.attack({ attack: 'replayed_request', without: 'details' })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('expected none'),
  });
  await expect(scenes.attack({ attack: 'login_token', without: 'single_use' })).rejects.toMatchObject({
    message: expect.stringContaining('scope, details'),
  });
  const id = await agent.askFor();
  expect(id).toEqual(expect.any(String));
  await expect(scenes.attack({ attack: 'changed_amount', request: 'latest' })).rejects.toMatchObject({
    status: 409,
    hint: expect.stringContaining('authorization_details'),
  });
});

test('the list names every change and attack in words', async () => {
  const { what_if: changes, attacks } = await assent.control.scenes.list();
  expect(changes.map(({ change }) => change)).toContain('push_lost');
  for (const { title, told } of attacks) expect([title, told].join(' ').length).toBeGreaterThan(40);
});
