// A page of somebody else, open in the browser of an approver: what a real browser lets it try against this server, and what
// comes of it. It has a server of its own on another port, and a name of its own that it leads to us (DNS rebinding).
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { test as base, expect } from './world.ts';

const FOREIGN_NAME = 'rebind.evil.example';

const test = base.extend<{ attacker: Page }>({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const rule = `--host-resolver-rules=MAP ${FOREIGN_NAME} 127.0.0.1`;
      await use({ ...launchOptions, args: [...(launchOptions.args ?? []), rule] });
    },
    { scope: 'worker' },
  ],
  attacker: async ({ context }, use) => {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Win a prize</title>');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await use(page);
    server.close();
    server.closeAllConnections();
  },
});

test.use({ allowsPolicyReports: true });

test('can neither read nor answer what waits, by any means that a browser has', async ({
  app,
  agent,
  assent,
  attacker,
}) => {
  await app.pair();
  await agent.ask();
  const { id } = await assent.control.request('latest');
  const read = await attacker.evaluate(
    async ({ server, approval }) => {
      const decide = `${server}/control/requests/${approval}/decision`;
      const body = '{"decision":"approve"}';
      const outcome = async (attempt: Promise<unknown>): Promise<string> =>
        attempt.then(String, (error: Error) => error.name);
      const status = async (url: string, init: RequestInit): Promise<string> =>
        outcome(fetch(url, init).then((answer) => answer.status));
      const json = { 'Content-Type': 'application/json' };
      const results = {
        read: await status(`${server}/control/requests`, { credentials: 'include' }),
        people: await status(`${server}/approver/people`, {}),
        decide: await status(decide, { method: 'POST', body, headers: json }),
        reset: await status(`${server}/control/reset`, { method: 'POST', body: '{}', headers: json }),
      };
      // What a browser sends without asking, and never shows the answer of.
      const blindly = { method: 'POST', mode: 'no-cors', credentials: 'include', body } as const;
      await outcome(fetch(decide, { ...blindly, headers: { 'Content-Type': 'text/plain' } }));
      await outcome(fetch(decide, { ...blindly, body: new URLSearchParams({ decision: 'approve' }) }));
      await outcome(fetch(`${server}/control/requests/${approval}/expire`, blindly));
      navigator.sendBeacon(decide, new Blob([body], { type: 'text/plain' }));
      for (const tag of ['img', 'script', 'iframe'] as const) {
        const element = document.createElement(tag);
        element.src = decide;
        document.body.append(element);
      }
      for (const rel of ['prefetch', 'prerender', 'preload', 'stylesheet']) {
        document.head.append(
          Object.assign(document.createElement('link'), { rel, href: decide, as: 'fetch' }),
        );
      }
      const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/push/autopush`, 'push-notification');
      const opened = new Promise<string>((resolve) => {
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('closed');
      });
      return { ...results, socket: await opened };
    },
    { server: assent.url, approval: id },
  );
  expect(read).toEqual({
    read: 'TypeError',
    people: 'TypeError',
    decide: 'TypeError',
    reset: 'TypeError',
    socket: 'closed',
  });
  // A form that leads away from the page, in a frame of its own.
  const answered = attacker.waitForResponse(
    (response) => response.url().endsWith('/decision') && response.request().method() === 'POST',
  );
  await attacker.evaluate(
    ({ server, approval }) => {
      const frame = Object.assign(document.createElement('iframe'), { name: 'hidden' });
      const form = Object.assign(document.createElement('form'), {
        method: 'post',
        target: 'hidden',
        action: `${server}/control/requests/${approval}/decision`,
      });
      form.append(Object.assign(document.createElement('input'), { name: 'decision', value: 'approve' }));
      document.body.append(frame, form);
      form.submit();
    },
    { server: assent.url, approval: id },
  );
  expect((await answered).status()).toBe(403);
  expect((await assent.control.request(id)).state).toBe('pending');
});

test('has no frame around the button that approves', async ({ app, agent, assent, attacker }) => {
  await app.pair();
  await agent.ask();
  const { id } = await assent.control.request('latest');
  for (const path of [`/approve/requests/${id}`, '/console', '/sequence', '/activate', '/v2/logout']) {
    const frame = await attacker.evaluateHandle((src) => {
      const element = Object.assign(document.createElement('iframe'), { src });
      const settled = new Promise<HTMLIFrameElement>((resolve) => {
        element.onload = () => resolve(element);
      });
      document.body.append(element);
      return settled;
    }, assent.url + path);
    const content = await frame.asElement()?.contentFrame();
    // The browser's own page, in place of ours.
    expect([path, content?.url()]).toEqual([path, 'chrome-error://chromewebdata/']);
    await frame.evaluate((element) => element.remove());
  }
});

test('under a name of its own that leads here, gets pages and nothing behind them', async ({
  agent,
  assent,
  context,
}) => {
  await agent.ask();
  const { id } = await assent.control.request('latest');
  const page = await context.newPage();
  // The worst case: the browser takes the certificate as well.
  const own = assent.url.replace(/\/\/[^:]+:/, `//${FOREIGN_NAME}:`);
  await page.goto(`${own}/approve/`);
  const statuses = await page.evaluate(async (approval) => {
    const json = { 'Content-Type': 'application/json' };
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const attempts: Array<[string, RequestInit]> = [
      ['/approver/people', {}],
      ['/control/requests', {}],
      ['/control/tenant', {}],
      [
        `/control/requests/${approval}/decision`,
        { method: 'POST', headers: json, body: '{"decision":"approve"}' },
      ],
      ['/oauth/token', { method: 'POST', headers: form, body: 'grant_type=client_credentials' }],
      ['/activate', { method: 'POST', headers: form, body: 'user_code=BCDF-GHJK' }],
    ];
    return Promise.all(attempts.map(async ([path, init]) => (await fetch(path, init)).status));
  }, id);
  expect(statuses).toEqual([403, 403, 403, 403, 403, 403]);
  expect((await assent.control.request(id)).state).toBe('pending');
});
