// Input that wants to be something else than text: a member of every object, a file above the folder, another header, a command
// for the terminal, a pattern that never ends. Each is tried at every place that takes such input.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { runCommand, startCommand } from '../command.ts';
import { type Answer, call } from '../http-call.ts';
import { type Administrator, administratorOf } from '../management/administrator.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { request, send } from './raw-call.ts';

let assent: RunningAssent;
let administrator: Administrator;
beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

/** Members that every object has from elsewhere, whatever somebody means by them. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** As text, for an object literal would lose it. */
const poisoned = (name: string): string =>
  `{"${name}":{"polluted":"yes","prototype":{"polluted":"yes"}},"polluted":"yes"}`;

function expectNothingPolluted(answer: Answer): void {
  expect(answer.status).toBeLessThan(500);
  for (const value of [{}, [], () => undefined, ''])
    expect(Reflect.get(Object(value), 'polluted')).toBeUndefined();
}

const sendJson = (
  method: string,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call(`${assent.url}${path}`, { method, body, headers: { 'Content-Type': 'application/json', ...headers } });

describe.each(INHERITED)('a member that is called %s changes no other object', (name) => {
  it('in JSON of the control and the approver API', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
    for (const path of [
      '/control/rules',
      '/control/faults',
      '/control/clock',
      '/control/tickets',
      '/control/api-calls',
      '/control/scenes/attack',
      '/control/consent-preview',
    ]) {
      expectNothingPolluted(await sendJson('POST', path, poisoned(name)));
    }
    for (const path of ['/control/tenant', '/control/snapshot', '/control/steps'])
      expectNothingPolluted(await sendJson('PUT', path, poisoned(name)));
    expectNothingPolluted(await sendJson('PATCH', '/control/tenant', poisoned(name)));
    const json = { 'Content-Type': 'application/json' };
    for (const path of ['/approver/tickets', '/approver/tickets/lookup', '/approver/demo-request']) {
      expectNothingPolluted(await ada.call(path, { method: 'POST', body: poisoned(name), headers: json }));
    }
    expectNothingPolluted(await sendJson('POST', '/appliance-mfa/api/enroll', poisoned(name)));
    expectNothingPolluted(await sendJson('POST', '/oidc/register', poisoned(name)));
  });

  it('in metadata that the Management API merges', async () => {
    const merged = `{"user_metadata":${poisoned(name)},"app_metadata":${poisoned(name)}}`;
    for (const body of [merged, poisoned(name)])
      expectNothingPolluted(await administrator.patch('/users/auth0%7Cada', JSON.parse(body)));
    expectNothingPolluted(await administrator.get('/users/auth0%7Cada'));
    for (const path of [`/users/${name}`, `/clients/${name}`, `/roles/${name}`]) {
      const answer = await administrator.get(path);
      expectNothingPolluted(answer);
      expect([path, [400, 404].includes(answer.status)]).toEqual([path, true]);
    }
  });

  it('in forms, queries and authorization details', async () => {
    const agent = new Agent(assent);
    for (const spelling of [name, `${name}[polluted]`, `a[${name}][polluted]`, `${name}.polluted`]) {
      expectNothingPolluted(await agent.ask({ [spelling]: 'yes' }));
      const query = new URLSearchParams({ [spelling]: 'yes' });
      for (const path of ['/control/requests', '/authorize', '/api/v2/users', '/v2/logout', '/activate'])
        expectNothingPolluted(await call(`${assent.url}${path}?${query}`));
    }
    for (const details of [
      `[{"type":"${name}"}]`,
      `[${poisoned(name)}]`,
      JSON.stringify([TRANSFER]).replace('"to"', `"${name}"`),
    ]) {
      const answer = await agent.ask({ authorization_details: details });
      expectNothingPolluted(answer);
    }
  });
});

it('a tenant file with such members is no tenant', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-polluted-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const text of [
    'tenant: { name: bank, __proto__: { polluted: yes } }',
    '__proto__: { polluted: yes }',
    'constructor: { prototype: { polluted: yes } }',
    'tenant: &a { name: bank }\nusers: { <<: { __proto__: { polluted: yes } } }',
  ]) {
    await writeFile(join(folder, 'assent.yaml'), text);
    const { code, stderr } = await runCommand(['start', '--http', '--port', '0'], { folder });
    expect([text, code === 0, stderr.includes('assent.yaml')]).toEqual([text, false, true]);
  }
});

describe('a path that leads out of its folder leads nowhere', () => {
  const CLIMBING = [
    '..',
    '%2e%2e',
    '..%2f..%2f..',
    '%2e%2e%2f%2e%2e',
    '..%5c..%5c',
    '%252e%252e%252f',
    '....//',
    '%c0%ae%c0%ae',
    '/etc',
    'C:%5cWindows',
    '%00',
    '.git',
  ];

  it.each(['/approve/', '/approve/assets/', '/sequence/', '/console/'])('below %s', async (base) => {
    for (const step of CLIMBING) {
      for (const target of [
        'package.json',
        'etc/passwd',
        'server.json',
        'ca-key.pem',
        'phone.html.map',
        '.env',
      ]) {
        const socketPath = `${base}${step}/${target}`;
        // An agent that leaves the path as it is written.
        const { status, text } = await rawGet(socketPath);
        expect([
          socketPath,
          status < 500,
          /"dependencies"|root:|PRIVATE KEY|control_token/.test(text),
        ]).toEqual([socketPath, true, false]);
      }
    }
  });

  it.each([
    '/control/requests/:',
    '/control/mailbox/:',
    '/control/rules/:',
    '/control/lessons/:',
    '/api/v2/users/:',
    '/api/v2/email-templates/:',
    '/appliance-mfa/api/device-accounts/:',
    '/push/subscription/:',
  ])('nor as the name of something at %s', async (shape) => {
    for (const step of CLIMBING) {
      const { status, text } = await rawGet(shape.replace(':', step));
      expect([step, status >= 400 && status < 500, /root:|PRIVATE KEY/.test(text)]).toEqual([
        step,
        true,
        false,
      ]);
    }
  });
});

/** As it is written, which `URL` would not leave. */
async function rawGet(path: string): Promise<{ status: number; text: string }> {
  const text = await send(
    { url: assent.url },
    request(path, [`Host: ${new URL(assent.url).host}`, 'Accept: application/json']),
  );
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
}

it('a line break ends no header, wherever a text of the caller goes into one', async () => {
  const broken = 'x\r\nX-Injected: yes\r\nSet-Cookie: injected=1';
  const value = encodeURIComponent(broken);
  const callback = encodeURIComponent('http://localhost:3000/auth/callback');
  for (const path of [
    `/approve?${value}`,
    `/authorize?client_id=aiya&response_type=code&prompt=none&redirect_uri=${callback}&state=${value}`,
    `/authorize?client_id=${value}`,
    `/authorize?client_id=aiya&response_type=code&redirect_uri=${callback}${value}`,
    `/v2/logout?returnTo=http://localhost:3000/${value}`,
    `/oidc/logout?client_id=aiya&post_logout_redirect_uri=http://localhost:3000/${value}&state=${value}`,
    `/u/login?state=${value}`,
    `/bc-verify?consent=${value}`,
    `/guardian/enroll?ticket=${value}`,
    `/activate?user_code=${value}`,
    `/control/requests?state=${value}`,
    `/${value}`,
  ]) {
    const { status, headers } = await call(`${assent.url}${path}`, { headers: { Accept: 'text/html' } });
    expect([
      path,
      status < 500,
      headers['x-injected'],
      JSON.stringify(headers).includes('injected=1'),
    ]).toEqual([path, true, undefined, false]);
  }
  const agent = new Agent(assent, { client_secret: broken, client_id: broken });
  for (const path of ['/oauth/token', '/bc-authorize', '/oauth/par']) {
    const { status, headers } = await agent.post(path, { grant_type: 'client_credentials', scope: broken });
    expect([path, status < 500, headers['x-injected']]).toEqual([path, true, undefined]);
  }
});

/** What a terminal acts on, or shows elsewhere than where it is. */
const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

it('texts of others move no cursor, open no link and turn no line around in the terminal', async () => {
  const steering =
    'Eve\u001b[2J\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007\u009b1A\u202e\r\n\u0007';
  const folder = await mkdtemp(join(tmpdir(), 'assent-terminal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bank = unlimitedBank();
  const users = (bank.users ?? []).map((user) =>
    user.user_id === 'auth0|ada' ? { ...user, name: steering } : user,
  );
  const clients = (bank.clients ?? []).map((client) =>
    client.client_id === 'aiya' ? { ...client, name: steering } : client,
  );
  await writeFile(join(folder, 'assent.yaml'), stringify({ ...bank, users, clients }));
  const server = startCommand(['start', '--http', '--port', '0'], { folder });
  try {
    await server.says('Ready.');
    const url = /http:\/\/localhost:\d+/.exec(server.output().stderr + server.output().stdout)?.[0] ?? '';
    const issuer = `${url}/`;
    const told = server.says('r1');
    await new Agent({ url, issuer }).askFor({
      authorization_details: JSON.stringify([{ ...TRANSFER, to: steering }]),
    });
    await told;
    await new Agent({ url, issuer }, { client_id: steering }).ask();
    await call(`${url}/control/requests/latest/decision`, {
      method: 'POST',
      body: { decision: 'deny', reason: steering },
    });
    const outputs = [server.output()];
    for (const words of [
      ['requests'],
      ['show', 'r1'],
      ['devices'],
      ['doctor'],
      ['trace', '--request', 'r1', '--format', 'mermaid'],
      ['trace', '--request', 'r1', '--format', 'svg'],
      ['show', steering.replaceAll('\0', '')],
    ]) {
      outputs.push(await runCommand(words, { folder }));
    }
    for (const { stdout, stderr } of outputs) {
      // Our own colours are off: nobody sits there.
      const steers = [...`${stdout}${stderr}`.replaceAll('\n', '')].filter((one) => STEERING.test(one));
      expect(steers).toEqual([]);
    }
  } finally {
    await server.stop();
  }
});

it('a number of very many digits stops nobody else', async () => {
  // Of a length that is still read. Looked at by a pattern, forty of them would take minutes.
  const number = `1.${'0'.repeat(50_000)}1`;
  for (let round = 0; round < 40; round += 1) {
    const answer = await sendJson('POST', '/oauth/token', `{"client_id":"aiya","a":${number}}`);
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
    expect(answer.json().error_description).toContain('cannot be carried exactly');
  }
});

it('no text is long or odd enough to keep a pattern busy', async () => {
  const agent = new Agent(assent);
  const long = [
    ' '.repeat(30_000),
    'a'.repeat(30_000),
    'a@'.repeat(15_000),
    '%20'.repeat(10_000),
    '{{'.repeat(15_000),
    `${'a.'.repeat(15_000)}!`,
    `${'1'.repeat(30_000)}x`,
    `${'((a+)+)+'.repeat(3_000)}$`,
  ];
  for (const text of long) {
    const answers = await Promise.all([
      agent.ask({ binding_message: text }),
      agent.ask({ login_hint: text }),
      agent.ask({ scope: text }),
      agent.ask({ requested_expiry: text }),
      agent.poll(text),
      agent.post('/oauth/token', {}, { Authorization: `Bearer ${text.slice(0, 8_000).trim() || 'x'}` }),
      sendJson('POST', '/control/consent-preview', JSON.stringify({ user_id: text })),
      sendJson('POST', '/control/demo-request', JSON.stringify({ user_id: text })),
      call(`${assent.url}/api/v2/users?q=${encodeURIComponent(text.slice(0, 4_000))}`),
      call(`${assent.url}/activate`, {
        method: 'POST',
        body: `user_code=${encodeURIComponent(text)}`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
      call(`${assent.url}/${encodeURIComponent(text.slice(0, 4_000))}`),
    ]);
    for (const { status } of answers) expect(status).toBeLessThan(500);
  }
});
