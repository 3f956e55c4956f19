// The e-mail channel: real messages over SMTP, the built-in mailbox, and what happens when nobody takes a message.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, createSystemClock, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { type Certificates, provideCertificates } from '../../src/tls/certificates.ts';
import { Agent, claimsOf, TRANSFER } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { MailServer } from '../mail-server.ts';
import { askByEmail, bankByEmail, eventOf, linkFor } from '../mail-tenant.ts';

const LOGIN = { user: 'assent', password: 'smtp-password-not-real' };

let folder: string;
let certificates: Certificates;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-mail-'));
  certificates = await provideCertificates({ folder, clock: createSystemClock() });
});
afterAll(() => rm(folder, { recursive: true }));

describe('a request by e-mail', () => {
  it('goes through a mail server to the person, whose answer brings the token', async () => {
    await using mailServer = await MailServer.start({ tls: certificates, login: LOGIN });
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({
        provider: { host: 'localhost', port: mailServer.port, ca: certificates.ca, ...LOGIN },
        from: 'the bAInk <approvals@bank.example>',
      }),
    });
    const agent = new Agent(assent);
    const authReqId = await askByEmail(agent);
    const { mail, user, isEncrypted, recipients } = await mailServer.mail();
    expect([user, isEncrypted, recipients]).toEqual([LOGIN.user, true, ['ada@bank.example']]);
    expect(mail.from).toMatchObject({ name: 'the bAInk', address: 'approvals@bank.example' });
    expect(mail.to).toMatchObject([{ name: 'Ada Lovelace', address: 'ada@bank.example' }]);
    expect(mail.subject).toBe('Aiya asks for your approval: RENT-4K9');
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');

    const request = await assent.control.request(authReqId);
    for (const text of [mail.text ?? '', mail.html ?? '']) {
      expect(text).toContain('Aiya');
      expect(text).toContain('Transfer 250 EUR to Grace Hopper');
      expect(text).toContain('RENT-4K9');
      expect(text).toMatch(/until \d+ \w+ \d{4} at \d\d:\d\d UTC/);
      expect(text.match(/https?:\/\/[^\s"<]+/g)).toHaveLength(1);
      for (const absent of ['checking', 'create:transfer', authReqId, request.id])
        expect(text).not.toContain(absent);
    }
    const [link = ''] = mail.text?.match(/http\S+/) ?? [];
    expect(link).toMatch(/\/bc-verify\?consent=cns_[A-Za-z0-9_-]{22}$/);
    expect(link.startsWith(assent.issuer)).toBe(true);

    expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
    const page = await (await new Browser().open(link)).press('Ada Lovelace');
    expect((await page.press('Approve')).heading).toBe('You approved');
    const tokens = (await agent.poll(authReqId)).json();
    expect(tokens.authorization_details).toEqual([TRANSFER]);
    expect(claimsOf(tokens.access_token)['sub']).toBe('auth0|ada');

    const delivered = await eventOf(assent, 'notification.delivered');
    expect(delivered).toMatchObject({ channel: 'email', to: 'ada@bank.example', name: 'r1' });
    expect(delivered.link).toBeUndefined();
    expect(await assent.control.mailbox()).toEqual([]);
  });

  it.each([
    ['TLS from the first byte', true],
    ['no encryption and no login', false],
  ])('takes %s', async (_what, isTls) => {
    await using mailServer = await MailServer.start(
      isTls ? { tls: certificates, isTlsFromFirstByte: true } : {},
    );
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({
        provider: { host: 'localhost', port: mailServer.port, secure: isTls, ca: certificates.ca },
      }),
    });
    await askByEmail(new Agent(assent));
    expect((await mailServer.mail()).isEncrypted).toBe(isTls);
  });

  it('does not trust a mail server whose certificate nobody vouches for', async () => {
    await using mailServer = await MailServer.start({ tls: certificates, login: LOGIN });
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({ provider: { host: 'localhost', port: mailServer.port, ...LOGIN } }),
    });
    await askByEmail(new Agent(assent));
    const failed = await eventOf(assent, 'notification.failed');
    expect(failed.why).toContain('certificate');
    expect(mailServer.received).toEqual([]);
  });
});

describe('a login at a mail server without encryption', () => {
  it.each([
    ['is not tried', undefined],
    ['is tried where the tenant file allows it', false],
  ])('%s', async (_what, require_tls) => {
    await using mailServer = await MailServer.start({ login: LOGIN });
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({ provider: { host: 'localhost', port: mailServer.port, require_tls, ...LOGIN } }),
    });
    await askByEmail(new Agent(assent));
    if (require_tls === false) {
      expect(await mailServer.mail()).toMatchObject({ user: LOGIN.user, isEncrypted: false });
    } else {
      const failed = await eventOf(assent, 'notification.failed');
      expect(failed.why).toContain(`no encrypted connection to localhost:${mailServer.port}`);
      expect(mailServer.received).toEqual([]);
    }
  });
});

describe('the built-in mailbox', () => {
  it('keeps what has no mail server to go to, newest first, and shows it by address and by id', async () => {
    await using assent = await startAssent({ tls: false, config: bankByEmail() });
    const agent = new Agent(assent);
    const first = await askByEmail(agent);
    const second = await askByEmail(agent, {
      login_hint: agent.hint('auth0|grace'),
      binding_message: 'G-2',
    });
    const links = [await linkFor(assent, first), await linkFor(assent, second)];
    const messages = await assent.control.mailbox();
    expect(messages.map(({ to, name }) => [to, name])).toEqual([
      ['grace@bank.example', 'r2'],
      ['ada@bank.example', 'r1'],
    ]);
    const [found, ...others] = await assent.control.mailbox({ to: 'ADA@bank.example' });
    expect([found?.link, others]).toEqual([links[0], []]);
    const mail = await assent.control.mail(found?.id ?? '');
    expect(mail).toMatchObject({ ...found, from: 'Assent <assent@localhost>' });
    expect(mail.text).toContain(links[0]);
    expect(mail.html).toContain(links[0]);
    expect((await assent.control.mailbox({ limit: 1 })).map(({ name }) => name)).toEqual(['r2']);

    const unknown = await call(`${assent.url}/control/mailbox/mail_0000000000000000`);
    expect([unknown.status, unknown.json().code]).toEqual([404, 'not_found']);
    const foreign = await call(`${assent.url}/control/mailbox`, {
      headers: { Origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });

  it('gets nothing for a request that is announced by push', async () => {
    await using assent = await startAssent({ tls: false, config: bankByEmail() });
    const agent = new Agent(assent);
    await agent.askFor({ requested_expiry: '300' });
    await linkFor(assent, await askByEmail(agent));
    expect((await assent.control.mailbox()).map(({ name }) => name)).toEqual(['r2']);
  });
});

describe('the message', () => {
  it('follows the template of the tenant, in which values are escaped', async () => {
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({
        template: {
          from: 'Template <template@bank.example>',
          subject: '{{ binding_message | downcase }} for {{ user.name }}',
          body: '<h1>{{ application.name }}</h1>{% if summary %}<a href="{{ url }}">{{ summary }}</a>{% endif %}',
        },
      }),
    });
    const authReqId = await askByEmail(new Agent(assent), {
      authorization_details: JSON.stringify([{ ...TRANSFER, to: '<script>alert(1)</script>' }]),
    });
    const link = await linkFor(assent, authReqId);
    const [{ id = '' } = {}] = await assent.control.mailbox();
    expect(await assent.control.mail(id)).toMatchObject({
      from: 'Template <template@bank.example>',
      subject: 'rent-4k9 for Ada Lovelace',
      html: `<h1>Aiya</h1><a href="${link}">Transfer 250 EUR to &lt;script&gt;alert(1)&lt;/script&gt;</a>`,
    });
  });

  it('keeps what a client writes to one line of text without links, tricks and markup', async () => {
    const clients = (bankTenant.clients ?? []).map((client) => ({
      ...client,
      name: 'A"><img src=x>\r\nBcc: eve@evil.example',
    }));
    await using mailServer = await MailServer.start();
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({ provider: { host: 'localhost', port: mailServer.port } }, { clients }),
    });
    await askByEmail(new Agent(assent), {
      binding_message: 'a\nb\tc',
      authorization_details: JSON.stringify([
        {
          ...TRANSFER,
          to: `Grace\n\nOpen https://evil.example/now, or write to eve@evil.example \u202egnp.exe ${'x'.repeat(150)}`,
        },
      ]),
    });
    const { mail, recipients } = await mailServer.mail();
    expect(recipients).toEqual(['ada@bank.example']);
    expect([mail.bcc, mail.cc]).toEqual([undefined, undefined]);
    expect(mail.subject).toMatch(/^A"><img src=x> Bcc: eve@\u2060evil\.\u2060example asks .*: a b c$/);
    expect(mail.html).not.toMatch(/<img|<script/);
    expect(mail.html?.match(/<a /g)).toHaveLength(1);
    for (const text of [mail.text ?? '', mail.html ?? '']) {
      expect(text).toMatch(/Grace\S*\s?Open https:\/\/\u2060evil\.\u2060example\/now/u);
      expect(text).not.toContain('\u202e');
      expect(text).not.toContain('evil.example');
      expect(text).not.toContain('x'.repeat(120));
    }
  });
});

describe('a mail server that takes nothing', () => {
  it('leaves the agent with its answer, and gets the message once it is up again', async () => {
    const clock = createManualClock(Date.now());
    let port: number;
    {
      await using before = await MailServer.start();
      port = before.port;
    }
    await using assent = await startAssent({
      tls: false,
      clock,
      config: bankByEmail({ provider: { host: 'localhost', port } }),
    });
    const authReqId = await askByEmail(new Agent(assent));
    const failed = await eventOf(assent, 'notification.failed');
    expect(failed).toMatchObject({ channel: 'email', to: 'ada@bank.example', name: 'r1' });
    expect(failed.why).toContain(`the mail server localhost:${port} cannot be reached`);
    expect(Date.parse(failed.retry_at ?? '')).toBe(clock.now() + 5_000);
    expect((await assent.control.request(authReqId)).state).toBe('pending');

    await using mailServer = await MailServer.start({ port });
    clock.advance(5_000);
    expect((await mailServer.mail()).recipients).toEqual(['ada@bank.example']);
    await eventOf(assent, 'notification.delivered');
    const story = (await assent.control.trace(authReqId)).map(({ type }) => type);
    expect(story).toEqual(['request.received', 'notification.failed', 'notification.delivered']);
  });

  it('is not asked again after the request has been decided', async () => {
    const clock = createManualClock(Date.now());
    let port: number;
    {
      await using before = await MailServer.start();
      port = before.port;
    }
    await using assent = await startAssent({
      tls: false,
      clock,
      config: bankByEmail({ provider: { host: 'localhost', port } }),
    });
    const agent = new Agent(assent);
    const decided = await askByEmail(agent);
    await eventOf(assent, 'notification.failed');
    await assent.control.deny(decided);
    await using mailServer = await MailServer.start({ port });
    clock.advance(600_000);
    // The next message is the first one to arrive.
    await askByEmail(agent, { login_hint: agent.hint('auth0|grace') });
    expect((await mailServer.mail()).recipients).toEqual(['grace@bank.example']);
  });

  it('is asked until the request ends, and the last failure says so', async () => {
    const clock = createManualClock(Date.now());
    let port: number;
    {
      await using before = await MailServer.start();
      port = before.port;
    }
    await using assent = await startAssent({
      tls: false,
      clock,
      config: bankByEmail({ provider: { host: 'localhost', port } }),
    });
    const agent = new Agent(assent);
    const authReqId = await agent.askFor({
      requested_expiry: '21',
      login_hint: agent.hint('auth0|charles'),
    });
    const failures = async (count: number) => {
      const stop = new AbortController();
      const found = [];
      for await (const event of assent.control.events({ afterNumber: 0, signal: stop.signal })) {
        if (event.type === 'notification.failed') found.push(event.retry_at !== undefined);
        if (found.length === count) break;
      }
      stop.abort();
      return found;
    };
    expect(await failures(1)).toEqual([true]);
    clock.advance(5_000);
    expect(await failures(2)).toEqual([true, true]);
    clock.advance(15_000);
    expect(await failures(3)).toEqual([true, true, false]);
    expect((await assent.control.request(authReqId)).state).toBe('pending');
  });

  it.each([
    ['refuses the recipient', { refusal: { code: 550, text: 'No such mailbox' } }, 'No such mailbox'],
    ['refuses the login', { login: { user: 'assent', password: 'another' } }, 'refused the login'],
  ])('%s: nothing is tried again, and no secret is told', async (_what, options, why) => {
    await using mailServer = await MailServer.start({ tls: certificates, ...options });
    const login = 'login' in options ? LOGIN : {};
    await using assent = await startAssent({
      tls: false,
      config: bankByEmail({
        provider: { host: 'localhost', port: mailServer.port, ca: certificates.ca, ...login },
      }),
    });
    const authReqId = await askByEmail(new Agent(assent));
    const failed = await eventOf(assent, 'notification.failed');
    expect(failed.why).toContain(why);
    expect(failed.retry_at).toBeUndefined();
    expect(JSON.stringify(await assent.control.trace(authReqId))).not.toContain(LOGIN.password);
  });

  it('answers never: the agent does not wait for it, and neither does the end of the server', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, 'connection');
    const assent = await startAssent({
      tls: false,
      config: bankByEmail({ provider: { host: 'localhost', port } }),
    });
    const agent = new Agent(assent);
    const authReqId = await askByEmail(agent);
    await connected;
    expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
    const gone = Promise.all([...sockets].map((socket) => once(socket.resume(), 'close')));
    await assent.close();
    await gone;
    silent.close();
  });
});
