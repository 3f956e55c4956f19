// Lab 6 from a tenant with nothing enabled to an approved transfer: each step fails first as Auth0 fails, is changed by the
// command that the lesson names, and then passes. The Management API stands in for the pages of the console.
import { afterEach, describe, expect, test } from 'vitest';
import { CIBA_GRANT_TYPE, type Lesson, type LessonStep, type LessonTrial } from '../../src/contract/index.ts';
import { bankBeforeLab, bankTenant, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { DpopKey } from '../standard/bound-client.ts';

const ADA = 'auth0|ada';
const DETAILS = JSON.stringify([
  { type: 'transfer_funds', amount: '42.00', currency: 'EUR', to: 'Grace Hopper' },
]);

let assent: RunningAssent | undefined;
afterEach(async () => {
  await assent?.close();
  assent = undefined;
});

async function start(config = bankBeforeLab): Promise<RunningAssent> {
  assent = await startAssent({ config, tls: false });
  return assent;
}

/** Runs the commands that the step names, with a token such as the console gets. */
async function runCommands({ url }: RunningAssent, { commands }: LessonStep): Promise<void> {
  const { access_token: token } = (
    await call(`${url}/control/management-token`, { method: 'POST', body: {} })
  ).json();
  for (const { method, path, body } of commands) {
    const answer = await call(url + path, { method, body, headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300);
  }
}

function stepOf(lesson: Lesson, id: string): LessonStep {
  const step = lesson.steps.find((one) => one.id === id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
}

const readStep = async ({ control }: RunningAssent, id: string): Promise<LessonStep> =>
  stepOf(await control.lessons.read('lab-6'), id);

const answersOf = ({ exchanges }: LessonTrial): Array<[number, unknown]> =>
  exchanges.map(({ exchange: { response } }) => [response.status, response.body?.['error']]);

/** Fails as expected, is changed, passes; gives both trials. */
async function take(
  running: RunningAssent,
  id: string,
  change: (step: LessonStep, trial: LessonTrial) => Promise<void> = (step) => runCommands(running, step),
): Promise<{ before: LessonTrial; after: LessonTrial }> {
  const step = await readStep(running, id);
  expect(step.done, `${id} is open`).toBe(false);
  const before = await running.control.lessons.try('lab-6', { step: id });
  expect(before.passed, `${id} fails before: ${before.says}`).toBe(false);
  await change(step, before);
  const after = await running.control.lessons.try('lab-6', { step: id });
  expect(after.passed, `${id} passes after: ${after.says}`).toBe(true);
  expect(await readStep(running, id)).toMatchObject({ done: true, commands: [] });
  return { before, after };
}

describe('Lab 6', () => {
  test('leads from a tenant with nothing enabled to an approved transfer', async () => {
    const running = await start();
    const { control } = running;
    expect(await control.lessons.list()).toMatchObject([
      { id: 'lab-6', steps: 8, done: 0, current: 'Enable CIBA for the application' },
    ]);

    const ciba = await take(running, 'enable-ciba');
    expect(answersOf(ciba.before)).toEqual([[403, 'unauthorized_client']]);
    expect(ciba.before.says).toContain('not allowed for the client');
    expect(ciba.after.says).toMatch(/It gets further now.*push notifications not enabled on tenant/);

    const push = await take(running, 'enable-push');
    expect(push.before.says).toContain('push notifications not enabled on tenant');
    expect(push.after.says).toContain('User does not have push notifications set up');

    const enrolment = await take(running, 'enrol', async (_, trial) => {
      const page = await call(new URL(trial.enrol ?? '', running.url).href, {
        headers: { Accept: 'text/html' },
      });
      expect(page.text).toContain('Enrol a device for <bdi>Ada Lovelace</bdi>');
      await PairedBrowser.pair({ url: running.url, clock: running.clock }, ADA);
    });
    expect(answersOf(enrolment.before)).toEqual([
      [400, 'invalid_request'],
      [200, undefined],
      [200, undefined],
    ]);
    expect(enrolment.after.says).toBe('Ada Lovelace is asked.');

    const api = await take(running, 'create-api');
    expect(answersOf(api.before)).toEqual([[403, 'access_denied']]);
    expect(api.before.says).toContain('Service not found: http://localhost:3000/api/accounts/transfers');

    const authorized = await take(running, 'authorize-application');
    expect(authorized.before.says).toContain('Client is not authorized to access');

    const type = await take(running, 'register-type');
    expect(answersOf(type.before)).toEqual([[400, 'invalid_authorization_details']]);

    // What was tried for the type is not the tool's.
    expect(await readStep(running, 'wrap-tool')).toMatchObject({ done: false });

    // The tool: first unwrapped, then with words alone, then with everything.
    const unwrapped = await control.lessons.try('lab-6', { step: 'wrap-tool' });
    expect([unwrapped.passed, answersOf(unwrapped)]).toEqual([false, [[401, 'unauthorized']]]);
    expect(unwrapped.says).toContain('The tool asked nobody, and the bank refuses');
    const wrapped = await control.lessons.try('lab-6', {
      step: 'wrap-tool',
      binding_message: 'RENT-4K9',
      authorization_details: DETAILS,
    });
    expect(wrapped).toMatchObject({ passed: true, says: 'Ada Lovelace is asked.' });
    expect(await readStep(running, 'wrap-tool')).toMatchObject({ done: true });

    const transfer = await take(running, 'transfer', async () => {
      await control.approve(wrapped.request ?? '');
      // Within the interval Auth0 says `slow_down`.
      await control.clock.advance(6_000);
    });
    expect(answersOf(transfer.before)).toEqual([[400, 'authorization_pending']]);
    expect(answersOf(transfer.after)).toEqual([
      [200, undefined],
      [201, undefined],
    ]);
    expect(transfer.after).toMatchObject({
      request: wrapped.request,
      says: 'The bank has checked the token and moved the money.',
    });

    expect(await control.lessons.list()).toMatchObject([{ done: 8 }]);
    const story = (await control.trace(wrapped.request ?? '')).map((event) => event.type);
    expect(story).toEqual(expect.arrayContaining(['decision.made', 'token.issued', 'api.called']));
  });

  test('shows no secret, no token and no ticket in what went over the wire', async () => {
    const running = await start();
    for (const id of ['enable-ciba', 'enable-push']) await runCommands(running, await readStep(running, id));
    const trial = await running.control.lessons.try('lab-6', { step: 'enrol' });
    const ticket = new URL(trial.enrol ?? '', running.url).searchParams.get('ticket') ?? '-';
    const shown = JSON.stringify(trial.exchanges);
    for (const secret of ['baink-secret-not-real', ticket]) expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,}/);
  });

  test('a step that somebody undoes is open again', async () => {
    const running = await start();
    await runCommands(running, await readStep(running, 'enable-push'));
    expect(await readStep(running, 'enable-push')).toMatchObject({ done: true });
    await running.reset();
    expect(await readStep(running, 'enable-push')).toMatchObject({ done: false });
  });

  test('what is sent with too little, or is no JSON, does not pass', async () => {
    const running = await start(bankTenant);
    const attempt = (authorizationDetails: string) =>
      running.control.lessons.try('lab-6', {
        step: 'wrap-tool',
        binding_message: 'RENT-4K9',
        authorization_details: authorizationDetails,
      });
    expect(await attempt('{')).toMatchObject({ passed: false, exchanges: [] });
    expect(await attempt('')).toMatchObject({ passed: false, says: expect.stringContaining('not enough') });
    expect(await attempt('[{"type":"transfer_funds","amount":"1.00"}]')).toMatchObject({ passed: false });
  });

  test('the bank takes a token of a key with its proof alone, and tells the story of it', async () => {
    const running = await start(bankTenant);
    const agent = new Agent(running);
    const key = await DpopKey.make();
    const authReqId = await agent.askFor({ authorization_details: DETAILS });
    await running.control.approve('latest');
    const redeemed = await agent.post(
      '/oauth/token',
      { grant_type: CIBA_GRANT_TYPE, auth_req_id: authReqId },
      { DPoP: await key.prove('POST', `${running.issuer}oauth/token`) },
    );
    const { access_token: token } = redeemed.json();
    const url = `${running.url}/lessons/accounts/transfers`;
    const transfer = async (headers: Record<string, string>) =>
      call(url, { method: 'POST', headers, body: { amount: '42.00', currency: 'EUR', to: 'Grace Hopper' } });
    const asBearer = await transfer({ Authorization: `Bearer ${token}` });
    expect([asBearer.status, asBearer.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^DPoP realm="the bAInk", error="invalid_token"/),
    ]);
    const moved = await transfer({
      Authorization: `DPoP ${token}`,
      DPoP: await key.prove('POST', url, {}, token),
      'x-fapi-interaction-id': 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a',
    });
    expect([moved.status, moved.headers['x-fapi-interaction-id']]).toEqual([
      201,
      'c770aef3-6784-41f7-8e0e-ff5f97bddb3a',
    ]);
    const called = (await running.control.trace('latest')).filter(({ type }) => type === 'api.called');
    const checks = called.map((event) => event.type === 'api.called' && event.checks.at(-1));
    expect(checks).toMatchObject([
      { check: 'possession', passed: false },
      { check: 'single_use', passed: true },
    ]);
  });

  test('the bank moves money once for an approval, and none for another amount', async () => {
    const running = await start(bankTenant);
    const agent = new Agent(running);
    const authReqId = await agent.askFor({ authorization_details: DETAILS });
    await running.control.approve('latest');
    const { access_token: token } = (await agent.poll(authReqId)).json();
    const transfer = (amount: string) =>
      call(`${running.url}/lessons/accounts/transfers`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
        body: { amount, currency: 'EUR', to: 'Grace Hopper' },
      });
    expect((await transfer('9999.00')).json()).toMatchObject({
      error: 'insufficient_authorization_details',
    });
    // Keys that cannot be read say nothing about the token, and cost it nothing.
    await running.control.faults.inject({ on: 'jwks', does: { kind: 'answer', status: 503 }, times: 1 });
    const unjudged = await transfer('42.00');
    expect([unjudged.status, unjudged.json().error]).toEqual([503, 'temporarily_unavailable']);
    expect((await transfer('42.00')).status).toBe(201);
    const again = await transfer('42.00');
    expect([again.status, again.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Bearer .*error="invalid_token"/),
    ]);
    expect(again.json().error_description).toContain('counts once');
    const called = (await running.control.trace('latest')).filter(({ type }) => type === 'api.called');
    expect(called.map((event) => event.type === 'api.called' && event.status)).toEqual([403, 201, 401]);
  });

  test('an API that was called for something else, and says so, has moved no money', async () => {
    const running = await start(bankTenant);
    const agent = new Agent(running);
    const authReqId = await agent.askFor({ authorization_details: DETAILS });
    await running.control.approve('latest');
    const { access_token: token } = (await agent.poll(authReqId)).json();
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    const told = await running.control.reportApiCall({
      api: 'https://elsewhere.example/balance',
      method: 'GET',
      path: '/balance',
      status: 200,
      token_id: jti,
      checks: [{ check: 'scope', passed: true }],
    });
    expect(told).toMatchObject({ name: 'r1' });
    const { findings } = await readStep(running, 'transfer');
    expect(findings.map(({ done }) => done)).toEqual([true, false]);
  });

  test.each([
    ['GET', '/control/lessons/lab-7', undefined, 404],
    ['POST', '/control/lessons/lab-6/try', { step: 'nothing' }, 404],
    ['POST', '/control/lessons/lab-6/try', { stepp: 'enrol' }, 400],
    ['POST', '/lessons/accounts/transfers', { amount: '1' }, 401],
    ['POST', '/lessons/accounts/transfers', '[]', 400],
  ])('%s %s with %j says what is wrong', async (method, path, body, status) => {
    const running = await start();
    const answer = await call(running.url + path, { method, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(status);
    expect(answer.json()).toHaveProperty(status === 401 ? 'error_description' : 'detail');
  });

  test('a tenant in which nobody could play says so', async () => {
    const running = await start({ tenant: { name: 'empty' } });
    const answer = await call(`${running.url}/control/lessons/lab-6`);
    expect([answer.status, answer.json().hint]).toEqual([409, expect.stringContaining('assent class 1')]);
  });
});
