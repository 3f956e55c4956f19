// Stories of a real server, read as a drawing: which arrows there are, what repeats, what stands between them, and which request
// each belongs to.
import { afterEach, expect, test } from 'vitest';
import { CIBA_GRANT_TYPE, type TraceEvent, traceEventsSchema } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import {
  type Run,
  readRun,
  readRuns,
  readSteps,
  writeMermaid,
  writeReplayPage,
  writeSvg,
  writeTraceDocument,
} from '../../src/sequence/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { openGuardianWorld } from '../guardian/guardian-world.ts';
import { call } from '../http-call.ts';
import { askByEmail, bankByEmail, eventOf } from '../mail-tenant.ts';
import { type CountedClock, createCountedClock } from '../web-push/counted-clock.ts';

const CHARLES = 'auth0|charles';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

interface Server {
  assent: RunningAssent;
  agent: Agent;
  clock: CountedClock;
}

async function startBank(config = unlimitedBank()): Promise<Server> {
  const clock = createCountedClock(Date.now());
  const assent = await startAssent({ tls: false, clock, config });
  open.push(assent);
  return { assent, agent: new Agent(assent), clock };
}

async function eventsOf(assent: RunningAssent): Promise<TraceEvent[]> {
  return (await assent.control.story()).events;
}

async function runOf(assent: RunningAssent, ref?: string): Promise<Run> {
  const run = readRun(await eventsOf(assent), ref);
  if (run === undefined) throw new Error('there is no run');
  return run;
}

/** The drawing as text, a row each. */
function draw(run: Run): string[] {
  return run.rows.map((row) => {
    if (row.type === 'mark') return `   -- ${row.mark.text}`;
    const { number, from, to, isResponse, label, values, arrows, outcome } = row.step;
    const line = isResponse ? '-->' : '──>';
    const carried = values.length === 0 ? '' : ` [${values.join(' ')}]`;
    const times = arrows.length === 1 ? '' : ` ×${arrows.length}`;
    return `${number} ${from} ${line} ${to}: ${label}${carried}${times}${outcome === 'plain' ? '' : ` (${outcome})`}`;
  });
}

test('an approved request is drawn from the question to the token, past the phone, and polls fold', async () => {
  const world = await openGuardianWorld();
  open.push(world);
  const { assent, agent } = world;
  const phone = await world.enrol(CHARLES, 'ios');
  const id = await agent.askFor({
    login_hint: agent.hint(CHARLES),
    authorization_details: JSON.stringify([TRANSFER]),
  });
  const push = await phone.nextPush();
  await phone.readConsent(push);
  for (const _ of [1, 2, 3]) await agent.poll(id);
  await phone.allow(push);
  await agent.poll(id);
  await agent.poll(id);
  const run = await runOf(assent);
  // The device says that it has the push as soon as it can, so that may stand further down.
  const lines = draw(run).map((line) => line.replace(/^\d+ /, ''));
  expect(lines).toContain('push ──> approver: delivered [c]');
  expect(lines.filter((line) => !line.includes('delivered'))).toMatchInlineSnapshot(`
    [
      "agent ──> server: POST /bc-authorize [b d]",
      "server --> agent: 200 auth_req_id [a]",
      "server ──> push: push, pointer only [c]",
      "approver ──> server: GET /rich-consents [c]",
      "server --> approver: 200 what is asked [b d]",
      "agent ──> server: POST /oauth/token [a]",
      "server --> agent: 400 pending",
      "agent ──> server: POST /oauth/token [a] ×2",
      "server --> agent: 400 slow_down ×2",
      "approver ──> server: resolve-transaction: accepted [c] (good)",
      "server --> approver: 204",
      "agent ──> server: POST /oauth/token [a]",
      "server --> agent: 200 access_token [t d] (good)",
      "agent ──> server: POST /oauth/token [a]",
      "server --> agent: 400 invalid_grant (bad)",
    ]
  `);
  expect(run).toMatchObject({
    name: 'r1',
    outcome: 'redeemed',
    title: 'Transfer 250 EUR to Grace Hopper',
    names: { agent: 'Aiya', push: 'web push', api: 'Accounts API' },
    values: { b: 'RENT-4K9', d: JSON.stringify([TRANSFER]) },
  });
  expect(run.names.approver).toContain('iPhone of a test');
  const folded = run.steps.find(({ arrows }) => arrows.length > 1);
  expect(folded?.events).toHaveLength(folded?.arrows.length ?? 0);
  // Both sides of an exchange carry it.
  for (const { label, exchange } of run.steps.slice(0, 2))
    expect([label, exchange?.request.path]).toEqual([label, '/bc-authorize']);
});

test('a denial, an expiry and a request that is refused end where they end', async () => {
  const { assent, agent, clock } = await startBank();
  const denied = await agent.askFor();
  await assent.control.deny('latest', 'not me');
  await agent.poll(denied);
  const expired = await agent.askFor({ requested_expiry: '60' });
  clock.advance(61_000);
  await agent.poll(expired);
  await agent.ask({ binding_message: 'x'.repeat(65) });
  const events = await eventsOf(assent);
  expect(readRuns(events).map(({ name, outcome }) => `${name} ${outcome}`)).toMatchInlineSnapshot(`
    [
      "r1 denied",
      "r2 expired",
      "e10 refused",
    ]
  `);
  expect(
    readRuns(events).flatMap(({ id }) => [id.startsWith('apr_') ? '—' : id, ...drawn(events, id)]),
  ).toMatchInlineSnapshot(`
    [
      "—",
      "1 agent ──> server: POST /bc-authorize [b]",
      "2 server --> agent: 200 auth_req_id [a]",
      "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
      "3 approver ──> server: denied (control API) (bad)",
      "4 agent ──> server: POST /oauth/token [a]",
      "5 server --> agent: 400 access_denied (bad)",
      "—",
      "1 agent ──> server: POST /bc-authorize [b]",
      "2 server --> agent: 200 auth_req_id [a]",
      "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
      "   -- The request expires: nobody decided in time.",
      "3 agent ──> server: POST /oauth/token [a]",
      "4 server --> agent: 400 access_denied (bad)",
      "event-10",
      "1 agent ──> server: POST /bc-authorize [b]",
      "2 server --> agent: 400 invalid_request (bad)",
    ]
  `);
});

function drawn(events: readonly TraceEvent[], ref: string): string[] {
  const run = readRun(events, ref);
  return run === undefined ? [] : draw(run);
}

test('requests at the same time are told apart, and what concerns everybody stands in each that goes on', async () => {
  const { assent, agent, clock } = await startBank();
  const first = await agent.askFor({ binding_message: 'FIRST-1' });
  const second = await agent.askFor({ binding_message: 'SECOND-2' });
  await agent.poll(first);
  clock.advance(5_000);
  await assent.control.approve('r1');
  await agent.poll(first);
  await assent.control.clock.advance(6_000);
  await agent.poll(second);
  const events = await eventsOf(assent);
  expect([drawn(events, 'r1'), drawn(events, 'r2')]).toMatchInlineSnapshot(`
    [
      [
        "1 agent ──> server: POST /bc-authorize [b]",
        "2 server --> agent: 200 auth_req_id [a]",
        "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
        "3 agent ──> server: POST /oauth/token [a]",
        "4 server --> agent: 400 pending",
        "5 approver ──> server: approved (control API) (good)",
        "6 agent ──> server: POST /oauth/token [a]",
        "7 server --> agent: 200 access_token [t] (good)",
      ],
      [
        "1 agent ──> server: POST /bc-authorize [b]",
        "2 server --> agent: 200 auth_req_id [a]",
        "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
        "   -- The clock is put forward by 6 s.",
        "3 agent ──> server: POST /oauth/token [a]",
        "4 server --> agent: 400 pending",
      ],
    ]
  `);
});

test('rules and faults are marks between the arrows; too fast is not folded with pending', async () => {
  const { assent, agent } = await startBank(
    unlimitedBank({ rules: [{ id: 'strict', answer: 'deny', after_polls: 3 }] }),
  );
  await assent.control.faults.inject({ on: 'token', does: { kind: 'answer', status: 503 }, times: 1 });
  const id = await agent.askFor();
  for (const _ of [1, 2, 3, 4]) await agent.poll(id);
  expect(draw(await runOf(assent))).toMatchInlineSnapshot(`
    [
      "1 agent ──> server: POST /bc-authorize [b]",
      "2 server --> agent: 200 auth_req_id [a]",
      "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
      "   -- The rule strict takes it: deny everything, after 3 polls",
      "   -- A fault on purpose: token answers 503",
      "   -- That fault is over: f1.",
      "3 agent ──> server: POST /oauth/token [a]",
      "4 server --> agent: 400 pending",
      "5 agent ──> server: POST /oauth/token [a] ×2",
      "6 server --> agent: 400 slow_down ×2",
    ]
  `);
});

test('a poll that is held begins before the decision and is answered after it', async () => {
  const { assent, agent } = await startBank(unlimitedBank({ ciba: { held_poll: 20 } }));
  const id = await agent.askFor();
  const poll = agent.poll(id);
  for await (const { type } of assent.control.events({ afterNumber: 0 })) if (type === 'poll.held') break;
  await assent.control.approve('latest');
  await poll;
  const run = await runOf(assent);
  expect(draw(run)).toMatchInlineSnapshot(`
    [
      "1 agent ──> server: POST /bc-authorize [b]",
      "2 server --> agent: 200 auth_req_id [a]",
      "   -- Nobody has been reached yet: no browser of Ada Lovelace has its inbox open.",
      "3 agent ──> server: POST /oauth/token [a]",
      "4 approver ──> server: approved (control API) (good)",
      "5 server --> agent: 200 access_token [t] (good)",
    ]
  `);
  const [, , question] = run.steps;
  expect([question?.kind, question?.exchange?.request.path]).toEqual(['poll', '/oauth/token']);
});

test('an e-mail goes to the approver, past the push service', async () => {
  const assent = await startAssent({ tls: false, config: bankByEmail() });
  open.push(assent);
  await askByEmail(new Agent(assent));
  // The agent has its answer before the e-mail goes.
  await eventOf(assent, 'notification.delivered');
  expect(draw(await runOf(assent))).toMatchInlineSnapshot(`
    [
      "1 agent ──> server: POST /bc-authorize [b d]",
      "2 server --> agent: 200 auth_req_id [a]",
      "3 server ──> approver: e-mail with a link [b]",
    ]
  `);
});

test('a story that was written down and read again gives the same drawing', async () => {
  const { assent, agent } = await startBank();
  const id = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
  for (const _ of [1, 2, 3]) await agent.poll(id);
  await assent.control.approve('latest');
  await agent.poll(id);
  const events = await eventsOf(assent);
  const again = traceEventsSchema.parse(JSON.parse(JSON.stringify(events)));
  expect(readRun(again)).toEqual(readRun(events));
  expect(readSteps(again)).toEqual(readRun(events)?.steps);
  // One event after the other gives the same as all at once, so that a live drawing and a recorded one agree.
  const ids = readSteps(events).map((step) => step.id);
  for (let end = 1; end <= events.length; end += 1)
    expect(ids.slice(0, readSteps(events.slice(0, end)).length)).toEqual(
      readSteps(events.slice(0, end)).map((step) => step.id),
    );
});

test('an export holds nothing that somebody could use, and says what it leaves out', async () => {
  const world = await openGuardianWorld();
  open.push(world);
  const { assent, agent } = world;
  const phone = await world.enrol(CHARLES, 'ios');
  const id = await agent.askFor({
    login_hint: agent.hint(CHARLES),
    authorization_details: JSON.stringify([TRANSFER]),
  });
  const push = await phone.nextPush();
  await phone.readConsent(push);
  await phone.allow(push);
  const tokens = (await agent.poll(id)).json();
  await agent.poll(id, { client_secret: 'a-secret-that-is-wrong-0001' });
  const secrets: string[] = [
    'aiya-secret-not-real',
    'a-secret-that-is-wrong-0001',
    id,
    push.transactionToken,
    push.challenge,
    tokens.access_token,
    tokens.access_token.split('.')[2],
    tokens.id_token,
    tokens.id_token.split('.')[2],
  ];
  const events = await eventsOf(assent);
  const document = writeTraceDocument(events, { title: 'T', issuer: 'I', tenant: 'bank', assent: '0' });
  const run = await runOf(assent, 'r1');
  if (document === undefined) throw new Error('there is no document');
  const page = '<script type="application/json" id="story"></script>';
  const files = {
    json: JSON.stringify(document),
    mermaid: writeMermaid(run),
    svg: writeSvg(run),
    html: writeReplayPage(page, document) ?? '',
  };
  for (const [form, text] of Object.entries(files)) {
    expect([form, text.length > 0]).toEqual([form, true]);
    expect([form, secrets.filter((secret) => text.includes(secret))]).toEqual([form, []]);
  }
  expect(document.redacted).toEqual(expect.arrayContaining(['access_token', 'auth_req_id', 'client_secret']));
});

test('nor does it hold an assertion, a PIN, a cookie or a ticket, whatever they were sent with', async () => {
  const assent = await startAssent({ tls: false, config: bankByEmail() });
  open.push(assent);
  const agent = new Agent(assent);
  const cookies = { cookie: 'session=planted-cookie-0001', authorization: 'Bearer planted-bearer-0001' };
  const planted = {
    client_assertion: 'planted.assertion.0001',
    user_code: 'planted-pin-0001',
    login_hint_token: 'planted-hint-0001',
    id_token_hint: 'planted.id.token-0001',
    request: 'planted.request.0001',
    client_notification_token: 'planted-notification-0001',
    refresh_token: 'planted-refresh-0001',
    code_verifier: 'planted-verifier-0001',
    password: 'planted-password-0001',
  };
  await agent.post('/bc-authorize', { ...planted, binding_message: 'RENT-4K9' }, cookies);
  await agent.post('/oauth/token', { ...planted, grant_type: CIBA_GRANT_TYPE }, cookies);
  await call(`${assent.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...cookies },
    body: JSON.stringify({ ...planted, client_id: 'aiya', grant_type: 'client_credentials' }),
  });
  const ticket = await assent.control.inviteBrowser('auth0|ada');
  await call(ticket.url, { headers: cookies });
  await askByEmail(agent);
  const invitation = new URL(ticket.url);
  const tickets = [invitation.search, invitation.hash, ticket.barcode_uri].filter((text) => text !== '');
  const told = JSON.stringify(await eventsOf(assent));
  expect(tickets).not.toEqual([]);
  expect(tickets.filter((text) => told.includes(text))).toEqual([]);
  expect(told).toContain('client_assertion');
  expect(told.match(/planted[\w.-]*/g)).toBeNull();
});

test('JSON that was sent as a form shows no secret as the name of a parameter', async () => {
  const { assent, agent } = await startBank();
  await call(`${assent.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '{"client_secret":"planted-secret","client_id":"aiya","audience":"a=b"}',
  });
  await agent.post('/oauth/token', { 'extra[0]': 'x' });
  const told = JSON.stringify(await eventsOf(assent));
  expect(told).not.toContain('planted-secret');
  expect(told).toContain('"extra[0]":"[1 characters removed]"');
});

test('what a client sends stays text in every export', async () => {
  const { assent, agent } = await startBank();
  const evil = '</script><img src=x>; #35; %% "--> end';
  await agent.ask({ scope: 'openid', audience: undefined, binding_message: 'A<b> & #1; %%' });
  await agent.ask({ binding_message: evil.slice(0, 60) });
  for (const { id } of readRuns(await eventsOf(assent))) {
    const run = await runOf(assent, id);
    expect(writeSvg(run)).not.toMatch(/<(img|script|b)\b/);
    for (const line of writeMermaid(run).trimEnd().split('\n').slice(1))
      expect(line).toMatch(/^ {2}(%% Not told|accTitle: |accDescr: |participant |Note over |\w+-)/);
  }
});

test('what a hostile file says ends no line, no block and no page, and comes back as it was', async () => {
  const { assent, agent } = await startBank();
  await agent.ask({ authorization_details: JSON.stringify([TRANSFER]) });
  const title = '$&script> $` $\' $$ %%{init: {"theme":"dark"}}%%';
  const [received, ...others] = await eventsOf(assent);
  if (received?.type !== 'request.received') throw new Error('the story begins elsewhere');
  const events = [
    {
      ...received,
      consent: { ...received.consent, summary: title },
      authorization_details: [{ ...TRANSFER, 'x\n  link api: Evil @ javascript:alert(1)': '[3 characters]' }],
    },
    ...others,
  ];
  const document = writeTraceDocument(events, { title, issuer: 'I', tenant: 'bank', assent: '0' });
  const run = readRun(events);
  if (document === undefined || run === undefined) throw new Error('there is no story');
  const [before, after] = ['<script type="application/json" id="story">', '</script>'];
  const page = writeReplayPage(`${before}${after}`, document) ?? '';
  expect(JSON.parse(page.slice(before.length, -after.length))).toEqual(document);
  const mermaid = writeMermaid(run);
  expect(mermaid).not.toContain('%%{');
  expect(mermaid).not.toMatch(/^\s*link /m);
});
