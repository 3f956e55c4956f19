// No web page but our own can read or decide anything, and nothing a caller sends makes the server fail or complain.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA, World } from '../world.ts';

const PATHS = [
  '/approver/people',
  '/approver/inbox',
  '/control/requests',
  '/control/health',
  '/control/events',
];

test('a page of another origin can neither read nor ask permission to', async () => {
  await using world = await World.start();
  for (const path of PATHS) {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', `https://${world.host}`]) {
      const answer = await call(`${world.url}${path}`, { headers: { Origin: origin } });
      expect([path, origin, answer.status, answer.json().code]).toEqual([path, origin, 403, 'forbidden']);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    const preflight = await call(`${world.url}${path}`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(405);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-methods');
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('another spelling of a path is no way around', async () => {
  await using world = await World.start();
  const asked = await world.ask(ADA);
  const body = '{"decision":"approve"}';
  const spellings = [
    '/Control/requests/latest/decision',
    '/CONTROL/REQUESTS/r1/DECISION',
    '/control/requests/r1/decision/',
    '/%63ontrol/requests/r1/decision',
    '/control%2frequests/r1/decision',
    '//control/requests/r1/decision',
    '/./control/requests/r1/decision',
    '/x/../control/requests/r1/decision',
    'http://evil.example/control/requests/r1/decision',
  ];
  for (const path of spellings) {
    const socket = connect(Number(world.host.split(':')[1]), '127.0.0.1');
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${world.host}\r\nOrigin: https://evil.example\r\n` +
        `Content-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect([path, await text(socket)]).toEqual([path, expect.stringMatching(/^HTTP\/1.1 40[34] /)]);
  }
  expect(await world.read('r1')).toEqual(asked);
});

test('the browser’s own word that another site calls is heeded, even without an origin', async () => {
  await using world = await World.start();
  for (const path of PATHS) {
    for (const site of ['cross-site', 'same-site']) {
      const answer = await call(`${world.url}${path}`, { headers: { 'Sec-Fetch-Site': site } });
      expect([path, site, answer.status]).toEqual([path, site, 403]);
    }
  }
  for (const site of ['same-origin', 'none']) {
    const headers = { 'Sec-Fetch-Site': site };
    expect((await call(`${world.url}/approver/people`, { headers })).status).toBe(200);
  }
});

test('a foreign name that leads to this computer opens nothing', async () => {
  await using world = await World.start();
  for (const path of PATHS) {
    for (const host of ['rebind.evil.example', `${world.host}.evil.example`, 'localhost.evil.example', '']) {
      const answer = await call(`${world.url}${path}`, { headers: { Host: host, Origin: `http://${host}` } });
      expect([path, host, answer.status, answer.json().code]).toEqual([path, host, 403, 'forbidden']);
    }
  }
});

test('nor does a form or a call of a page that was loaded from here under a foreign name', async () => {
  await using world = await World.start();
  const host = 'rebind.evil.example';
  const names = { Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' };
  for (const path of ['/u/login?state=x', '/u/signup', '/activate', '/bc-verify?consent=x', '/api/enroll']) {
    const answer = await call(`${world.url}${path}`, { method: 'POST', headers: names, body: {} });
    expect([path, answer.status, answer.json().code]).toEqual([path, 403, 'forbidden']);
  }
  // Programs state no origin, and pages of other servers state theirs.
  for (const headers of [{ Host: host }, { Origin: 'http://localhost:3000' }]) {
    const answer = await call(`${world.url}/oauth/token`, { method: 'POST', headers, body: {} });
    expect(answer.status).toBe(401);
  }
});

test('nor does such a page see who is here', async () => {
  await using bank = await startAssent({ tls: false, config: unlimitedBank() });
  const callback = 'http://localhost:3000/auth/callback';
  const query = new URLSearchParams({
    client_id: 'aiya',
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
  });
  for (const [host, status] of [
    ['rebind.evil.example', 403],
    [new URL(bank.url).host, 200],
  ] as const) {
    const begun = await call(`${bank.url}/authorize?${query}`, { headers: { Host: host } });
    const cookies = [begun.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0]);
    const { pathname, search } = new URL(String(begun.headers.location), bank.url);
    const page = await call(`${bank.url}${pathname}${search}`, {
      headers: { Host: host, Cookie: cookies.join('; ') },
    });
    expect([pathname, page.status, page.text.includes('Ada Lovelace')]).toEqual([
      '/u/login',
      status,
      status === 200,
    ]);
  }
});

test('our own page is let in, under the issuer’s name too', async () => {
  await using world = await World.start({ issuer: 'https://bank.assent.example/' });
  const own = await call(`${world.url}/approver/people`, { headers: { Origin: world.url } });
  expect(own.status).toBe(200);
  const asIssuer = { Host: 'bank.assent.example', Origin: 'https://bank.assent.example' };
  expect((await call(`${world.url}/approver/people`, { headers: asIssuer })).status).toBe(200);
});

test('a form of a foreign page decides nothing, with or without an origin', async () => {
  await using world = await World.start();
  const asked = await world.ask(ADA);
  const json = JSON.stringify({ decision: 'approve' });
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', '']) {
    for (const path of [`/control/requests/${asked.id}/decision`, '/control/requests/latest/expire']) {
      const headers = { ...(type === '' ? {} : { 'Content-Type': type }) };
      const answer = await call(`${world.url}${path}`, { method: 'POST', headers, body: json });
      expect([type, path, answer.status, answer.json().code]).toEqual([
        type,
        path,
        415,
        'unsupported_media_type',
      ]);
    }
  }
  expect((await call(`${world.url}/control/requests/latest`)).json()).toEqual(asked);
});

test('whatever a caller sends is the caller’s mistake: answered as a problem, logged nowhere', async () => {
  const warnings: unknown[] = [];
  const keep = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', keep);
  onTestFinished(() => void process.off('warning', keep));

  await using world = await World.start();
  const ada = await PairedBrowser.pair(world, ADA);
  const asked = await world.ask(ADA);
  const path = '/approver/tickets/lookup';
  const json = { 'Content-Type': 'application/json' };
  const mistakes: Record<string, [{ headers: Record<string, string>; body?: string }, number, string]> = {
    'no JSON': [{ headers: json, body: '{"ticket": ' }, 400, 'bad_request'],
    'no body': [{ headers: json, body: '' }, 400, 'bad_request'],
    'another shape': [{ headers: json, body: '[1,2]' }, 400, 'bad_request'],
    'an unknown member': [{ headers: json, body: '{"ticket":"x","id":1}' }, 400, 'bad_request'],
    'a ticket that is none': [{ headers: json, body: '{"ticket":"x"}' }, 404, 'not_found'],
    'too much': [{ headers: json, body: `"${'x'.repeat(64 * 1024)}"` }, 413, 'too_large'],
    compressed: [
      { headers: { ...json, 'Content-Encoding': 'gzip' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    'a prototype': [{ headers: json, body: '{"__proto__":{"ticket":"x"}}' }, 400, 'bad_request'],
  };
  for (const [what, [sent, status, code]] of Object.entries(mistakes)) {
    const answer = await ada.call(path, { method: 'POST', ...sent });
    expect([what, answer.status, answer.json()]).toEqual([
      what,
      status,
      expect.objectContaining({
        status,
        code,
        type: `urn:assent:problem:${code}`,
        title: expect.any(String),
      }),
    ]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  }
  expect((await ada.call(`/approver/requests/${asked.id}`)).json()).toEqual(asked);
  expect(warnings).toEqual([]);
});

test('a body without an announced length is limited too', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/approver/devices`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
    body: JSON.stringify('x'.repeat(200_000)),
  });
  expect([answer.status, answer.json().code]).toEqual([413, 'too_large']);
});

test('no answer may be stored', async () => {
  await using world = await World.start();
  const paths = ['/', '/approver/people', '/approver/inbox', '/control/requests', '/nowhere', '/approve'];
  for (const path of paths) {
    const { headers } = await call(`${world.url}${path}`);
    const { 'cache-control': caching, 'x-content-type-options': sniffing } = headers;
    expect([path, caching, sniffing]).toEqual([path, 'no-store', 'nosniff']);
  }
});
