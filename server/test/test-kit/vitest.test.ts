// `assent/vitest` as somebody else's test would use it: the agent speaks by fetch, the person by the fixtures.
import { describe } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import type { RunningAssent } from '../../src/index.ts';
import { measureRemainingMs, Servers } from '../../src/test-kit/index.ts';
import { createTest, expect, test } from '../../src/vitest/vitest.ts';

const RENT = { type: 'transfer_funds', amount: '250.00', currency: 'EUR', to: 'Grace' };
const LUNCH = { ...RENT, amount: '12.00' };

/** Node's own fetch, which goes by the authorities that this process trusts. */
async function post(assent: RunningAssent, path: string, parameters: Record<string, string>) {
  const { AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '' } = assent.env;
  const client = { client_id: AUTH0_CLIENT_ID, client_secret: AUTH0_CLIENT_SECRET };
  const answer = await fetch(assent.url + path, {
    method: 'POST',
    body: new URLSearchParams({ ...client, ...parameters }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function ask(assent: RunningAssent, changes: Record<string, string> = {}) {
  return post(assent, '/bc-authorize', {
    scope: 'openid',
    audience: assent.env['AUTH0_AUDIENCE'] ?? '',
    binding_message: 'RENT-4K9',
    login_hint: hint(assent, 'auth0|ada'),
    authorization_details: JSON.stringify([RENT]),
    ...changes,
  });
}

function hint(assent: RunningAssent, sub: string): string {
  return JSON.stringify({ format: 'iss_sub', iss: assent.issuer, sub });
}

function poll(assent: RunningAssent, asked: { body: Record<string, unknown> }) {
  return post(assent, '/oauth/token', {
    grant_type: 'urn:openid:params:grant-type:ciba',
    auth_req_id: String(asked.body['auth_req_id']),
  });
}

describe('an answer of the person', () => {
  test('approving gives the agent a token with what was approved', async ({ assent, approvals }) => {
    const waiting = approvals.nextApproval({ user: 'auth0|ada', client: 'aiya' });
    const asked = await ask(assent);
    const approval = await waiting;
    expect(approval).toAskFor({ type: 'transfer_funds', amount: '250.00' });
    expect(approval).toHaveBindingMessage('RENT-4K9');
    expect(approval.summary).toBe('Transfer 250.00 EUR to Grace');
    expect(approval.details).toEqual([RENT]);
    await approval.approve();
    expect(await poll(assent, asked)).toMatchObject({ status: 200, body: { authorization_details: [RENT] } });
    expect((await approval.trace()).map(({ type }) => type)).toEqual([
      'request.received',
      'notification.waiting',
      'decision.made',
      'request.settled',
      'token.issued',
    ]);
  });

  test('denying and expiring are told to the agent, and a second answer is an error', async ({
    assent,
    approvals,
  }) => {
    const denied = await ask(assent);
    const first = await approvals.nextApproval();
    await first.deny('not tonight');
    expect(await poll(assent, denied)).toMatchObject({ body: { error: 'access_denied' } });
    await expect(first.approve()).rejects.toThrow(
      /^r1 cannot be decided any more \(approve\): it is denied by auth0\|ada, from control API/,
    );

    const expired = await ask(assent);
    const second = await approvals.nextApproval();
    await second.expire();
    expect(await poll(assent, expired)).toMatchObject({
      body: { error: 'access_denied', error_description: expect.stringContaining('expired') },
    });
    await expect(first.expire()).rejects.toThrow('r1 cannot expire any more: it is denied.');
  });
});

describe('waiting for the next approval', () => {
  test('takes the one that fits and leaves the others to whoever waits for them', async ({
    assent,
    approvals,
  }) => {
    const lunch = approvals.nextApproval({ match: { details: { amount: '12.00' } } });
    const forGrace = approvals.nextApproval({ user: 'Grace Hopper' });
    const rest = approvals.nextApproval({ match: { bindingMessage: /^RENT-/ } });
    await ask(assent);
    await ask(assent, { login_hint: hint(assent, 'auth0|grace'), binding_message: 'GRACE-1' });
    await ask(assent, { authorization_details: JSON.stringify([LUNCH]), binding_message: 'LUNCH-1' });
    expect((await lunch).bindingMessage).toBe('LUNCH-1');
    expect((await forGrace).bindingMessage).toBe('GRACE-1');
    expect((await rest).bindingMessage).toBe('RENT-4K9');
  });

  test('hands out each request once, the oldest first', async ({ assent, approvals }) => {
    await ask(assent, { binding_message: 'ONE' });
    await ask(assent, { binding_message: 'TWO' });
    const both = await Promise.all([approvals.nextApproval(), approvals.nextApproval()]);
    expect(both.map(({ bindingMessage }) => bindingMessage)).toEqual(['ONE', 'TWO']);
  });

  test('goes on where the server is put back to its start meanwhile', async ({ assent, approvals }) => {
    const before = approvals.nextApproval({ match: { bindingMessage: 'BEFORE' } });
    const after = approvals.nextApproval({ match: { bindingMessage: 'AFTER' } });
    await ask(assent, { binding_message: 'BEFORE' });
    expect((await before).name).toBe('r1');
    await assent.reset();
    await ask(assent, { binding_message: 'AFTER' });
    expect((await after).name).toBe('r1');
  });

  test('says what came instead, and where it differs', async ({ assent, approvals }) => {
    await ask(assent, { login_hint: hint(assent, 'auth0|grace') });
    await ask(assent, { binding_message: 'has a line\nbreak' });
    await ask(assent, { binding_message: 'TAKEN' });
    await approvals.nextApproval({ match: { bindingMessage: 'TAKEN' } });
    await ask(assent, { binding_message: 'OVER' });
    await (await approvals.nextApproval({ match: { bindingMessage: 'OVER' } })).deny();
    const waiting = approvals.nextApproval({
      user: 'auth0|ada',
      match: { bindingMessage: 'RENT-4K9', details: { amount: '12.00', to: expect.stringMatching(/^G/) } },
      timeoutMs: 50,
    });
    await expect(waiting).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Error: Waited 0.1 s for a request to auth0|ada with binding message "RENT-4K9" with details that fit {"amount":"12.00","to":"StringMatching /^G/"}. None came.
      What came instead:
        r1  Aiya asks Grace Hopper: Transfer 250.00 EUR to Grace
              user: asked "auth0|grace" (Grace Hopper), expected "auth0|ada"
              /0/amount: asked "250.00", expected "12.00"
        r2  Aiya asks Ada Lovelace: Transfer 250.00 EUR to Grace
              binding message: asked "has a line\\nbreak", expected "RENT-4K9"
              /0/amount: asked "250.00", expected "12.00"
        r3  Aiya asks Ada Lovelace: Transfer 250.00 EUR to Grace
              an earlier nextApproval has it
        r4  Aiya asks Ada Lovelace: Transfer 250.00 EUR to Grace
              it is denied already by auth0|ada, from control API]
    `);
  });

  test('says so when nobody asked anything', async ({ approvals }) => {
    await expect(approvals.nextApproval({ timeoutMs: 1 })).rejects.toThrow(
      'Nobody has asked anything. Does the agent ask this server (AUTH0_DOMAIN of assent.env)?',
    );
  });

  test('ends a little before the test would, so that the reason is seen', () => {
    expect(measureRemainingMs(5_000)()).toBeLessThanOrEqual(4_500);
    expect(measureRemainingMs(30_000)()).toBeGreaterThan(20_000);
  });
});

describe('the matchers', () => {
  test('name each difference by its path', async ({ assent, approvals }) => {
    await ask(assent);
    const approval = await approvals.nextApproval();
    expect(approval).not.toAskFor({ amount: '25.00' });
    expect(approval).toAskFor([RENT]);
    expect(approval).not.toAskFor([RENT, RENT]);
    expect(approval).toAskFor((details) => details.length === 1);
    expect(approval.request).toHaveBindingMessage(/^rent-\w{3}$/i);
    expect(() => expect(approval).toAskFor({ amount: '25.00', currency: /^[A-Z]{3}$/, memo: 'May' })).toThrow(
      [
        'Expected r1 to ask for {"amount":"25.00","currency":"/^[A-Z]{3}$/","memo":"May"}. It differs:',
        '  /0/amount: asked "250.00", expected "25.00"',
        '  /0/memo: asked nothing, expected "May"',
      ].join('\n'),
    );
    expect(() => expect(approval).not.toHaveBindingMessage('RENT-4K9')).toThrow(
      'Expected r1 not to have the binding message "RENT-4K9", but it does: Transfer 250.00 EUR to Grace',
    );
    expect(() => expect('r1').toHaveBindingMessage('RENT-4K9')).toThrow(
      'toHaveBindingMessage received "r1", expected what approvals.nextApproval()',
    );
  });
});

const minimal = createTest({
  config: {
    clients: [
      {
        client_id: 'robot',
        name: 'Robot',
        client_secret: 'secret',
        grant_types: ['urn:openid:params:grant-type:ciba'],
      },
    ],
    users: [{ user_id: 'auth0|you', name: 'You', devices: [{ id: 'dev_AAAAAAAAAAAAAAAA', name: 'Phone' }] }],
  },
});

minimal('a server of one’s own making is asked by its own client', async ({ assent, approvals }) => {
  const parameters = { scope: 'openid', binding_message: 'HELLO', login_hint: hint(assent, 'auth0|you') };
  const { status } = await post(assent, '/bc-authorize', parameters);
  expect(status).toBe(200);
  const approval = await approvals.nextApproval({ user: 'You', client: 'robot' });
  expect(approval.details).toEqual([]);
  expect(() => expect(approval).toAskFor({ amount: 1 })).toThrow(
    'details: asked none, expected {"amount":1}',
  );
});

const broken = createTest({ config: { users: [{ user_id: 'auth0|you' }] } as TenantConfigInput });

broken.fails('a tenant with mistakes names them in the error that the runner shows', ({ assent }) => assent);

test('a shared server that cannot start fails whoever asks for it, and not the end of the file as well', async () => {
  const config = { users: [{ user_id: 'auth0|you' }] } as TenantConfigInput;
  const servers = new Servers({ config, isShared: true });
  await expect(servers.lease({ remainingMs: () => 1_000 })).rejects.toThrow('users[0].name');
  await servers[Symbol.asyncDispose]();
});

const shared = createTest({ scope: 'file' });

describe('a server of the whole file', () => {
  const urls = new Set<string>();

  for (const test of ['one', 'another']) {
    shared(`is as it was at its start for ${test} test`, async ({ assent, approvals }) => {
      urls.add(assent.url);
      expect(await assent.control.requests()).toEqual([]);
      await ask(assent);
      expect((await approvals.nextApproval()).name).toBe('r1');
    });
  }

  test('stays where it is', () => {
    expect(urls.size).toBe(1);
  });
});
