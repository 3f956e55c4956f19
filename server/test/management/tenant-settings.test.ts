// /tenants/settings, /connections, /emails and what is only kept: what tools write, what acts, and what is given back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { MailServer } from '../mail-server.ts';
import { askByEmail, bankByEmail } from '../mail-tenant.ts';
import { type Administrator, administratorOf } from './administrator.ts';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

const read = async (path: string) => (await administrator.get(path)).json();

describe('the settings of a tenant', () => {
  it('count sessions in hours, or in minutes, and give hours back', async () => {
    expect(await read('/tenants/settings')).toMatchObject({
      friendly_name: 'the bAInk',
      session_lifetime: 72,
      idle_session_lifetime: 72,
      enabled_locales: ['en'],
    });
    await administrator.patch('/tenants/settings', { session_lifetime: 8 });
    expect((await read('/tenants/settings')).session_lifetime).toBe(8);
    const changed = await administrator.patch('/tenants/settings', {
      session_lifetime_in_minutes: 90,
      idle_session_lifetime_in_minutes: 60,
    });
    expect(changed.json()).toMatchObject({ session_lifetime: 1.5, idle_session_lifetime: 1 });
    expect(changed.json()).not.toHaveProperty('idle_session_lifetime_in_minutes');
    const both = await administrator.patch('/tenants/settings', {
      session_lifetime: 1,
      session_lifetime_in_minutes: 60,
    });
    expect(both.status).toBe(400);
  });

  it('name the tenant on its pages, and the API that a request is for, from then on', async () => {
    await administrator.patch('/tenants/settings', {
      friendly_name: 'Bank of Aiya',
      default_audience: 'https://broker.example/api/orders',
      support_email: 'help@bank.example',
    });
    const page = await new Browser().open(`${assent.url}/v2/logout`);
    expect(page.text).toContain('Bank of Aiya');
    const asked = await new Agent(assent).ask({ audience: undefined, scope: 'openid create:order' });
    expect(asked.status).toBe(200);
    expect((await assent.control.request(asked.json().auth_req_id)).audience).toContain('broker');
    const cleared = await administrator.patch('/tenants/settings', {
      default_audience: '',
      support_email: null,
    });
    expect(cleared.json()).not.toHaveProperty('default_audience');
    expect(cleared.json()).not.toHaveProperty('support_email');
  });

  it('refuse an API that is not there, and leave everything as it was', async () => {
    const before = await read('/tenants/settings');
    const refused = await administrator.patch('/tenants/settings', {
      friendly_name: 'Nobody’s',
      default_audience: 'urn:none',
    });
    expect(refused.status).toBe(400);
    expect(refused.json().message).toContain('default_audience');
    expect(await read('/tenants/settings')).toEqual(before);
  });
});

describe('a connection', () => {
  it('is there from the beginning: the database, for all clients', async () => {
    const [database, ...others] = await read('/connections');
    expect(others).toEqual([]);
    expect(database).toEqual({
      id: expect.stringMatching(/^con_[A-Za-z0-9]{16}$/),
      name: 'Username-Password-Authentication',
      strategy: 'auth0',
      is_domain_connection: false,
      realms: ['Username-Password-Authentication'],
      options: { disable_signup: false },
      enabled_clients: (await read('/clients')).map((client: { client_id: string }) => client.client_id),
    });
    expect(await read(`/connections/${database.id}`)).toEqual(database);
    expect((await read('/connections?take=50&strategy=auth0')).connections).toEqual([database]);
    expect(await read('/connections?strategy=google-oauth2')).toEqual([]);
  });

  it('that is the database closes and opens the sign-up page', async () => {
    const [{ id }] = await read('/connections');
    const signUp = async () => (await new Browser().open(`${assent.url}/u/signup`)).text;
    expect(await signUp()).not.toMatch(/sign-up is closed|does not take|allow_signup/i);
    const closed = await administrator.patch(`/connections/${id}`, {
      options: { disable_signup: true, passwordPolicy: 'good' },
    });
    expect(closed.json().options).toEqual({ disable_signup: true, passwordPolicy: 'good' });
    expect(await signUp()).toMatch(/allow_signup/);
    await administrator.patch(`/connections/${id}`, { options: {} });
    expect(await read(`/connections/${id}`)).toMatchObject({ options: { disable_signup: false } });
  });

  it('is created, given clients, and deleted', async () => {
    const created = await administrator.post('/connections', {
      name: 'google',
      strategy: 'google-oauth2',
      options: { email: true },
      enabled_clients: ['aiya'],
    });
    expect(created.status).toBe(201);
    const { id } = created.json();
    const clients = () => read(`/connections/${id}/clients?take=50`);
    expect(await clients()).toEqual({ clients: [{ client_id: 'aiya' }] });
    const changed = await administrator.patch(`/connections/${id}/clients`, [
      { client_id: 'aiya', status: false },
      { client_id: 'night-trader', status: true },
    ]);
    expect(changed.status).toBe(204);
    expect(await clients()).toEqual({ clients: [{ client_id: 'night-trader' }] });
    expect((await administrator.post('/connections', { name: 'google', strategy: 'auth0' })).status).toBe(
      409,
    );
    const unknown = await administrator.patch(`/connections/${id}`, { enabled_clients: ['nobody'] });
    expect(unknown.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    expect((await administrator.delete(`/connections/${id}`)).status).toBe(204);
    expect((await administrator.get(`/connections/${id}`)).json()).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_connection',
    });
  });
});

describe('the e-mail provider', () => {
  it('takes the messages as soon as it is set, and gives no password back', async () => {
    await using mailServer = await MailServer.start();
    await using bank = await startAssent({ tls: false, config: bankByEmail({}) });
    const admin = await administratorOf(bank);
    expect((await admin.get('/emails/provider')).json()).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_email_provider',
    });
    const created = await admin.post('/emails/provider', {
      name: 'smtp',
      enabled: true,
      default_from_address: 'approvals@bank.example',
      credentials: { smtp_host: 'localhost', smtp_port: mailServer.port },
    });
    expect(created.status).toBe(201);
    await askByEmail(new Agent(bank));
    expect((await mailServer.mail()).mail.from?.address).toBe('approvals@bank.example');

    const secret = 'smtp-password-not-real';
    const changed = await admin.patch('/emails/provider', {
      credentials: { smtp_user: 'bank', smtp_pass: secret },
    });
    expect(changed.json().credentials).toEqual({
      smtp_host: 'localhost',
      smtp_port: mailServer.port,
      smtp_user: 'bank',
    });
    expect((await admin.get('/emails/provider')).text).not.toContain(secret);
    await admin.patch('/emails/provider', { enabled: false });
    await askByEmail(new Agent(bank));
    const link = await bank.control.trace('latest');
    expect(link.some((event) => event.type === 'notification.delivered')).toBe(true);
    expect((await bank.control.mailbox()).length).toBe(1);
    const cleared = await admin.patch('/emails/provider', { default_from_address: null });
    expect(cleared.json().default_from_address).not.toContain('approvals@bank.example');
    expect((await admin.delete('/emails/provider')).status).toBe(204);
    expect((await admin.get('/emails/provider')).status).toBe(404);
  });

  it('of a kind that is not imitated is kept without its credentials', async () => {
    const created = await administrator.post('/emails/provider', {
      name: 'sendgrid',
      credentials: { api_key: 'sendgrid-key-not-real' },
      settings: { message: { view_control_link: true } },
    });
    expect(created.status).toBe(201);
    const kept = await administrator.get('/emails/provider');
    expect(kept.json()).toMatchObject({ name: 'sendgrid', enabled: true, credentials: {} });
    expect(kept.text).not.toContain('sendgrid-key');
    await administrator.delete('/emails/provider');
  });
});

describe('an e-mail template', () => {
  const template = {
    template: 'async_approval',
    body: '<p>{{ binding_message }} <a href="{{ url }}">open</a></p>',
    subject: 'Please look: {{ binding_message }}',
    syntax: 'liquid',
    from: 'Bank <bank@bank.example>',
    urlLifetimeInSeconds: 600,
    enabled: true,
  };

  it('for approvals words the next message', async () => {
    await using bank = await startAssent({ tls: false, config: bankByEmail({}) });
    const admin = await administratorOf(bank);
    expect((await admin.get('/email-templates/async_approval')).json()).toMatchObject({
      errorCode: 'inexistent_email_template',
    });
    expect((await admin.patch('/email-templates/async_approval', { enabled: true })).status).toBe(404);
    const created = await admin.post('/email-templates', template);
    expect(created.status).toBe(201);
    expect((await admin.get('/email-templates/async_approval')).json()).toEqual(template);
    await askByEmail(new Agent(bank));
    const [message] = await bank.control.mailbox();
    expect(message).toMatchObject({ subject: 'Please look: RENT-4K9' });

    const off = await admin.patch('/email-templates/async_approval', { enabled: false });
    expect(off.json()).toEqual({ ...template, enabled: false });
    const refused = await admin.patch('/email-templates/async_approval', { subject: '{{ unclosed' });
    expect(refused.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
  });

  it('that would fill the memory is refused at once', async () => {
    const endless = {
      ...template,
      subject: '{% for i in (1..100000000) %}x{% endfor %}{{ binding_message }}',
    };
    const refused = await administrator.post('/email-templates', endless);
    expect(refused.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    expect(refused.json().message).toContain('memory alloc limit exceeded');
  });

  it('of another kind is kept and given back', async () => {
    const welcome = { template: 'welcome_email', body: '<p>Hello</p>', enabled: false, from: 'a@b.example' };
    expect((await administrator.post('/email-templates', welcome)).status).toBe(201);
    expect((await administrator.post('/email-templates', welcome)).status).toBe(409);
    await administrator.patch('/email-templates/welcome_email', { subject: 'Hi', from: null });
    expect(await read('/email-templates/welcome_email')).toEqual({
      template: 'welcome_email',
      body: '<p>Hello</p>',
      enabled: false,
      subject: 'Hi',
      syntax: 'liquid',
    });
  });
});

describe('what nothing here acts on', () => {
  it('is kept and given back: branding, prompts, partials, texts, attack protection', async () => {
    await administrator.patch('/branding', { colors: { primary: '#123456' }, logo_url: 'https://a.example' });
    await administrator.patch('/branding', { logo_url: null });
    expect(await read('/branding')).toEqual({ colors: { primary: '#123456' } });
    const partials = { 'customized-consent': { 'form-content': '{{ transaction.params }}' } };
    await administrator.put('/prompts/customized-consent/partials', partials);
    expect(await read('/prompts/customized-consent/partials')).toEqual(partials);
    await administrator.put('/prompts/login/custom-text/en', { login: { title: 'Hello' } });
    expect(await read('/prompts/login/custom-text/en')).toEqual({ login: { title: 'Hello' } });
    expect(await read('/prompts/login/custom-text/de')).toEqual({});
    await administrator.patch('/attack-protection/brute-force-protection', { max_attempts: 3 });
    expect(await read('/attack-protection/brute-force-protection')).toMatchObject({ max_attempts: 3 });
    const wrong = await administrator.patch('/attack-protection/brute-force-protection', { enabled: 'yes' });
    expect(wrong.json().message).toContain('Expected type boolean but found type string');
  });

  it('keeps each of several changes that come at the same moment', async () => {
    const changes = [{ logo_url: 'https://a.example' }, { favicon_url: 'https://b.example' }, { font: {} }];
    await Promise.all(changes.map((change) => administrator.patch('/branding', change)));
    expect(await read('/branding')).toMatchObject(Object.assign({}, ...changes));
  });

  it('is empty where a tool lists it, in the shape that it expects', async () => {
    expect(await read('/rules')).toEqual([]);
    expect(await read('/rules?include_totals=true')).toMatchObject({ rules: [], total: 0 });
    expect(await read('/actions/actions')).toEqual({ actions: [] });
    expect(await read('/organizations?take=50')).toEqual({ organizations: [] });
    expect((await administrator.post('/rules', { name: 'x' })).status).toBe(404);
  });
});
