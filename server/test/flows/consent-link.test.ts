// The page behind the link of an e-mail: who may read it, what it shows, what decides, and what never does.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH0_DETAIL_TYPE_PREFIX, type ConsentRow } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFER } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';
import { call } from '../http-call.ts';
import { askByEmail, bankByEmail, linkFor, openRequest } from '../mail-tenant.ts';
import { WebApplication } from '../web-application.ts';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: bankByEmail() });
});
afterAll(() => assent.close());

const PENDING = { error: 'authorization_pending' };
const DENIED = {
  error: 'access_denied',
  error_description: 'The end-user denied the authorization request or it has been expired',
};

async function stateOf(authReqId: string): Promise<string> {
  return (await assent.control.request(authReqId)).state;
}

describe('whoever opens the link', () => {
  it('logs in on the ordinary page, where the approver comes first, and returns to the request', async () => {
    const authReqId = await askByEmail(new Agent(assent));
    const link = await linkFor(assent, authReqId);
    const login = await new Browser().open(link);
    expect([login.url.pathname, login.heading]).toEqual(['/u/login', 'Log in']);
    expect(login.text).toContain('to continue to the bAInk');
    expect(/name="user_id" value="([^"]*)"/.exec(login.markup)?.[1]).toBe('auth0|ada');
    const page = await login.press('Log in', {
      username: 'ada@bank.example',
      password: 'password-not-real',
    });
    expect([page.status, page.url.href]).toEqual([200, link]);
    expect(page.heading).toBe('Aiya asks to Transfer 250 EUR to Grace Hopper');
    // That login is over.
    expect((await login.press('Ada Lovelace')).heading).toBe('This login is over');
  });

  it('has an ordinary session afterwards, and needs no second login with one', async () => {
    const { browser } = await openRequest(assent);
    const app = await WebApplication.of(assent);
    const tokens = await app.logIn({ prompt: 'none' }, browser);
    expect(tokens.claims()?.sub).toBe('auth0|ada');

    const other = new Browser();
    await app.logIn({}, other);
    const link = await linkFor(assent, await askByEmail(new Agent(assent)));
    expect((await other.open(link)).heading).toContain('Aiya asks to');
    expect((await app.logIn({ prompt: 'none' }, other)).claims()?.sub).toBe('auth0|ada');
  });

  it('gets a new session with each login, and the one before opens nothing any more', async () => {
    const sessionOf = (browser: Browser) =>
      browser.cookies.get(`assent_bank_${new URL(assent.url).port} /`) ?? { value: '', attributes: [] };
    const { page, browser, link } = await openRequest(assent, { person: 'Grace Hopper' });
    const before = { ...sessionOf(browser) };
    const kept = [...browser.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ');
    await (await page.press('Log out')).press('Ada Lovelace');
    const after = sessionOf(browser);
    expect(after.value).not.toBe(before.value);
    expect(after.attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=lax', 'path=/']));
    const old = await call(link, { headers: { Accept: 'text/html', Cookie: kept } });
    expect([old.status, old.headers.location]).toEqual([303, expect.stringMatching(/^\/u\/login\?/)]);
  });

  it('as the approver, deleted since they logged in, is asked to log in again', async () => {
    const { browser, page, authReqId } = await openRequest(assent);
    const tenant = `${assent.url}/control/tenant`;
    const file = (await call(tenant)).json();
    const users = file.users.filter((user: { name: string }) => user.name !== 'Ada Lovelace');
    expect((await call(tenant, { method: 'PUT', body: { ...file, users } })).status).toBe(200);
    try {
      expect((await page.press('Approve')).url.pathname).toBe('/u/login');
      expect((await browser.open(page.url.href)).url.pathname).toBe('/u/login');
      expect(await stateOf(authReqId)).toBe('pending');
    } finally {
      await call(tenant, { method: 'PUT', body: file });
    }
  });

  it('is told that it is for somebody else, learns nothing, and may log out and try again', async () => {
    const { agent, authReqId, link, browser, page } = await openRequest(assent, { person: 'Grace Hopper' });
    expect([page.status, page.heading]).toEqual([403, 'This is for somebody else']);
    expect(page.text).toContain('You are logged in as Grace Hopper');
    for (const secret of ['Transfer', '250', 'RENT-4K9', 'Ada']) expect(page.text).not.toContain(secret);

    // Even a well-formed answer of the wrong person counts for nothing.
    const { address, fields } = page.formOf('Log out');
    for (const action of ['approve', 'deny']) {
      const refused = await browser.submit(address, { ...fields, action });
      expect([refused.status, refused.heading]).toEqual([403, 'This is for somebody else']);
    }
    expect((await agent.poll(authReqId)).json()).toMatchObject(PENDING);

    const login = await page.press('Log out');
    expect([login.url.pathname, login.heading]).toEqual(['/u/login', 'Log in']);
    const right = await login.press('Ada Lovelace');
    expect([right.status, right.url.href]).toEqual([200, link]);
    expect((await right.press('Approve')).heading).toBe('You approved');
    expect((await agent.poll(authReqId)).status).toBe(200);
  });

  it.each([
    ['no consent', ''],
    ['an unknown consent', '?consent=cns_0000000000000000000000'],
    ['a malformed consent', '?consent=cns_'],
    ['two consents', '?consent=cns_0000000000000000000000&consent=cns_0000000000000000000001'],
  ])('has %s in the address and is told what to do', async (_what, query) => {
    const page = await new Browser().open(`${assent.url}/bc-verify${query}`);
    expect([page.status, page.heading]).toEqual([404, 'There is no such request']);
    expect(page.text).toContain('newest e-mail');
  });
});

describe('the page', () => {
  it('shows every field in the order of the approver app, hidden ones too', async () => {
    const { authReqId, page } = await openRequest(assent, {
      changes: {
        authorization_details: JSON.stringify([
          {
            type: `${AUTH0_DETAIL_TYPE_PREFIX}transfer`,
            instruction: 'Release this transfer',
            properties: {
              amount: { name: 'Amount', value: '120.00 EUR', display: true, display_order: '1' },
              secret: { name: 'Quiet', value: 'INV-7', display: false },
            },
          },
          { ...TRANSFER, extra: { list: [1, { deep: null }], empty: '', none: [] } },
        ]),
      },
    });
    const { consent } = await assent.control.request(authReqId);
    const shownOf = (rows: readonly ConsentRow[]) => [
      ...rows.filter((row) => !row.hidden),
      ...rows.filter((row) => row.hidden),
    ];
    const expected = consent.sections.flatMap((section) => [
      section.title,
      ...shownOf(section.rows).flatMap((row) =>
        [row.label, row.value === '' && row.kind === 'empty' ? '""' : row.value, row.note ?? ''].filter(
          (text) => text !== '',
        ),
      ),
    ]);
    expect(expected.length).toBeGreaterThan(30);
    let rest = page.text;
    for (const text of expected) {
      expect(rest).toContain(text);
      rest = rest.slice(rest.indexOf(text) + text.length);
    }
    expect(page.text).toContain('Carried, not displayed Quiet INV-7');
    expect(page.text).toContain('RENT-4K9');
    expect(page.text).toMatch(/(1 hour|59 minutes \d+ seconds) left/);
    // The answers come last: nobody approves what they have not scrolled past.
    expect(rest).toMatch(/Deny Approve/);
  });

  it('says that a kind of request is new where the tenant has no wording for it', async () => {
    const [transfers, ...others] = bankTenant.resource_servers ?? [];
    if (!transfers) throw new Error('the bank has no API');
    await using strange = await startAssent({
      tls: false,
      config: bankByEmail(
        {},
        {
          resource_servers: [{ ...transfers, authorization_details: [{ type: 'never_worded' }] }, ...others],
          client_grants: [],
        },
      ),
    });
    const { page } = await openRequest(strange, {
      changes: { authorization_details: JSON.stringify([{ type: 'never_worded', colour: 'red' }]) },
    });
    expect(page.heading).toContain('asks for');
    expect(page.text).toContain('This kind of request is new here');
  });

  it('shows what clients wrote as text, never as markup', async () => {
    const clients = (bankTenant.clients ?? []).map((client) => ({
      ...client,
      name: '"><script>alert(1)</script>',
    }));
    await using strange = await startAssent({ tls: false, config: bankByEmail({}, { clients }) });
    const { page } = await openRequest(strange, {
      changes: {
        authorization_details: JSON.stringify([
          { ...TRANSFER, to: '</dd></form><form action=//evil.example>', '0-9.a_b': '\'"><img src=x>' },
        ]),
      },
    });
    const outcome = await page.press('Deny', { own_reason: '<img src=x onerror=alert(1)>' });
    for (const { markup } of [page, outcome]) expect(markup).not.toMatch(/<(script|img|form action)/);
    expect(page.text).toContain('"><script>alert(1)</script> asks to');
    expect(page.text).toContain('</dd></form><form action=//evil.example>');
    expect(page.text).toContain('\'"><img src=x>');
    expect(outcome.text).toContain('<img src=x onerror=alert(1)>');
  });

  it('may not be framed, scripted or stored, and its address is told to no other site', async () => {
    const { page } = await openRequest(assent);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const styles = [...page.markup.matchAll(/<style>([\s\S]*?)<\/style>/g)];
    expect(styles).toHaveLength(2);
    for (const [, style = ''] of styles)
      expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
  });
});

describe('an answer', () => {
  it('approves: the page says what happens now, and the token comes', async () => {
    const { agent, authReqId, page } = await openRequest(assent);
    const outcome = await page.press('Approve');
    expect([outcome.status, outcome.heading, outcome.url.href]).toEqual([200, 'You approved', page.url.href]);
    expect(outcome.text).toContain('Transfer 250 EUR to Grace Hopper');
    expect(outcome.text).toContain('next poll receives an access token');
    expect((await assent.control.request(authReqId)).decision).toMatchObject({
      outcome: 'approved',
      by: 'auth0|ada',
      from: 'e-mail link',
    });
    expect((await agent.poll(authReqId)).json().authorization_details).toEqual([TRANSFER]);
    // The link still shows what was decided, and no button.
    const later = await new Browser().open(page.url);
    const shown = await later.press('Ada Lovelace');
    expect(shown.heading).toBe('You approved');
    expect(shown.text).toContain('The agent has its access token');
    expect(shown.markup).not.toContain('<button');
  });

  it.each([
    ['without a reason', {}, undefined],
    ['with a reason of the list', { reason: 'The details are wrong' }, 'The details are wrong'],
    ['in their own words', { reason: 'The details are wrong', own_reason: ' Not today ' }, 'Not today'],
    ['at length', { own_reason: 'x'.repeat(300) }, 'x'.repeat(255)],
  ])('denies %s', async (_what, fields, reason) => {
    const { agent, authReqId, page } = await openRequest(assent);
    const outcome = await page.press('Deny', fields);
    expect(outcome.heading).toBe('You denied');
    expect(outcome.text).toContain('No token is issued');
    const { decision } = await assent.control.request(authReqId);
    expect([decision?.outcome, decision?.reason]).toEqual(['denied', reason]);
    const refused = await agent.poll(authReqId);
    expect([refused.status, refused.json()]).toEqual([400, DENIED]);
  });

  it('leads on to the address of the template', async () => {
    const resultUrl = 'https://bank.example/done?a=1&b=2';
    await using other = await startAssent({ tls: false, config: bankByEmail({ template: { resultUrl } }) });
    const { page } = await openRequest(other);
    expect((await page.press('Approve')).markup).toContain(
      '<a href="https://bank.example/done?a=1&#38;b=2">Continue</a>',
    );
  });

  it('counts once: pressing again changes nothing and says so', async () => {
    const { authReqId, page } = await openRequest(assent);
    await page.press('Approve');
    for (const label of ['Approve', 'Deny']) {
      const again = await page.press(label);
      expect([again.status, again.heading]).toEqual([409, 'You approved']);
      expect(again.text).toContain('The first answer stands');
    }
    expect(await stateOf(authReqId)).toBe('approved');
  });

  it('is one, of many at once', async () => {
    const { authReqId, page } = await openRequest(assent);
    const visits = await Promise.all(
      Array.from({ length: 12 }, (_, index) => page.press(index % 2 === 0 ? 'Approve' : 'Deny')),
    );
    expect(visits.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(visits.filter(({ status }) => status === 409)).toHaveLength(11);
    const story = await assent.control.trace(authReqId);
    expect(story.filter(({ type }) => type === 'decision.made')).toHaveLength(1);
  });

  it('given elsewhere is shown with where', async () => {
    const { authReqId, page } = await openRequest(assent);
    await assent.control.deny(authReqId, 'Asked by phone');
    const late = await page.press('Approve');
    expect([late.status, late.heading]).toEqual([409, 'Already denied']);
    expect(late.text).toContain('control API');
    expect(late.text).toContain('Asked by phone');
    expect(await stateOf(authReqId)).toBe('denied');
  });

  it('given by a rule is shown as nobody’s', async () => {
    const rule = await assent.control.rules.add({ answer: 'deny', after_polls: 1, times: 1 });
    const { agent, authReqId, page } = await openRequest(assent);
    await agent.poll(authReqId);
    const late = await page.press('Approve');
    expect([late.status, late.heading]).toEqual([409, 'Already denied']);
    expect(late.text).toContain(`nobody decided, but the rule ${rule.id}`);
  });

  it('to something else than was shown is refused, and the request is shown again', async () => {
    const { agent, authReqId, page, browser } = await openRequest(assent);
    const { address, fields } = page.formOf('Approve');
    for (const consent_hash of ['x'.repeat(43), '']) {
      const again = await browser.submit(address, { ...fields, consent_hash });
      expect([again.status, again.heading]).toEqual([409, page.heading]);
      expect(again.text).toContain('Nothing was decided');
    }
    expect((await agent.poll(authReqId)).json()).toMatchObject(PENDING);
    expect((await page.press('Approve')).heading).toBe('You approved');
  });
});

describe('nothing is decided by', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['opening the link', 'GET', {}],
    ['a HEAD request', 'HEAD', {}],
    ['a browser that prefetches', 'GET', { 'Sec-Purpose': 'prefetch;prerender', Purpose: 'prefetch' }],
    ['a scanner of a mail server', 'GET', { 'User-Agent': 'LinkScanner/1.0', Accept: '*/*' }],
    ['a scanner that looks at the headers alone', 'HEAD', { 'User-Agent': 'LinkScanner/1.0' }],
    ['a GET with the fields of the form', 'GET', {}],
  ])('%s, logged in or not', async (what, method, headers) => {
    const { agent, authReqId, link, browser, page } = await openRequest(assent);
    const { fields } = page.formOf('Approve');
    const address = what.includes('fields') ? `${link}&${new URLSearchParams({ ...fields })}` : link;
    const cookies = [...browser.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ');
    for (const Cookie of [cookies, '']) {
      const answer = await call(address, { method, headers: { Accept: 'text/html', ...headers, Cookie } });
      expect(answer.status).toBe(Cookie === '' ? 303 : 200);
      if (method === 'HEAD') expect(answer.text).toBe('');
    }
    expect((await agent.poll(authReqId)).json()).toMatchObject(PENDING);
    expect((await assent.control.trace(authReqId)).map(({ type }) => type)).not.toContain('decision.made');
    expect((await page.press('Approve')).heading).toBe('You approved');
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another site of an old browser', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['another port', { Origin: 'http://localhost:1', 'Sec-Fetch-Site': 'same-site' }],
  ])('a form of %s', async (_what, headers) => {
    const { authReqId, page, browser } = await openRequest(assent);
    for (const label of ['Approve', 'Deny']) {
      const { address, fields } = page.formOf(label);
      const refused = await browser.submit(address, fields, headers);
      expect([refused.status, refused.heading]).toEqual([403, 'Not from here']);
    }
    expect(await stateOf(authReqId)).toBe('pending');
  });

  it('a form without the token, or with that of another session, request or person', async () => {
    const { authReqId, page, browser } = await openRequest(assent);
    const { address, fields } = page.formOf('Approve');
    const { csrf: _own, ...without } = fields;
    const otherRequest = await openRequest(assent, { browser: new Browser() });
    const sameSession = await browser.open(otherRequest.link);
    const otherSession = await (await new Browser().open(page.url)).press('Ada Lovelace');
    const otherPerson = await (await new Browser().open(page.url)).press('Grace Hopper');
    const tokenOf = (visit: Visit, label: string) => visit.formOf(label).fields['csrf'] ?? '';
    const forms = [
      without,
      { ...without, csrf: 'x' },
      { ...without, csrf: tokenOf(sameSession, 'Approve') },
      { ...without, csrf: tokenOf(otherSession, 'Approve') },
      { ...without, csrf: tokenOf(otherPerson, 'Log out') },
    ];
    for (const form of forms) {
      const refused = await browser.submit(address, form);
      expect([refused.status, refused.heading]).toEqual([403, 'Not from here']);
    }
    expect(await stateOf(authReqId)).toBe('pending');
    expect((await page.press('Approve')).heading).toBe('You approved');
  });

  it('a form after the session has ended: it leads to the login and back to the open request', async () => {
    const { authReqId, page, browser } = await openRequest(assent);
    await browser.open(`${assent.url}/v2/logout`);
    const login = await page.press('Approve');
    expect(login.url.pathname).toBe('/u/login');
    const again = await login.press('Ada Lovelace');
    expect(again.heading).toBe(page.heading);
    expect(await stateOf(authReqId)).toBe('pending');
  });

  it('a form that names neither answer, or cannot be read', async () => {
    const { authReqId, page, browser } = await openRequest(assent);
    const { address, fields } = page.formOf('Approve');
    const neither = await browser.submit(address, { ...fields, action: 'perhaps' });
    expect([neither.status, neither.heading]).toEqual([200, page.heading]);
    const unreadable = await browser.submit(address, fields, { 'Content-Type': 'text/plain' });
    expect([unreadable.status, unreadable.heading]).toEqual([400, 'The form cannot be read']);
    expect(await stateOf(authReqId)).toBe('pending');
  });

  it('another method', async () => {
    const { link, authReqId } = await openRequest(assent);
    const answer = await call(link, { method: 'PUT', body: '' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(await stateOf(authReqId)).toBe('pending');
  });
});

describe('when the time is over', () => {
  it('the page says so, and an answer comes too late', async () => {
    const clock = createManualClock(Date.now());
    await using aged = await startAssent({ tls: false, clock, config: bankByEmail() });
    const { agent, authReqId, page } = await openRequest(aged);
    clock.advance(3_600_000);
    for (const label of ['Approve', 'Deny']) {
      const late = await page.press(label);
      expect([late.status, late.heading]).toEqual([410, 'The request is over']);
      expect(late.text).toContain('Nothing was approved: Transfer 250 EUR');
    }
    const shown = await (await new Browser().open(page.url)).press('Ada Lovelace');
    expect([shown.status, shown.heading]).toEqual([410, 'The request is over']);
    expect(shown.markup).not.toContain('<button');
    expect((await aged.control.request(authReqId)).state).toBe('expired');
    expect((await agent.poll(authReqId)).json()).toEqual(DENIED);
  });

  it('of the link alone, the request goes on without it', async () => {
    const clock = createManualClock(Date.now());
    await using aged = await startAssent({
      tls: false,
      clock,
      config: bankByEmail({ template: { urlLifetimeInSeconds: 60 } }),
    });
    const { authReqId, page } = await openRequest(aged);
    clock.advance(59_000);
    expect((await (await new Browser().open(page.url)).press('Ada Lovelace')).heading).toBe(page.heading);
    clock.advance(1_000);
    const late = await page.press('Approve');
    expect([late.status, late.heading]).toEqual([410, 'The link is over']);
    expect((await aged.control.request(authReqId)).state).toBe('pending');
    expect((await aged.control.approve(authReqId)).result).toBe('decided');
    expect((await (await new Browser().open(page.url)).press('Ada Lovelace')).heading).toBe(
      'Already approved',
    );
  });
});

it('a session ends after session_lifetime, also one that began with a link', async () => {
  const clock = createManualClock(Date.now());
  await using aged = await startAssent({
    tls: false,
    clock,
    config: bankByEmail({}, { tenant: { name: 'bank', session_lifetime: 1_000 } }),
  });
  const { page, browser } = await openRequest(aged);
  clock.advance(999_000);
  expect((await browser.open(page.url)).heading).toBe(page.heading);
  // The store keeps a document for a minute of grace.
  clock.advance(62_000);
  expect((await browser.open(page.url)).heading).toBe('Log in');
});
