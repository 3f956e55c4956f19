// Details that would be changed on the way, or break where it is too late, are refused before anybody is asked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

it.each([
  [
    'locations that are no list',
    '{"type":"transfer_funds","locations":5}',
    '"locations" must be a list of texts',
  ],
  ['actions as text', '{"type":"transfer_funds","actions":"read"}', '"actions" must be a list of texts'],
  ['an empty datatype', '{"type":"transfer_funds","datatypes":[""]}', '"datatypes" must be a list of texts'],
  [
    'an identifier that is no text',
    '{"type":"transfer_funds","identifier":[]}',
    '"identifier" must be a text',
  ],
  ['a member named constructor', '{"type":"transfer_funds","constructor":1}', 'cannot be carried unchanged'],
  [
    'a member named __proto__',
    '{"type":"transfer_funds","a":{"__proto__":{"b":1}}}',
    'cannot be carried unchanged',
  ],
  ['a member that would move', '{"type":"transfer_funds","b":1,"1":2}', 'cannot be carried unchanged'],
  [
    'a member that is there twice',
    '{"type":"transfer_funds","amount":1,"\\u0061mount":1000}',
    'is there twice',
  ],
  [
    'a number beyond a double',
    '{"type":"transfer_funds","amount":1.00000000000000000001}',
    'cannot be carried exactly',
  ],
])('%s', async (_what, detail, why) => {
  const before = (await assent.control.requests()).length;
  const answer = await agent.ask({ authorization_details: `[${detail}]` });
  expect([answer.status, answer.json().error]).toEqual([400, 'invalid_authorization_details']);
  expect(answer.json().error_description).toContain(why);
  expect(await assent.control.requests()).toHaveLength(before);
});

it('a JSON body is read as exactly as a form', async () => {
  const body = (amount: string) =>
    `{"client_id":"aiya","client_secret":"aiya-secret-not-real","scope":"openid","audience":"${TRANSFERS}",
      "binding_message":"X-1","login_hint":${agent.hint('auth0|ada')},
      "authorization_details":[{"type":"transfer_funds","amount":${amount}}]}`;
  const send = (text: string) =>
    call(`${assent.url}/bc-authorize`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: text,
    });
  const inexact = await send(body('12345678901234567890'));
  expect([inexact.status, inexact.json().error]).toEqual([400, 'invalid_request']);
  expect(inexact.json().error_description).toContain(
    'the number 12345678901234567890 cannot be carried exactly',
  );
  expect((await send(body('12.50'))).status).toBe(200);
});

it('a hint or a body that cannot be turned into text is the caller’s mistake', async () => {
  const hint = await agent.ask({
    login_hint: agent.hint('auth0|ada', { iss: { toString: 1, valueOf: 1 } }),
  });
  expect([hint.status, hint.json().error]).toEqual([400, 'invalid_request']);
  const deep = await call(`${assent.url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"a":${'['.repeat(25_000)}${']'.repeat(25_000)}}`,
  });
  expect([deep.status, deep.json().error]).toEqual([400, 'invalid_request']);
});

it('a binding message of white space alone is none', async () => {
  for (const binding_message of ['   ', '\n\n', '\ufeff']) {
    const answer = await agent.ask({ binding_message });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  }
});

it('the trace holds no secret, no token and no whole auth_req_id', async () => {
  const secrets = {
    client_secret: 'first.second.third',
    refresh_token: 'aaa.bbb.ccc',
    id_token_hint: 'eyJ.eyJ.sig',
    otp: 'nine-nine-one',
    Client_Secret: 'shout',
  };
  await agent.token({ grant_type: 'refresh_token', ...secrets });
  const id = await agent.askFor();
  await assent.control.approve('latest');
  const tokens = (await agent.poll(id)).json();
  const events: unknown[] = [];
  const stop = new AbortController();
  for await (const event of assent.control.events({ afterNumber: 0, signal: stop.signal })) {
    events.push(event);
    if (event.type === 'token.issued') stop.abort();
  }
  const told = JSON.stringify(events);
  for (const secret of [...Object.values(secrets), id, tokens.access_token, tokens.id_token]) {
    expect(told.includes(secret)).toBe(false);
  }
});
