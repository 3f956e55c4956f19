import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { EventReader } from '../../test/event-reader.ts';
import { createMovableClock } from '../clock.ts';
import { tenantConfigSchema } from '../contract/index.ts';
import { createRandomIds } from '../ids.ts';
import { mountRoutes } from '../routes.ts';
import type { Store } from '../store.ts';
import { createMemoryStore, createTenant, SigningKeys } from '../tenant/index.ts';
import { controlRoutes } from './control-routes.ts';
import { answerProblems } from './problem-responses.ts';

/** The control API alone, over an empty tenant. */
async function serve(isReady: () => boolean, changeStore = (store: Store): Store => store) {
  const clock = createMovableClock();
  const store = changeStore(createMemoryStore(clock));
  const tenant = await createTenant({
    config: tenantConfigSchema.parse({}),
    issuer: 'https://bank.assent.example/',
    clock,
    ids: createRandomIds(),
    store,
    keys: new SigningKeys([], store),
    ports: { announce: () => {}, settle: async () => {} },
  });
  const shutdown = new AbortController();
  const routes = controlRoutes({
    tenant,
    faults: { active: () => [] },
    stepping: { plan: { break_points: [], slow_ms: 0, outlast: false }, heldCount: 0 },
    isReady,
    version: '1.2.3',
    startedAtMs: 0,
    shutdown: shutdown.signal,
  });
  const begun = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const app = new Koa()
    .use(async (_ctx, next) => {
      const answering = next();
      begun.resolve();
      await answering;
      answered.resolve();
    })
    .use(answerProblems())
    .use(mountRoutes(routes));
  // Readers that leave in the middle of a stream are expected here.
  app.silent = true;
  const server = createServer(app.callback());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tenant,
    shutdown,
    /** The first call has reached its route, and has left it. */
    begun: begun.promise,
    answered: answered.promise,
    async [Symbol.asyncDispose]() {
      shutdown.abort();
      server.closeAllConnections();
      server.close();
      await Promise.all([once(server, 'close'), tenant.close()]);
    },
  };
}

test('health says ready only when the server is', async () => {
  let isReady = false;
  await using server = await serve(() => isReady);
  const early = await fetch(`${server.url}/control/health`);
  expect([early.status, await early.json()]).toEqual([503, expect.objectContaining({ code: 'not_ready' })]);
  isReady = true;
  expect((await fetch(`${server.url}/control/health`)).status).toBe(200);
});

test('a server whose disk has gone is alive and not ready, and says why', async () => {
  let isBroken = false;
  await using server = await serve(
    () => true,
    (store) => ({
      ...store,
      collection: (name) => {
        if (isBroken) throw new Error('disk I/O error');
        return store.collection(name);
      },
    }),
  );
  isBroken = true;
  const ready = await fetch(`${server.url}/control/health`);
  expect([ready.status, ((await ready.json()) as { detail: string }).detail]).toEqual([
    503,
    'What the server keeps cannot be read: disk I/O error',
  ]);
  const alive = await fetch(`${server.url}/control/live`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }]);
});

test('a long story is caught up on whole, far beyond what is buffered for a reader', async () => {
  await using server = await serve(() => true);
  const { log } = server.tenant;
  const append = () =>
    log.append({ type: 'request.refused', error: 'invalid_request', hint: 'x'.repeat(1_000) });
  const eventCount = 4_000;
  for (let number = 1; number <= eventCount; number += 1) append();

  await using reader = await EventReader.open(`${server.url}/control/events`, { 'Last-Event-ID': '0' });
  for (let number = 1; number <= eventCount; number += 1) {
    // Half of the way, more happens.
    if (number === eventCount / 2) append();
    expect((await reader.next())?.id).toBe(String(number));
  }
  expect((await reader.next())?.id).toBe(String(eventCount + 1));
  append();
  expect((await reader.next())?.id).toBe(String(eventCount + 2));
});

test('nobody waits for the next request of a server that stops', async () => {
  await using server = await serve(() => true);
  const waiting = fetch(`${server.url}/control/requests/next?timeout=60`);
  await server.begun;
  server.shutdown.abort();
  expect((await waiting).status).toBe(204);
});

test('nothing waits on behalf of a caller that has left', async () => {
  await using server = await serve(() => true);
  const departure = new AbortController();
  const waiting = fetch(`${server.url}/control/requests/next?timeout=60`, { signal: departure.signal });
  await server.begun;
  departure.abort();
  await expect(waiting).rejects.toThrow('aborted');
  await server.answered;
});
