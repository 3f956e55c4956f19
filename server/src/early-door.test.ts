import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { TenantConfigInput } from './contract/index.ts';
import { EarlyDoor } from './early-door.ts';
import { bankTenant, startAssent } from './index.ts';
import { openGround } from './open-ground.ts';
import { checkConfig } from './tenant/config-check.ts';

const ISSUER = 'https://issuer.example/';
const DISCOVERY = '/.well-known/openid-configuration';
const PATHS = [DISCOVERY, '/.well-known/oauth-authorization-server', '/.well-known/jwks.json'];

/** An answer to the byte, but for the second in which it was given. */
async function ask(port: number, method: string, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: issuer.example\r\nConnection: close\r\n\r\n`);
  return (await text(socket)).replace(/^Date: .*$/m, 'Date: then');
}

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

it.each<[string, TenantConfigInput]>([
  ['the bank', bankTenant],
  ['a tenant of the standards', { ...bankTenant, tenant: { name: 'bank', profile: 'standard' } }],
  ['a tenant where clients register themselves', { ...bankTenant, registration: { enabled: true } }],
])('the early door answers to the byte as %s does later', async (_name, input) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assent-early-'));
  try {
    const config = checkConfig(input);
    await using assent = await startAssent({ config: input, issuer: ISSUER, dataFolder, tls: false });
    const ground = await openGround({ config, clock: undefined, keyFolder: dataFolder }, () => undefined);
    const door = new EarlyDoor(Promise.withResolvers<never>().promise);
    door.open({ config, issuer: ISSUER }, ground);
    await using early = await listen((request, response) => door.answer(request, response));
    for (const path of PATHS) {
      for (const method of ['GET', 'HEAD']) {
        const later = await ask(Number(new URL(assent.url).port), method, path);
        expect(later).toMatch(/^HTTP\/1.1 200 OK\r\n/);
        expect(await ask(early.port, method, path)).toBe(later);
      }
    }
  } finally {
    await rm(dataFolder, { recursive: true });
  }
});

it('who comes before the door is open is answered by it, and whoever asks for something else by the world, once', async () => {
  const config = checkConfig(bankTenant);
  const world = Promise.withResolvers<{ answer: RequestListener }>();
  const door = new EarlyDoor(world.promise);
  const arrivals = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using early = await listen((request, response) => {
    door.answer(request, response);
    arrivals[request.url === DISCOVERY ? 0 : 1]?.resolve();
  });
  const discovery = ask(early.port, 'GET', DISCOVERY);
  const other = ask(early.port, 'GET', '/control/live');
  await Promise.all(arrivals.map(({ promise }) => promise));
  door.open(
    { config, issuer: ISSUER },
    await openGround({ config, clock: undefined, keyFolder: undefined }, () => undefined),
  );
  expect(await discovery).toContain(`"issuer":"${ISSUER}"`);
  const asked: string[] = [];
  world.resolve({
    answer: ({ url = '' }, response) => {
      asked.push(url);
      response.end('from the world');
    },
  });
  expect(await other).toContain('from the world');
  expect(asked).toEqual(['/control/live']);
});

it('where no world comes, whoever waits is told', async () => {
  const world = Promise.withResolvers<never>();
  const door = new EarlyDoor(world.promise);
  await using early = await listen((request, response) => {
    door.answer(request, response);
    world.reject(new Error('the rest could not be loaded'));
  });
  expect(await ask(early.port, 'GET', DISCOVERY)).toMatch(/^HTTP\/1.1 503 /);
});

it('a request with a body waits for what reads bodies', async () => {
  const config = checkConfig(bankTenant);
  const door = new EarlyDoor(
    Promise.resolve({ answer: (_request, response) => void response.writeHead(418).end() }),
  );
  door.open(
    { config, issuer: ISSUER },
    await openGround({ config, clock: undefined, keyFolder: undefined }, () => undefined),
  );
  await using early = await listen((request, response) => door.answer(request, response));
  const answer = await fetch(`http://127.0.0.1:${early.port}${DISCOVERY}`, { method: 'POST', body: 'a=b' });
  expect(answer.status).toBe(418);
});
