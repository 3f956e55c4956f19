// A server that is compared and has a bad day: a small one in its place, which says what Glewlwyd says while its database is taken.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureRates } from './cases/rates.ts';
import { type Ground, prepareGround } from './ground.ts';
import { approve } from './load/calls.ts';
import { Connection } from './load/connection.ts';
import { LoadProcess } from './load-process.ts';
import { measure } from './measure.ts';
import { mockServer } from './peers/mock-server.ts';
import { agentsFor, type RunningPeer } from './peers/peer.ts';
import { QUICK } from './plan.ts';
import { formatFigures, formatRates } from './tables.ts';

const REQUEST = { authReqId: 'not-asked-for', approver: 'person-1', message: 'BENCH-0-1' };
const PLAN = { rounds: 2, sliceMs: 20, warmUpMs: 0 };

let ground: Ground;
beforeAll(async () => {
  ground = await prepareGround({ isPacked: false });
});
afterAll(() => ground[Symbol.asyncDispose]());

/** Has one request in every list; its database is taken for the first so many decisions. */
async function startBusyServer(decisionsInVain: number): Promise<RunningPeer & { decisions(): number }> {
  let decisions = 0;
  const server = createServer((request, response) => {
    if (request.url === '/api/oidc/ciba_user_list')
      return response.end(JSON.stringify([{ user_req_id: 'r1', binding_message: REQUEST.message }]));
    if (!request.url?.startsWith('/api/oidc/ciba_user_check'))
      return response.writeHead(500).end('a | database | is locked');
    decisions += 1;
    const message = decisions > decisionsInVain ? 'complete' : 'server_error';
    return response.writeHead(302, { location: `/login.html?ciba_message=${message}` }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    decisions: () => decisions,
    pid: process.pid,
    readyMs: 0,
    readyCpuMs: 0,
    startedAtMs: 0,
    heapMiB: () => undefined,
    target: {
      peer: 'glewlwyd',
      pid: process.pid,
      url,
      issuer: url,
      jwksPath: '/jwks',
      tokenPath: '/token',
      agents: agentsFor(['RS256']),
      approvers: ['person-1'],
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function approveAt({ target }: RunningPeer): Promise<void> {
  const connection = new Connection(target.url);
  try {
    await approve(connection, target, REQUEST);
  } finally {
    await connection.close();
  }
}

test('a decision is made again while the database of the server is taken, and given up some time', async () => {
  await using busy = await startBusyServer(7);
  await approveAt(busy);
  expect(busy.decisions()).toBe(8);
  await using locked = await startBusyServer(Number.POSITIVE_INFINITY);
  await expect(approveAt(locked)).rejects.toThrow('ciba_message=server_error');
});

test('a server that fails has its place in the table, and the others have their figures', async () => {
  await using load = new LoadProcess();
  await using sound = await mockServer.start(ground);
  await using broken = await startBusyServer(0);
  const variant = { algorithm: 'RS256', connections: 2, peers: [broken, sound] } as const;
  const question = {
    kind: 'client credentials',
    variants: [variant],
    comparedTo: 'oauth2-mock-server',
  } as const;
  const figures = await measureRates(load, question, PLAN, () => undefined);
  expect(figures.rates.map(({ peer, perSecond }) => [peer, perSecond.samples])).toEqual([
    ['oauth2-mock-server', 2],
  ]);
  const lines = formatRates(figures, 'tokens', 'oauth2-mock-server').split('\n');
  expect(lines.at(-1)).toMatch(
    /^\| RS256 \| 2 \| Glewlwyd \| failed: .*received 500 .*database \\\| is locked/,
  );
  // As many cells as every other line.
  const cells = lines.map((line) => line.split(/(?<!\\)\|/).length);
  expect(new Set(cells).size).toBe(1);
});

test('a server that cannot be started has its place in each table', async () => {
  const without: Ground = {
    ...ground,
    programs: { ...ground.programs, 'oauth2-mock-server': join(ground.folder, 'not-there') },
  };
  const plan = { ...QUICK, ...PLAN, rounds: 1, settleMs: 0, connections: [1, 2] };
  const tokens = await measure(without, 'client-credentials', plan, () => undefined);
  const [atOne, atTwo] = tokens.clientCredentials?.failed ?? [];
  expect([atOne, atTwo]).toMatchObject([
    { peer: 'oauth2-mock-server', connections: 1, error: expect.stringContaining('ENOENT') },
    { peer: 'oauth2-mock-server', connections: 2 },
  ]);
  expect(tokens.clientCredentials?.rates.map(({ peer }) => peer)).toContain('assent');
  const starts = await measure(without, 'start', plan, () => undefined);
  expect(starts.start?.starts.map(({ title }) => title)).toContain('Assent as people start it');
  expect(formatFigures(starts)).toMatch(/^\| oauth2-mock-server \| failed: .*ENOENT.*\|$/m);
});

test('where Assent fails there are no figures', async () => {
  await using load = new LoadProcess();
  await using broken = await startBusyServer(0);
  const own: RunningPeer = { ...broken, target: { ...broken.target, peer: 'assent' } };
  const variant = { algorithm: 'RS256', connections: 1, peers: [own] } as const;
  const question = { kind: 'client credentials', variants: [variant], comparedTo: 'assent' } as const;
  await expect(measureRates(load, question, PLAN, () => undefined)).rejects.toThrow('received 500');
});
