// What `startAssent` takes and refuses before it answers anybody: the issuer, the port, and how it is closed.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { bankTenant, type RunningAssent, type StartOptions, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

const running: RunningAssent[] = [];

async function start(options: StartOptions): Promise<RunningAssent> {
  const assent = await startAssent(options);
  running.push(assent);
  return assent;
}

afterEach(() => Promise.all(running.splice(0).map((assent) => assent.close())));

describe('the issuer', () => {
  test('may be an IPv6 address, which the certificate then names', async () => {
    const { url, issuer, ca = '' } = await start({ issuer: 'https://[::1]:4443/' });
    expect(issuer).toBe('https://[::1]:4443/');
    const discovery = `${url}/.well-known/openid-configuration`;
    const answer = await call(discovery, { ca, headers: { Host: '[::1]:4443' } });
    expect(answer.json().issuer).toBe('https://[::1]:4443/');
  });

  test('may leave out the slash at its end', async () => {
    const { issuer } = await start({ issuer: 'http://auth0.test:8080', tls: false });
    expect(issuer).toBe('http://auth0.test:8080/');
  });

  test.each([
    'https://:password@auth0.test/',
    'https://ada@auth0.test/',
    'https://auth0.test/?',
    'https://auth0.test/#',
    'https://auth0.test/tenant',
    'https://*.test/',
    'ftp://auth0.test/',
    'auth0.test',
    '',
  ])('%j is refused with what is expected', async (issuer) => {
    await expect(start({ issuer })).rejects.toMatchObject({
      code: 'usage',
      message: `The issuer "${issuer}" is not usable, expected https://HOST[:PORT]/ with one host and no path.`,
      hint: 'assent --issuer https://auth0.test/ --port 443',
    });
  });
});

test.each<[string, () => unknown, string]>([
  ['a big integer', () => 1n, 'a bigint'],
  ['a function', () => () => 1, 'a function'],
  [
    'what leads back to itself',
    () => {
      const circle: Record<string, unknown> = {};
      circle['again'] = circle;
      return circle;
    },
    'members that lead back to themselves, or too deep',
  ],
])(
  'a tenant that a program wrote with %s in it is refused with what is expected',
  async (_what, make, received) => {
    const [ada, ...others] = bankTenant.users ?? [];
    if (!ada) throw new Error('the bank has nobody');
    const users = [{ ...ada, app_metadata: { odd: make() } }, ...others];
    await expect(start({ tls: false, config: { ...bankTenant, users } })).rejects.toMatchObject({
      code: 'config_invalid',
      findings: [expect.stringContaining(`received ${received}, expected what JSON can carry`)],
    });
  },
);

test('whoever is told of events and changes them does not change the story', async () => {
  let told = 0;
  const assent = await start({
    tls: false,
    config: unlimitedBank(),
    onEvent(event) {
      told += 1;
      if (event.type === 'request.received') event.consent.summary = 'changed';
    },
  });
  const authReqId = await new Agent(assent).askFor();
  const received = (await assent.control.trace(authReqId)).find(({ type }) => type === 'request.received');
  expect(received).not.toMatchObject({ consent: { summary: 'changed' } });
  expect([told > 0, received?.type]).toEqual([true, 'request.received']);
});

describe('the port', () => {
  test.each([-1, 1.5, Number.NaN, 65_536])('%d is refused with what is expected', async (port) => {
    await expect(start({ port, tls: false })).rejects.toMatchObject({
      code: 'usage',
      message: `The port is ${port}, expected a whole number from 0 to 65535.`,
    });
  });
});

describe('clients', () => {
  test('that pass the check can ask, whatever else they are', async () => {
    const [aiya, ...others] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    const unusual: ReadonlyArray<Partial<typeof aiya>> = [
      {
        app_type: 'native',
        callbacks: ['com.example.app:/cb', 'http://localhost/cb', 'https://app.example'],
      },
      { app_type: 'spa', callbacks: ['http://*.test/cb'], allowed_logout_urls: ['myapp://bye#fragment'] },
      { client_secret: ` !"#~`, callbacks: [] },
    ];
    for (const changes of unusual) {
      const config = unlimitedBank({ clients: [{ ...aiya, ...changes }, ...others] });
      const assent = await start({ tls: false, config });
      const agent = new Agent(assent, { client_secret: changes.client_secret ?? aiya.client_secret });
      expect(await agent.ask()).toMatchObject({ status: 200 });
    }
  });

  test('whose requests would all fail keep the server from starting', async () => {
    const [aiya] = bankTenant.clients ?? [];
    if (!aiya) throw new Error('the bank has no client');
    await expect(
      start({ tls: false, config: { clients: [{ ...aiya, callbacks: ['/cb'] }] } }),
    ).rejects.toMatchObject({
      code: 'config_invalid',
      findings: [expect.stringContaining('clients[0].callbacks[0]  received "/cb", expected a whole URL.')],
    });
  });
});

describe('closing', () => {
  test('a second time resolves when the first one has finished', async () => {
    const { url, close } = await start({ tls: false });
    const port = Number(new URL(url).port);
    // A request that never ends keeps the first close waiting.
    const slow = connect(port, '127.0.0.1');
    slow.write('GET /control/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(slow, 'data');
    let isFirstFinished = false;
    const first = close().then(() => {
      isFirstFinished = true;
    });
    slow.on('error', () => undefined);
    await close();
    expect(isFirstFinished).toBe(true);
    await first;
    expect((await start({ port, tls: false })).url).toBe(url);
  });
});
