// A path that is almost right: the answer says what was asked, what comes nearest and what to do.
import { expect, test } from 'vitest';
import { call } from '../http-call.ts';
import { World } from '../world.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('a path that does not exist names the nearest one that does', async () => {
  await using world = await World.start();
  const answer = await call(`${world.url}/backchannel/authorize`, { method: 'POST' });
  expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/problem+json']);
  expect(answer.json()).toEqual({
    type: 'urn:assent:problem:not_found',
    title: 'There is no such thing',
    status: 404,
    detail: 'POST /backchannel/authorize does not exist here.',
    code: 'not_found',
    hint: 'Nearest: POST /bc-authorize (start a CIBA request). If your SDK asked for this path, please report its name and version.',
  });
});

test('the nearest route is one of the same method, with the caller’s own segments in it', async () => {
  await using world = await World.start();
  const nearest = async (method: string, path: string): Promise<string | undefined> =>
    /Nearest: (\S+ \S+)/.exec((await call(`${world.url}${path}`, { method })).json().hint)?.[1];
  expect(await nearest('POST', '/token')).toBe('POST /oauth/token');
  expect(await nearest('POST', '/oauth2/token')).toBe('POST /oauth/token');
  expect(await nearest('GET', '/oauth/authorize')).toBe('GET /authorize');
  expect(await nearest('GET', '/control/request/r7')).toBe('GET /control/requests/r7');
  expect(await nearest('GET', '/control/requests/r7/traces')).toBe('GET /control/requests/r7/trace');
  expect(await nearest('GET', '/completely/unlike/anything/that/exists')).toBeUndefined();
});

test('a wrong method on a path that exists is told the right ones', async () => {
  await using world = await World.start();
  const expectations = {
    'PUT /bc-authorize': 'POST',
    'POST /control/health': 'GET, HEAD',
    'DELETE /control/requests/r7': 'GET, HEAD',
    'PATCH /approver/devices': 'GET, HEAD, POST',
    'POST /approve': 'GET, HEAD',
  };
  for (const [asked, allowed] of Object.entries(expectations)) {
    const [method = '', path = ''] = asked.split(' ');
    const body = method === 'POST' ? {} : undefined;
    const answer = await call(`${world.url}${path}`, { method, body });
    expect([asked, answer.status, answer.headers.allow]).toEqual([asked, 405, allowed]);
  }
});

test('a browser gets a page, in which what was asked is text', async () => {
  await using world = await World.start();
  const page = await call(`${world.url}/<script>alert(1)</script>"'&`, { headers: { Accept: BROWSER } });
  expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  expect(page.text).not.toContain('<script');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

test('whoever does not ask for a page gets none', async () => {
  await using world = await World.start();
  const calls = [
    { headers: {} },
    { headers: { Accept: '*/*' } },
    { headers: { Accept: 'application/json, text/plain, */*' } },
    { method: 'POST', headers: { Accept: BROWSER } },
  ];
  for (const each of calls) {
    const answer = await call(`${world.url}/nowhere`, each);
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/problem+json']);
  }
});

test('HEAD is answered wherever GET is, without a body', async () => {
  await using world = await World.start();
  for (const path of ['/', '/control/health', '/control/requests', '/approver/people', '/nowhere']) {
    const get = await call(`${world.url}${path}`);
    const head = await call(`${world.url}${path}`, { method: 'HEAD' });
    expect([path, head.status, head.headers['content-length'], head.text]).toEqual([
      path,
      get.status,
      get.headers['content-length'],
      '',
    ]);
  }
});
