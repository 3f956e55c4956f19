// Keys that a client publishes at its jwks_uri: OpenID Connect Core §10.1.1. A real server gives them out and counts who asks.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bankTenant, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { assembleJwt, SigningClient } from './signing-client.ts';

class KeyServer {
  readonly #server: Server;
  asked = 0;
  answer: (response: ServerResponse, request: IncomingMessage) => unknown = (response) => response.end('{}');

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked += 1;
      this.answer(response, request);
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the keys have no address');
    return `http://localhost:${address.port}/jwks`;
  }

  publish(...clients: readonly SigningClient[]): void {
    const body = JSON.stringify({ keys: clients.map(({ publicKey }) => publicKey) });
    this.answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

let keys: KeyServer;
let url: string;
let client: SigningClient;
let assent: RunningAssent;

const start = (hosts: string[], jwks_uri = url): Promise<RunningAssent> => {
  const { jwks: _jwks, ...published } = client.config();
  return startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [...(bankTenant.clients ?? []), { ...published, jwks_uri }],
      ciba: { notification_hosts: hosts },
    }),
  });
};

beforeEach(async () => {
  keys = new KeyServer();
  url = await keys.open();
  client = await SigningClient.create('publisher', 'ES256', 'first');
  keys.publish(client);
  assent = await start(['localhost']);
});
afterEach(async () => {
  await assent.close();
  await keys.close();
});

/** A signed request, by an authenticated client: both need its keys. */
async function ask(by = client): Promise<Answer> {
  const agent = new Agent(assent, { client_id: undefined, client_secret: undefined });
  return agent.post('/bc-authorize', {
    ...(await by.assert(assent.issuer)),
    request: await by.request(assent.issuer),
  });
}

it('are fetched when they are needed, and once', async () => {
  expect(keys.asked).toBe(0);
  expect((await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await ask()).status).toBe(200);
  expect(keys.asked).toBe(1);
});

it('are fetched again for a key id that is not among them', async () => {
  expect((await ask()).status).toBe(200);
  const next = await SigningClient.create('publisher', 'ES256', 'second');
  keys.publish(next);
  expect((await ask(next)).status).toBe(200);
  expect(keys.asked).toBe(2);
  expect((await ask(client)).status).toBe(401);
});

it('are not fetched for each wrong guess', async () => {
  expect((await ask()).status).toBe(200);
  for (let guess = 0; guess < 10; guess += 1) {
    const stranger = await SigningClient.create('publisher', 'ES256', `guess-${guess}`);
    expect((await ask(stranger)).status).toBe(401);
  }
  expect(keys.asked).toBe(2);
});

it.each<[string, KeyServer['answer']]>([
  ['with an error', (response) => response.writeHead(500).end()],
  ['with another address', (response) => response.writeHead(302, { location: '/jwks' }).end()],
  ['with no key set', (response) => response.end('[1, 2, 3]')],
  ['with no JSON', (response) => response.end('<html></html>')],
  ['with more than anybody has keys', (response) => response.end(`{"keys":[${' '.repeat(2_000_000)}]}`)],
  ['by hanging up', (response) => response.destroy()],
])('that are answered %s prove nobody', async (_what, answer) => {
  keys.answer = answer;
  const refused = await ask();
  expect([refused.status, refused.json().error]).toEqual([401, 'invalid_client']);
  expect(keys.asked).toBe(1);
  // The agent learns no more; whoever runs it reads why.
  for await (const event of assent.control.events({ afterNumber: 0 })) {
    if (event.type !== 'request.refused') continue;
    expect([event.client_id, event.hint]).toEqual([
      'publisher',
      expect.stringContaining(`the keys at ${url} could not be fetched: `),
    ]);
    return;
  }
});

it.each<[string, Record<string, unknown>]>([
  ['is too short', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })],
  ['may do what no public key does', { key_ops: ['verify', 'sign'] }],
  ['has a use that is none', { use: 5 }],
  ['is no secret any more', { d: 'AAAA' }],
  ['is none', { x: 'AAAA' }],
])('of which one %s prove nothing by it, and leave the others as they are', async (_what, members) => {
  const odd = await SigningClient.create('publisher', 'ES256', 'odd');
  const kept = 'kty' in members ? {} : odd.publicKey;
  const body = JSON.stringify({ keys: [{ ...kept, kid: 'odd', ...members }, client.publicKey] });
  keys.answer = (response) => response.end(body);
  expect((await ask()).status).toBe(200);

  const alg = 'kty' in members ? 'PS256' : 'ES256';
  const request = assembleJwt({ alg, kid: 'odd' }, { iss: 'publisher' }, 'AAAA');
  const agent = new Agent(assent, { client_id: undefined, client_secret: undefined });
  for (const about of [{ request }, { scope: 'openid', login_hint_token: request }]) {
    const answer = await agent.post('/bc-authorize', {
      ...(await client.assert(assent.issuer)),
      login_hint: undefined,
      scope: undefined,
      binding_message: undefined,
      ...about,
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  }
  expect((await ask(odd)).status).toBe(401);
});

it('are not fetched from this computer where nobody has named its host', async () => {
  await expect(start([])).rejects.toThrow('config has 1 problem');
  await expect(start([], url.replace('http:', 'https:'))).rejects.toThrow('config has 1 problem');
  expect(keys.asked).toBe(0);
});
