// Enrolments: a ticket, the page it leads to, the device it enrols, and how a device leaves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { MailServer } from '../mail-server.ts';
import { eventOf } from '../mail-tenant.ts';
import { makeDeviceKey, PairedBrowser, pairingBody } from '../paired-browser.ts';
import { type Administrator, administratorOf } from './administrator.ts';

const CHARLES = 'auth0|charles';
const DAY_MS = 24 * 60 * 60_000;

let clock: ManualClock;
let assent: RunningAssent;
let administrator: Administrator;
let agent: Agent;
/** What a device talks to. */
let server: { url: string; clock: ManualClock };

beforeAll(async () => {
  clock = createManualClock(Date.now());
  assent = await startAssent({ tls: false, config: unlimitedBank(), clock });
  administrator = await administratorOf(assent);
  agent = new Agent(assent);
  server = { url: assent.url, clock };
});
afterAll(() => assent.close());

const users = (userId: string, path = ''): string => `/users/${encodeURIComponent(userId)}${path}`;
const invite = (body: Record<string, unknown>) => administrator.post('/guardian/enrollments/ticket', body);
const open = (url: string) => new Browser().open(url);
const enrol = async (ticketId: string, userId: string) => {
  const body = { ...(await pairingBody(server, userId, await makeDeviceKey())), ticket: ticketId };
  return call(`${assent.url}/approver/devices`, { method: 'POST', body });
};
const ask = (userId: string) => agent.ask({ login_hint: agent.hint(userId) });
const createUser = async (id: string): Promise<string> => {
  const answer = await administrator.post('/users', {
    connection: 'Username-Password-Authentication',
    user_id: id,
    name: `Person ${id}`,
    email: `${id}@people.example`,
    password: 'password-not-real',
  });
  return answer.json().user_id;
};

describe('a ticket', () => {
  it('leads somebody without a device to one, and what failed before succeeds', async () => {
    const before = await ask(CHARLES);
    expect([before.status, before.json().error_description]).toEqual([
      400,
      'No eligible notification channels were found. guardian-push: User does not have push notifications set up',
    ]);
    const answer = await invite({
      user_id: CHARLES,
      factor: 'push-notification',
      allow_multiple_enrollments: true,
      send_mail: false,
    });
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        ticket_id: expect.stringMatching(/^gten_[A-Za-z0-9]{32}$/),
        ticket_url: `${assent.issuer}guardian/enroll?ticket=${answer.json().ticket_id}`,
      },
    ]);
    const { ticket_id: ticketId, ticket_url: ticketUrl } = answer.json();
    const [pending] = (await administrator.get(users(CHARLES, '/enrollments'))).json();
    expect(pending).toEqual({
      id: expect.stringMatching(/^dev_/),
      status: 'pending',
      type: 'pn',
      auth_method: 'guardian',
    });
    expect((await administrator.get(users(CHARLES, '/authentication-methods'))).json()).toEqual([]);
    expect((await ask(CHARLES)).status).toBe(400);

    const page = await open(ticketUrl);
    expect([page.status, page.heading]).toEqual([200, 'Enrol a device for Charles Babbage']);
    expect(page.markup).toContain(`href="/approve/#ticket=${ticketId}"`);
    // Looking, however often, changes nothing.
    expect((await open(ticketUrl)).status).toBe(200);

    expect((await enrol(ticketId, CHARLES)).status).toBe(201);
    const enrolments = (await administrator.get(users(CHARLES, '/enrollments'))).json();
    expect(enrolments).toEqual([
      {
        id: pending.id,
        status: 'confirmed',
        type: 'pn',
        auth_method: 'guardian',
        name: 'Chrome on a laptop',
        identifier: pending.id,
        enrolled_at: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await administrator.get(`/guardian/enrollments/${pending.id}`)).json()).toEqual(enrolments[0]);
    const common = {
      confirmed: true,
      name: 'Chrome on a laptop',
      created_at: enrolments[0].enrolled_at,
      enrolled_at: enrolments[0].enrolled_at,
    };
    const push = { id: `push|${pending.id}`, type: 'push' };
    expect((await administrator.get(users(CHARLES, '/authentication-methods'))).json()).toEqual([
      { ...push, ...common, link_id: pending.id },
      { id: `guardian|${pending.id}`, type: 'guardian', ...common, authentication_methods: [push] },
    ]);
    expect((await ask(CHARLES)).status).toBe(200);
  });

  it('that was used, has ended or never was says so kindly', async () => {
    const userId = await createUser('late');
    const used = (await invite({ user_id: userId })).json();
    await enrol(used.ticket_id, userId);
    const late = (await invite({ user_id: userId, allow_multiple_enrollments: true })).json();
    clock.advance(5 * DAY_MS - 1000);
    expect((await open(late.ticket_url)).status).toBe(200);
    clock.advance(1000);
    for (const url of [
      used.ticket_url,
      late.ticket_url,
      `${assent.url}/guardian/enroll?ticket=gten_x`,
      `${assent.url}/guardian/enroll?ticket=a&ticket=b`,
      `${assent.url}/guardian/enroll`,
    ]) {
      const page = await open(url);
      expect([page.status, page.heading]).toEqual([404, 'This link enrols nobody any more']);
    }
    // Their own token has ended by then, too.
    administrator = await administratorOf(assent);
    const json = await call(used.ticket_url, { headers: { Accept: 'application/json' } });
    expect([json.status, json.json().code]).toEqual([404, 'not_found']);
    expect((await administrator.get(users(userId, '/enrollments'))).json()).toHaveLength(1);
  });

  it('for somebody who has a device needs to be asked for', async () => {
    const refused = await invite({ user_id: 'auth0|ada' });
    expect([refused.status, refused.json().errorCode]).toEqual([409, 'already_enrolled']);
    expect((await invite({ user_id: 'auth0|ada', allow_multiple_enrollments: true })).status).toBe(200);
  });

  it('goes by e-mail to the person, into the built-in mailbox', async () => {
    const userId = await createUser('mailed');
    const { ticket_url: url } = (
      await invite({ user_id: userId, send_mail: true, email_locale: 'de' })
    ).json();
    const [message] = await assent.control.mailbox({ to: 'mailed@people.example' });
    expect(message).toMatchObject({ subject: 'Enrol a device at the bAInk', link: url });
    expect(message).not.toHaveProperty('approval');
    const { text, html } = await assent.control.mail(message?.id ?? '');
    expect(text).toContain(url);
    expect(text).toContain('Hello Person mailed,');
    expect(html).toContain(`<a href="${url}">`);
  });

  it.each([
    [{}, 400, /Missing required property: user_id/],
    [{ user_id: 'auth0|nobody' }, 404, /^The user does not exist\.$/],
    [{ email: 'nobody@people.example' }, 404, /^The user does not exist\.$/],
    [{ user_id: 'auth0|grace', factor: 'otp' }, 400, /otp is not imitated here/],
    [{ user_id: 'auth0|grace', factor: 'smoke' }, 400, /No enum match for: smoke/],
    [{ user_id: 'auth0|grace', send_mail: 'yes' }, 400, /Expected type boolean/],
  ])('that cannot be made is refused: %j', async (body, status, message) => {
    const answer = await invite(body);
    expect(answer.status).toBe(status);
    expect(answer.json().message).toMatch(message);
  });

  it('is made for the person of an address where nobody else is named', async () => {
    const userId = await createUser('addressed');
    expect((await invite({ email: 'ADDRESSED@people.example' })).status).toBe(200);
    expect((await administrator.get(users(userId, '/enrollments'))).json()).toMatchObject([
      { status: 'pending' },
    ]);
  });
});

describe('a mail server', () => {
  it('gets the message, and where it refuses there is no ticket', async () => {
    await using mail = await MailServer.start();
    await using refusing = await MailServer.start({ refusal: { code: 550, text: 'no such mailbox' } });
    const config = unlimitedBank({
      email: { provider: { host: '127.0.0.1', port: mail.port } },
    });
    await using sending = await startAssent({ tls: false, config });
    const there = await administratorOf(sending);
    const body = { user_id: CHARLES, send_mail: true };
    const { ticket_url: url } = (await there.post('/guardian/enrollments/ticket', body)).json();
    expect(mail.received.map((one) => one.mail.text)).toEqual([expect.stringContaining(url)]);

    await there.patch('/emails/provider', {
      credentials: { smtp_host: '127.0.0.1', smtp_port: refusing.port },
    });
    const answer = await there.post('/guardian/enrollments/ticket', body);
    expect(answer.json()).toMatchObject({
      statusCode: 400,
      errorCode: 'error_sending_email',
      message: expect.stringMatching(/No ticket was made.*no such mailbox/),
    });
    expect((await there.get(users(CHARLES, '/enrollments'))).json()).toHaveLength(1);
  });
});

describe('an enrolment that ends', () => {
  it('is told to the page of the device, and other devices go on answering what waits', async () => {
    const userId = await createUser('two-phones');
    const lost = await PairedBrowser.pair(server, userId);
    const kept = await PairedBrowser.pair(server, userId);
    await using events = await lost.events();
    await events.nextOf('ready');
    const authReqId = (await ask(userId)).json().auth_req_id;
    const approval = await assent.control.request(authReqId);

    expect((await administrator.delete(`/guardian/enrollments/${lost.device.id}`)).status).toBe(204);
    await events.nextOf('unpaired');
    expect((await lost.call('/approver/inbox')).status).toBe(401);
    const gone = await administrator.get(`/guardian/enrollments/${lost.device.id}`);
    expect([gone.status, gone.json().errorCode]).toEqual([404, 'inexistent_enrollment']);

    expect((await kept.answer(approval, true)).status).toBe(200);
    expect((await agent.poll(authReqId)).status).toBe(200);
    const removed = await eventOf(assent, 'device.removed');
    expect(removed).toMatchObject({ user_id: userId, device: lost.device.name });
  });

  it('as the last one leaves nobody to ask', async () => {
    const userId = await createUser('one-phone');
    const { device } = await PairedBrowser.pair(server, userId);
    expect((await ask(userId)).status).toBe(200);
    const path = users(userId, `/authentication-methods/${encodeURIComponent(`guardian|${device.id}`)}`);
    expect((await administrator.get(path)).json()).toMatchObject({ type: 'guardian', name: device.name });
    expect((await administrator.patch(path, { name: 'My laptop' })).json().name).toBe('My laptop');
    expect((await administrator.delete(path)).status).toBe(204);
    expect((await administrator.delete(path.replace('guardian%7C', 'push%7C'))).status).toBe(204);
    expect((await administrator.get(path)).json().errorCode).toBe('inexistent_authentication_method');
    expect((await ask(userId)).json().error_description).toContain('does not have push notifications set up');
  });

  it.each([
    [
      'DELETE /authentication-methods',
      (path: string) => administrator.delete(`${path}/authentication-methods`),
    ],
    [
      'PUT /authentication-methods',
      (path: string) => administrator.put(`${path}/authentication-methods`, []),
    ],
    ['DELETE /authenticators', (path: string) => administrator.delete(`${path}/authenticators`)],
    ['DELETE /multifactor/guardian', (path: string) => administrator.delete(`${path}/multifactor/guardian`)],
    ['DELETE the person', (path: string) => administrator.delete(path)],
  ])('by %s goes with all others of the person', async (name, end) => {
    const userId = await createUser(name.replaceAll(/\W/g, '-').toLowerCase());
    const first = await PairedBrowser.pair(server, userId);
    await PairedBrowser.pair(server, userId);
    expect((await end(users(userId))).status).toBeLessThan(300);
    expect(await assent.control.devices('auth0|ada')).not.toEqual([]);
    expect((await first.call('/approver/inbox')).status).toBe(401);
    expect((await administrator.get(`/guardian/enrollments/${first.device.id}`)).status).toBe(404);
  });
});

describe('a method that nobody but a device can enrol', () => {
  it('is refused with the way to go', async () => {
    for (const answer of [
      await administrator.post(users(CHARLES, '/authentication-methods'), { type: 'phone', name: 'x' }),
      await administrator.put(users(CHARLES, '/authentication-methods'), [{ type: 'totp' }]),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.json().message).toMatch(/POST \/guardian\/enrollments\/ticket/);
    }
    const unknown = await administrator.delete(users(CHARLES, '/multifactor/carrier-pigeon'));
    expect([unknown.status, unknown.json().errorCode]).toEqual([400, 'invalid_uri']);
  });
});
