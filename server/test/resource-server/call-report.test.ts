// An API that reports: every call becomes an arrow of the story of its request, with the check that stopped it; nothing that
// goes wrong with the report is ever felt by a caller.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import {
  type CallReporter,
  createCallReporter,
  createSpentTokens,
  createTokenVerifier,
  requireTokenInFetch,
} from '../../src/resource-server/index.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';

let assent: RunningAssent;
let report: CallReporter;

beforeAll(async () => {
  assent = await startAssent({ config: unlimitedBank() });
  report = createCallReporter({ to: assent.control });
});
afterAll(() => assent.close());

const SECRET_QUERY = '?session=not-to-be-told';

function guard(reporter: CallReporter) {
  const verifier = createTokenVerifier({ issuer: assent.issuer, audience: TRANSFERS, ca: assent.ca });
  return requireTokenInFetch(
    verifier,
    async (request) => ({
      scope: 'create:transfer',
      details: [(await request.clone().json()) as typeof TRANSFER],
    }),
    () => Response.json({ moved: true }),
    { report: reporter, singleUse: createSpentTokens() },
  );
}

function transfer(token: string | undefined, detail: object = TRANSFER): Request {
  return new Request(`http://bank.example/transfers${SECRET_QUERY}`, {
    method: 'POST',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body: JSON.stringify(detail),
  });
}

async function approvedToken(): Promise<{ token: string; name: string }> {
  const agent = new Agent(assent);
  const id = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
  const { name } = await assent.control.request('latest');
  await assent.control.approve(name);
  return { token: (await agent.poll(id)).json().access_token, name };
}

type ApiCalled = Extract<TraceEvent, { type: 'api.called' }>;

async function lastCall(): Promise<ApiCalled> {
  await report.settled();
  const called = (await assent.control.story()).events.filter((event) => event.type === 'api.called');
  const last = called.at(-1);
  if (!last) throw new Error('nothing was reported');
  return last;
}

const failed = (call: ApiCalled): string | undefined => call.checks.find(({ passed }) => !passed)?.check;

test('a call that passes is told with every check, in order, as part of the request that its token came of', async () => {
  const { token, name } = await approvedToken();
  const answer = await guard(report)(transfer(token));
  expect(answer.status).toBe(200);
  const call = await lastCall();
  expect(call).toMatchObject({ name, api: TRANSFERS, method: 'POST', path: '/transfers', status: 200 });
  expect(call.checks.map(({ check, passed }) => [check, passed])).toEqual([
    ['token_present', true],
    ['token_readable', true],
    ['signature', true],
    ['issuer', true],
    ['audience', true],
    ['expiry', true],
    ['token_kind', true],
    ['scope', true],
    ['details', true],
    ['single_use', true],
  ]);
  expect(call.asked).toEqual({ scope: ['create:transfer'], authorization_details: [TRANSFER] });
  expect((await assent.control.trace(name)).at(-1)).toEqual(call);
  const text = JSON.stringify(await assent.control.story());
  for (const secret of [token, token.split('.')[2] ?? '', 'not-to-be-told'])
    expect(text).not.toContain(secret);
});

test('a call that is stopped is told with the check that stopped it and where the amounts differ', async () => {
  const { token, name } = await approvedToken();
  const answer = await guard(report)(transfer(token, { ...TRANSFER, amount: 2_500 }));
  expect(answer.status).toBe(403);
  const call = await lastCall();
  expect([call.name, call.status, failed(call)]).toEqual([name, 403, 'details']);
  expect(call.checks.at(-1)?.differences).toEqual([{ path: '/0/amount', approved: 250, requested: 2_500 }]);
});

test('a used token, a forged one and none at all are told apart', async () => {
  const { token } = await approvedToken();
  const gate = guard(report);
  await gate(transfer(token));
  expect((await gate(transfer(token))).status).toBe(401);
  expect(failed(await lastCall())).toBe('single_use');

  const [header, , signature] = token.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'auth0|ada', aud: TRANSFERS })).toString('base64url');
  expect((await gate(transfer([header, claims, signature].join('.')))).status).toBe(401);
  const forged = await lastCall();
  expect([forged.name, failed(forged)]).toEqual([undefined, 'signature']);

  expect((await gate(transfer(undefined))).status).toBe(401);
  const empty = await lastCall();
  expect([empty.access_token, failed(empty)]).toEqual([undefined, 'token_present']);
});

test('a report by address reaches the server, and one that reaches nobody is not felt', async () => {
  const { token } = await approvedToken();
  const before = (await assent.control.story()).last_number;
  const byAddress = createCallReporter({ to: assent.url, ca: assent.ca });
  expect((await guard(byAddress)(transfer(token))).status).toBe(200);
  await byAddress.settled();
  const { events } = await assent.control.story({ after: before });
  expect(events.map(({ type }) => type)).toEqual(['api.called']);

  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  const lost = createCallReporter({ to: `http://127.0.0.1:${port}` });
  expect((await guard(lost)(transfer((await approvedToken()).token))).status).toBe(200);
  await lost.settled();
});
