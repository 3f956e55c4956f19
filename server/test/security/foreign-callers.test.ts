// What a web page of somebody else can have a browser send, to every route that changes anything: forms, beacons and calls
// without permission. The routes are read from the reference, so that a new one is tried as soon as it is there.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';

/** Stands still: what has passed of it is no change. */
const clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));

let assent: RunningAssent;
beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank(), clock });
});
afterAll(() => assent.close());

interface ChangingRoute {
  method: string;
  path: string;
}

/** Lines such as "## POST /approver/tickets" and "| `POST /clients` | …". */
async function routesOf(page: string, prefix = ''): Promise<ChangingRoute[]> {
  const text = await readFile(new URL(`../../../docs/reference/${page}`, import.meta.url), 'utf8');
  const found = text.matchAll(/^(?:#+ |\| `)(POST|PUT|PATCH|DELETE) (\/\S*?)`?(?: |$)/gm);
  const routes = [...found].map(([, method = '', path = '']) => ({
    method,
    // What the segment says is nobody's: the guard stands before the look.
    path: prefix + path.replaceAll(/\{\w+\}|:\w+/g, 'x'),
  }));
  expect(routes.length).toBeGreaterThan(5);
  return routes;
}

async function everythingOf(server: RunningAssent): Promise<unknown> {
  const read = async (path: string): Promise<unknown> => (await call(`${server.url}${path}`)).json();
  return Promise.all(
    [
      '/control/tenant',
      '/control/requests',
      '/control/rules',
      '/control/faults',
      '/control/clock',
      '/control/devices',
    ].map(read),
  );
}

/** As browsers send it for a page of elsewhere, and what that page can choose without being asked. */
const SENT: Record<string, Record<string, string>> = {
  'a form': {
    Origin: 'https://evil.example',
    'Sec-Fetch-Site': 'cross-site',
    'Content-Type': 'application/x-www-form-urlencoded',
  },
  'a beacon': { Origin: 'https://evil.example', 'Content-Type': 'text/plain' },
  'a call of another port of this computer': {
    Origin: 'http://localhost:1',
    'Sec-Fetch-Site': 'same-site',
    'Content-Type': 'text/plain',
  },
  'a frame without an origin': {
    Origin: 'null',
    'Sec-Fetch-Site': 'cross-site',
    'Content-Type': 'multipart/form-data; boundary=x',
  },
  'a call whose origin was taken off': { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' },
  'a call that claims to be JSON': { Origin: 'https://evil.example', 'Content-Type': 'application/json' },
};
const BODY = '{"decision":"approve"}';

const sendAs = (route: ChangingRoute, headers: Record<string, string>, server = assent): Promise<Answer> =>
  call(`${server.url}${route.path}`, { method: route.method, headers, body: BODY });

describe('every route that changes something', () => {
  it.each<[string, string]>([
    ['control API', 'control-api.md'],
    ['approver API', 'approver-api.md'],
  ])('of the %s refuses whatever a page of elsewhere sends, and nothing has changed', async (_name, page) => {
    await new Agent(assent).askFor();
    const before = await everythingOf(assent);
    for (const route of await routesOf(page)) {
      for (const [what, headers] of Object.entries(SENT)) {
        const answer = await sendAs(route, headers);
        expect([route, what, answer.status]).toEqual([route, what, 403]);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
    }
    expect(await everythingOf(assent)).toEqual(before);
  });

  it('of the Management API asks for a token, whoever calls', async () => {
    for (const route of await routesOf('management-api.md', '/api/v2')) {
      for (const headers of Object.values(SENT)) {
        expect([route, (await sendAs(route, headers)).status]).toEqual([route, 401]);
      }
    }
  });

  it('of a Guardian app asks for what only that app has', async () => {
    for (const route of [
      { method: 'POST', path: '/appliance-mfa/api/resolve-transaction' },
      { method: 'POST', path: '/appliance-mfa/api/enroll' },
      { method: 'PATCH', path: '/appliance-mfa/api/device-accounts/x' },
      { method: 'DELETE', path: '/appliance-mfa/api/device-accounts/x' },
    ]) {
      for (const headers of Object.values(SENT)) {
        const { status } = await sendAs(route, headers);
        expect([route, [400, 401, 403, 404, 415].includes(status)]).toEqual([route, true]);
      }
    }
  });

  it('of the push service answers no page of elsewhere', async () => {
    for (const route of [
      { method: 'POST', path: '/push/subscribe' },
      { method: 'POST', path: '/push/send/x' },
      { method: 'DELETE', path: '/push/message/x' },
      { method: 'DELETE', path: '/push/subscription/x' },
      { method: 'POST', path: '/push/fcm/checkin' },
    ]) {
      for (const headers of Object.values(SENT)) {
        expect([route, (await sendAs(route, headers)).status]).toEqual([route, 403]);
      }
    }
    const own = { Origin: assent.url, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'text/plain' };
    expect((await sendAs({ method: 'POST', path: '/push/subscribe' }, own)).status).toBe(415);
  });
});

it('reading changes nothing: GET and HEAD of every route leave all as it was', async () => {
  await new Agent(assent).askFor();
  const paths = await Promise.all(
    [
      ['control-api.md', ''],
      ['approver-api.md', ''],
      ['management-api.md', '/api/v2'],
    ].map(([page = '', prefix]) => routesOf(page, prefix)),
  );
  const before = await everythingOf(assent);
  for (const { path } of paths.flat()) {
    for (const method of ['GET', 'HEAD']) {
      // Streams, and those that wait for something, are read and never change anything: they are not among these.
      const { status } = await call(`${assent.url}${path}?wait_ms=0`, { method });
      expect([path, status < 500]).toEqual([path, true]);
    }
  }
  expect(await everythingOf(assent)).toEqual(before);
});

describe('other origins', () => {
  const EVIL = { Origin: 'https://evil.example' };
  const OPEN = ['/.well-known/openid-configuration', '/.well-known/jwks.json'];
  const CALLABLE = ['/oauth/token', '/userinfo', '/oauth/revoke'];
  const CLOSED = [
    '/',
    '/approve/',
    '/console',
    '/control/requests',
    '/approver/people',
    '/u/login',
    '/bc-verify',
    '/api/v2/users',
    '/push/subscribe',
    '/activate',
  ];

  it('read what is public, and call what applications in a browser call', async () => {
    for (const path of OPEN) {
      const { headers } = await call(`${assent.url}${path}`, { headers: EVIL });
      expect([path, headers['access-control-allow-origin']]).toEqual([path, '*']);
    }
    for (const path of CALLABLE) {
      const { headers } = await call(`${assent.url}${path}`, {
        method: 'OPTIONS',
        headers: { ...EVIL, 'Access-Control-Request-Method': 'POST' },
      });
      expect([path, headers['access-control-allow-origin']]).toEqual([path, 'https://evil.example']);
    }
  });

  it('may read nothing else, and nowhere with the cookies of a person', async () => {
    for (const path of [...OPEN, ...CALLABLE, ...CLOSED]) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { headers } = await call(`${assent.url}${path}`, {
          method,
          headers: {
            ...EVIL,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'authorization',
          },
        });
        expect([path, method, headers['access-control-allow-credentials']]).toEqual([
          path,
          method,
          undefined,
        ]);
        if (CLOSED.includes(path)) {
          expect([path, method, headers['access-control-allow-origin']]).toEqual([path, method, undefined]);
        }
      }
    }
  });

  it('learn of an approver app nothing, even with the proof of a device', async () => {
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, 'auth0|ada');
    const answer = await ada.call('/approver/inbox', { headers: EVIL });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });
});
