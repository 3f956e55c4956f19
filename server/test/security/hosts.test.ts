// Under which names the server answers, at each of its listeners: a web page that has its own name lead here (DNS rebinding)
// says that name in the Host header, and no spelling of it may pass for one of ours.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { call } from '../http-call.ts';
import { CONFIG } from '../world.ts';
import { type Door, request, send, statusOf } from './raw-call.ts';

let plain: RunningAssent;
let secure: RunningAssent;
/** Every listener that answers the APIs. */
let doors: Record<string, Door>;
beforeAll(async () => {
  [plain, secure] = await Promise.all([
    startAssent({ config: CONFIG, tls: false }),
    startAssent({ config: CONFIG, mtlsPort: 0, issuer: 'https://bank.assent.example/' }),
  ]);
  const { ca } = secure;
  const { port } = new URL(secure.mtlsUrl ?? '');
  doors = {
    http: { url: plain.url },
    https: { url: secure.url, ca },
    'https for certificates': { url: `https://localhost:${port}`, ca },
  };
});
afterAll(() => Promise.all([plain.close(), secure.close()]));

const PATHS = ['/control/requests', '/control/events', '/approver/people', '/push/subscription/x'];

const portOf = (door: Door): string => new URL(door.url).port;

/** At each door, in the order of the paths. */
async function statusesAt(
  hostAt: (port: string) => string,
  paths = PATHS,
): Promise<Record<string, number[]>> {
  const found = Object.entries(doors).map(async ([name, door]) => {
    const statuses: number[] = [];
    for (const path of paths) {
      statuses.push(await statusOf(door, request(path, [`Host: ${hostAt(portOf(door))}`])));
    }
    return [name, statuses] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

const everywhere = (statuses: number[]): Record<string, number[]> =>
  Object.fromEntries(Object.keys(doors).map((name) => [name, statuses]));

describe('a request under a foreign name', () => {
  it.each<[string, (port: string) => string]>([
    ['a name of the attacker', (port) => `rebind.evil.example:${port}`],
    ['a name that begins as ours', (port) => `localhost.evil.example:${port}`],
    ['a name that ends as ours', (port) => `evil-localhost:${port}`],
    ['a trailing dot, which is another name', (port) => `localhost.:${port}`],
    ['a name below localhost', (port) => `evil.localhost:${port}`],
    ['another port', () => 'localhost:1'],
    ['a port with a sign', (port) => `localhost:+${port}`],
    ['an address of the network', (port) => `192.168.7.7:${port}`],
    ['the address that means all', (port) => `0.0.0.0:${port}`],
    ['another loopback address', (port) => `127.0.0.2:${port}`],
    ['loopback in decimal', (port) => `2130706433:${port}`],
    ['loopback in short', (port) => `127.1:${port}`],
    ['loopback mapped into IPv6', (port) => `[::ffff:127.0.0.1]:${port}`],
    ['loopback in IPv6, written at length', (port) => `[0:0:0:0:0:0:0:1]:${port}`],
    ['IPv6 without brackets', () => '::1'],
    ['an empty name', () => ''],
  ])('is refused: %s', async (_what, hostAt) => {
    // Nobody but the push service itself knows its paths, so under a foreign name there are none.
    expect(await statusesAt(hostAt)).toEqual(everywhere([403, 403, 403, 404]));
  });

  it.each<[string, (port: string) => string]>([
    ['a user name in front of ours', (port) => `evil.example@localhost:${port}`],
    ['ours, followed by another', (port) => `localhost:${port}, evil.example`],
    ['ours, followed by a path', (port) => `localhost:${port}/evil.example`],
  ])('is no host at all: %s', async (_what, hostAt) => {
    expect(await statusesAt(hostAt)).toEqual(everywhere([400, 400, 400, 400]));
  });

  it('opens no WebSocket', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const more = [
      ...upgrade,
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol: push-notification',
    ];
    for (const door of Object.values(doors)) {
      for (const host of [`rebind.evil.example:${portOf(door)}`, `a@localhost:${portOf(door)}`]) {
        const status = await statusOf(door, request('/push/autopush', [`Host: ${host}`, ...more]));
        expect([door.url, host, status]).toEqual([door.url, host, 404]);
      }
    }
  });
});

describe('a request for two hosts', () => {
  it('by two headers is refused, whichever comes first', async () => {
    for (const [name, door] of Object.entries(doors)) {
      const own = `Host: localhost:${portOf(door)}`;
      for (const lines of [
        [own, 'Host: evil.example'],
        ['Host: evil.example', own],
        [own, own],
        [own, 'hOsT: evil.example'],
      ]) {
        expect([name, lines, await statusOf(door, request('/control/health', lines))]).toEqual([
          name,
          lines,
          400,
        ]);
      }
    }
  });

  it('by its target is for the one of the target', async () => {
    for (const door of Object.values(doors)) {
      const own = new URL(door.url).host;
      const foreign = request(`http://evil.example/control/requests`, [`Host: ${own}`]);
      expect(await statusOf(door, foreign)).toBe(403);
      const ours = request(`${door.url}/control/requests`, ['Host: evil.example']);
      expect(await statusOf(door, ours)).toBe(200);
    }
  });

  it('by what a proxy may have written is for the one that was asked', async () => {
    const forwarded = [
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: https',
      'Forwarded: host=evil.example',
    ];
    const answer = await send(
      { url: plain.url },
      request('/.well-known/openid-configuration', [`Host: ${new URL(plain.url).host}`, ...forwarded]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain('evil.example');
  });
});

it('every name of our own opens, by every listener', async () => {
  for (const hostAt of [
    (port: string) => `localhost:${port}`,
    (port: string) => `LOCALHOST:${port}`,
    (port: string) => `127.0.0.1:${port}`,
    (port: string) => `[::1]:${port}`,
    () => 'localhost',
  ]) {
    expect(await statusesAt(hostAt, ['/control/requests', '/approver/people'])).toEqual(
      everywhere([200, 200]),
    );
  }
  const asIssuer = await call(`${secure.url}/approver/people`, {
    headers: { Host: 'bank.assent.example' },
    ca: secure.ca ?? '',
  });
  expect(asIssuer.status).toBe(200);
});

describe('bytes that two programs could read in two ways', () => {
  const body = '0\r\n\r\n';
  it.each<[string, readonly string[], string]>([
    ['a length and a coding', ['Content-Length: 4', 'Transfer-Encoding: chunked'], body],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5'], 'abcde'],
    ['one length twice', ['Content-Length: 4', 'Content-Length: 4'], 'abcd'],
    ['a list of lengths', ['Content-Length: 4, 4'], 'abcd'],
    ['a length below nothing', ['Content-Length: -1'], 'abcd'],
    ['a length beyond all numbers', ['Content-Length: 99999999999999999999999'], 'abcd'],
    ['a length that is no number', ['Content-Length: +4'], 'abcd'],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], body],
    ['chunked, and then another coding', ['Transfer-Encoding: chunked, identity'], body],
    ['white space before the colon', ['Transfer-Encoding : chunked'], body],
    ['a header over two lines', ['X-Note: a', ' b'], ''],
    ['a bare carriage return', ['X-Note: a\rTransfer-Encoding: chunked'], ''],
    ['a zero byte', ['X-Note: a\0b'], ''],
    [
      'a chunk that ends with a line feed alone',
      ['Transfer-Encoding: chunked'],
      '5;a\n\r\nhello\r\n0\r\n\r\n',
    ],
  ])('end the connection, and nothing behind them is read as a request: %s', async (_what, lines, sent) => {
    for (const door of Object.values(doors)) {
      const own = `localhost:${portOf(door)}`;
      const smuggled = request('/control/health', [`Host: ${own}`]);
      const bytes = `POST /oauth/token HTTP/1.1\r\nHost: ${own}\r\n${lines.join('\r\n')}\r\n\r\n${sent}${smuggled}`;
      const answer = await send(door, bytes);
      expect(answer.split('HTTP/1.1 ').slice(1)).toEqual([expect.stringMatching(/^400 /)]);
    }
  });
});
