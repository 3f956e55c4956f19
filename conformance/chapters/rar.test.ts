// RFC 9396: authorization details, from the request to the token.
import { afterAll, expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import { claimsOf, expectAccepted, expectRefusal, expectTokens, isRefused } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { ACCOUNT_ACCESS, ADA, PAYMENT, PAYMENTS_API } from '../lab/people.ts';
import { nobodyIsTold, startPushService, withPushServices } from '../lab/push-service.ts';

const observer = await startPushService();
afterAll(() => observer[Symbol.asyncDispose]());

const { requirement, startLab } = openChapter(withPushServices(observer.host));

const details = (value: unknown) => ({
  audience: PAYMENTS_API,
  authorization_details: JSON.stringify(value),
});

const expectBadDetails = async (lab: Lab, value: unknown): Promise<void> => {
  const answer = await lab.client('agent').ask(details(value));
  expectRefusal(answer, 400, 'invalid_authorization_details');
};

requirement('RAR-2-01', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const authorization_details of [JSON.stringify(PAYMENT), '"x"', '42', '[1]', '[[]]', 'not json']) {
      const answer = await lab.client('agent').ask({ audience: PAYMENTS_API, authorization_details });
      expectRefusal(answer, 400, 'invalid_request', 'invalid_authorization_details');
    }
  }),
);

requirement('RAR-2-02', (lab) =>
  lab.nobodyIsAsked(async () => {
    for (const value of [[{ actions: ['read'] }], [{ type: 1 }], [{ type: '' }]])
      await expectBadDetails(lab, value);
  }),
);

requirement('RAR-2-03', async (lab) => {
  const two = [PAYMENT, { ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '7.00' } }];
  const { authReqId, tokens } = await lab.complete('agent', details(two));
  expect((await lab.approval(authReqId)).authorization_details).toEqual(two);
  expect(tokens['authorization_details']).toEqual(two);
});

const commonFieldsAreChecked = (lab: Lab, example: Readonly<Record<string, unknown>>): Promise<void> =>
  lab.nobodyIsAsked(async () => {
    for (const field of ['locations', 'actions', 'datatypes', 'privileges']) {
      for (const value of ['one', ['one', 7]]) await expectBadDetails(lab, [{ ...example, [field]: value }]);
    }
    await expectBadDetails(lab, [{ ...example, identifier: {} }]);
  });

requirement('RAR-2.2-01', async (lab) => {
  await commonFieldsAreChecked(lab, PAYMENT);
  // A type whose schema says nothing of them.
  await using open = await startLab(lab.profile, (config) => ({
    ...config,
    resource_servers: (config.resource_servers ?? []).map((api) =>
      api.identifier === PAYMENTS_API
        ? { ...api, authorization_details: [{ type: 'open', name: 'Open', schema: { type: 'object' } }] }
        : api,
    ),
    clients: (config.clients ?? []).filter(({ client_id: id }) => id !== 'lab-typed'),
  }));
  expectAccepted(await open.client('agent').ask(details([{ type: 'open', actions: ['one'] }])));
  await commonFieldsAreChecked(open, { type: 'open' });
});

requirement('RAR-3-02', async (lab) => {
  const client = lab.client('signing');
  const inside = { audience: PAYMENTS_API, authorization_details: [PAYMENT] };
  const authReqId = expectAccepted(await client.askSigned(inside));
  expect((await lab.approval(authReqId)).authorization_details).toEqual([PAYMENT]);
  const beside = await client.askSigned(
    { audience: PAYMENTS_API },
    {},
    { authorization_details: JSON.stringify([PAYMENT]) },
  );
  if (isRefused(beside)) expectRefusal(beside, 400, 'invalid_request', 'invalid_authorization_details');
  else expect(await lab.approval(expectAccepted(beside))).not.toHaveProperty('authorization_details');
});

requirement('RAR-3.1-01', async (lab) => {
  const asked = { ...details([PAYMENT]), scope: 'openid payments' };
  const { authReqId, tokens } = await lab.complete('agent', asked);
  const approval = await lab.approval(authReqId);
  expect(approval.scope).toContain('payments');
  expect(approval.authorization_details).toEqual([PAYMENT]);
  expect(tokens['scope'].split(' ')).toContain('payments');
  expect(tokens['authorization_details']).toEqual([PAYMENT]);
});

requirement('RAR-5-01', (lab) => expectBadDetails(lab, [{ type: 'urn:nobody:knows' }]));

requirement('RAR-5-02', (lab) => expectBadDetails(lab, [{ ...PAYMENT, surprise: true }]));

requirement('RAR-5-03', async (lab) => {
  await expectBadDetails(lab, [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: 123.5 } }]);
  await expectBadDetails(lab, [{ ...PAYMENT, instructedAmount: '123.50 EUR' }]);
});

requirement('RAR-5-04', async (lab) => {
  for (const amount of ['-5', '1e9']) {
    await expectBadDetails(lab, [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount } }]);
  }
  await expectBadDetails(lab, [{ ...PAYMENT, instructedAmount: { currency: 'EURO', amount: '5.00' } }]);
});

requirement('RAR-5-05', (lab) => expectBadDetails(lab, [{ type: 'payment_initiation' }]));

requirement('RAR-5-06', (lab) =>
  nobodyIsTold(lab, { observer, userId: ADA }, () =>
    expectBadDetails(lab, [PAYMENT, { type: 'urn:nobody:knows' }]),
  ),
);

requirement('RAR-6-01', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor(details([ACCOUNT_ACCESS]));
  await lab.control.approve(authReqId);
  const wider = [
    [{ ...ACCOUNT_ACCESS, actions: [...ACCOUNT_ACCESS.actions, 'read_transactions'] }],
    [PAYMENT],
  ];
  for (const value of wider) {
    const answer = await client.poll(authReqId, { authorization_details: JSON.stringify(value) });
    expectRefusal(answer, 400, 'invalid_authorization_details');
  }
  const narrower = [{ ...ACCOUNT_ACCESS, actions: ['list_accounts'] }];
  const tokens = expectTokens(
    await client.poll(authReqId, { authorization_details: JSON.stringify(narrower) }),
  );
  expect(tokens['authorization_details']).toEqual(narrower);
  expect(claimsOf(String(tokens['access_token']))['authorization_details']).toEqual(narrower);
});

requirement('RAR-7-01', async (lab) => {
  const { tokens } = await lab.complete('agent', details([PAYMENT]));
  expect(tokens['authorization_details']).toEqual([PAYMENT]);
});

requirement('RAR-7-02', async (lab) => {
  const client = lab.client('agent');
  const authReqId = await client.askFor(details([PAYMENT, ACCOUNT_ACCESS]));
  await lab.control.approve(authReqId, [PAYMENT]);
  const tokens = expectTokens(await client.poll(authReqId));
  expect(tokens['authorization_details']).toEqual([PAYMENT]);
  expect(claimsOf(String(tokens['access_token']))['authorization_details']).toEqual([PAYMENT]);
  if (lab.provider.metadata['introspection_endpoint'] === undefined) return;
  const introspected = await client.call('introspection_endpoint', { token: String(tokens['access_token']) });
  expect(introspected.json()).toMatchObject({ active: true, authorization_details: [PAYMENT] });
});

requirement('RAR-7-03', async (lab) => {
  const client = lab.client('agent');
  const { tokens } = await lab.complete('agent', {
    ...details([ACCOUNT_ACCESS]),
    scope: 'openid offline_access',
  });
  // Rotated or not: always the last one.
  let refreshToken = tokens['refresh_token'];
  const same = expectTokens(await client.refresh(refreshToken));
  refreshToken = same['refresh_token'] ?? refreshToken;
  expect(claimsOf(String(same['access_token']))['authorization_details']).toEqual([ACCOUNT_ACCESS]);
  const narrower = [{ ...ACCOUNT_ACCESS, actions: ['list_accounts'] }];
  const less = expectTokens(
    await client.refresh(refreshToken, { authorization_details: JSON.stringify(narrower) }),
  );
  expect(claimsOf(String(less['access_token']))['authorization_details']).toEqual(narrower);
  refreshToken = less['refresh_token'] ?? refreshToken;
  const more = await client.refresh(refreshToken, { authorization_details: JSON.stringify([PAYMENT]) });
  expectRefusal(more, 400, 'invalid_authorization_details');
});

requirement('RAR-9.1-01', async (lab) => {
  const { tokens } = await lab.complete('agent', details([PAYMENT]));
  expect(claimsOf(tokens['access_token'])['authorization_details']).toEqual([PAYMENT]);
  if (lab.provider.metadata['introspection_endpoint'] === undefined) return;
  const answer = await lab.client('agent').call('introspection_endpoint', { token: tokens['access_token'] });
  expect(answer.json()).toMatchObject({ active: true, authorization_details: [PAYMENT] });
});

requirement('RAR-10-01', {
  standard: async (lab) => {
    const types = lab.provider.list('authorization_details_types_supported');
    expect(types.length).toBeGreaterThan(0);
    const examples = [PAYMENT, ACCOUNT_ACCESS];
    expect([...types].sort()).toEqual(examples.map(({ type }) => type).sort());
    for (const example of examples) expectAccepted(await lab.client('agent').ask(details([example])));
    await expectBadDetails(lab, [{ type: 'urn:nobody:knows' }]);
  },
  auth0: async ({ provider }) =>
    expect(provider.metadata).not.toHaveProperty('authorization_details_types_supported'),
});

requirement('RAR-10-02', async (lab) => {
  expectAccepted(await lab.client('typed').ask(details([PAYMENT])));
  await lab.nobodyIsAsked(async () => {
    const answer = await lab.client('typed').ask(details([ACCOUNT_ACCESS]));
    expectRefusal(answer, 400, 'invalid_authorization_details');
  });
});

requirement('RAR-12-01', async (lab) => {
  const creditorName = '<img src=x onerror=alert(1)>';
  const authReqId = await lab.client('agent').askFor(details([{ ...PAYMENT, creditorName }]));
  const { id } = await lab.approval(authReqId);
  const shown = await (await lab.device(ADA)).read(id);
  // As JSON, which no browser takes for markup, with the text as it was sent.
  expect(shown.headers['content-type']).toMatch(/^application\/json\b/);
  expect(shown.headers['x-content-type-options']).toBe('nosniff');
  const rows = shown.json().consent.sections.flatMap((section: { rows: unknown[] }) => section.rows);
  expect(rows).toContainEqual(expect.objectContaining({ value: creditorName }));
  for (const path of ['/approve', '/console', '/sequence']) {
    const page = await lab.provider.exchange.send(`${lab.url}${path}`, { headers: { accept: 'text/html' } });
    const policy = String(page.headers['content-security-policy']);
    const scripts =
      policy.split(';').find((directive) => directive.trim().startsWith('script-src')) ?? policy;
    expect([path, scripts.includes("'unsafe-inline'"), policy]).toEqual([path, false, policy]);
    expect(page.text).not.toContain(creditorName);
  }
});
