// CIBA Core 1.0 §10.2: ping.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'vitest';
import { openChapter } from '../lab/chapter.ts';
import { expectRefusal, expectTokens } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';

const { requirement, startLab } = openChapter();

/** Everything that was under way when another client's callback is through. */
async function afterAnotherCallback(lab: Lab): Promise<void> {
  await lab.complete('signing_ping');
}

requirement('CIBA-10.2-01', async (lab) => {
  const authReqId = await lab.client('ping').askFor();
  await lab.control.approve(authReqId);
  const [callback] = await lab.callbacks.arrival(authReqId);
  expect([callback?.method, callback?.path]).toEqual(['POST', '/ping']);
  await afterAnotherCallback(lab);
  await lab.advance(60_000);
  expect(lab.callbacks.of({ authReqId })).toHaveLength(1);
});

requirement('CIBA-10.2-02', async (lab) => {
  const client = lab.client('ping');
  const authReqId = await client.askFor();
  await lab.control.deny(authReqId);
  await lab.callbacks.arrival(authReqId);
  expectRefusal(await client.poll(authReqId), 400, 'access_denied');
  await lab.advance(60_000);
  await afterAnotherCallback(lab);
  expect(lab.callbacks.of({ authReqId })).toHaveLength(1);
});

requirement('CIBA-10.2-03', async (lab) => {
  const tokens = ['token-of-the-first~1', 'token-of-the-second~2'];
  const asked = [];
  for (const client_notification_token of tokens)
    asked.push(await lab.client('ping').askFor({ client_notification_token }));
  await Promise.all(asked.map((authReqId) => lab.control.approve(authReqId)));
  for (const [index, authReqId] of asked.entries()) {
    const [callback] = await lab.callbacks.arrival(authReqId);
    expect(callback?.headers.authorization).toBe(`Bearer ${tokens[index]}`);
  }
  const [pushed] = await pushOf(lab, 'token-of-the-third~3');
  expect(pushed?.headers.authorization).toBe('Bearer token-of-the-third~3');
});

async function pushOf(lab: Lab, client_notification_token: string) {
  const authReqId = await lab.client('push').askFor({ client_notification_token });
  await lab.control.approve(authReqId);
  return lab.callbacks.arrival(authReqId);
}

requirement('CIBA-10.2-04', async (lab) => {
  const authReqId = await lab.client('ping').askFor();
  await lab.control.approve(authReqId);
  const [callback] = await lab.callbacks.arrival(authReqId);
  expect(callback?.headers['content-type']).toMatch(/^application\/json\b/);
  expect(callback?.json()).toEqual({ auth_req_id: authReqId });
});

requirement('CIBA-10.2-06', async (lab) => {
  const answers: ReadonlyArray<readonly [status: number, type: string, body: string]> = [
    [204, '', ''],
    [200, 'application/json', '{"error":"x"}'],
    [200, 'text/html', '<p>thanks</p>'],
  ];
  for (const [status, type, body] of answers) {
    for (const name of ['ping', 'push']) {
      lab.callbacks.reply(`/${name}`, (response) =>
        response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body),
      );
      const { authReqId, tokens } = await lab.complete(name);
      expect(tokens['access_token']).toEqual(expect.any(String));
      await lab.advance(120_000);
      await afterAnotherCallback(lab);
      expect(lab.callbacks.of({ authReqId })).toHaveLength(1);
    }
  }
});

requirement('CIBA-10.2-07', async (lab) => {
  for (const status of [301, 302, 303, 307, 308]) {
    lab.callbacks.reply('/ping', (response) =>
      response.writeHead(status, { location: lab.callbacks.url('/elsewhere') }).end(),
    );
    const client = lab.client('ping');
    const authReqId = await client.askFor();
    await lab.control.approve(authReqId);
    await lab.callbacks.arrival(authReqId);
    await afterAnotherCallback(lab);
    expectTokens(await lab.pollPaced(client, authReqId));
    lab.callbacks.clearReplies();
  }
  expect(lab.callbacks.of({ path: '/elsewhere' })).toEqual([]);
});

requirement('CIBA-10.2-08', async (lab) => {
  for (const status of [401, 403]) {
    lab.callbacks.reply('/ping', status);
    const client = lab.client('ping');
    const authReqId = await client.askFor();
    await lab.control.approve(authReqId);
    await lab.callbacks.arrival(authReqId);
    await lab.advance(15_000);
    await afterAnotherCallback(lab);
    expect(lab.callbacks.of({ authReqId })).toHaveLength(1);
    expectTokens(await client.poll(authReqId));
    lab.callbacks.clearReplies();
  }
});

requirement('CIBA-10.2-09', async (lab) => {
  const client = lab.client('ping');
  // One that breaks, and one that never answers.
  for (const reply of [500, (): void => undefined]) {
    lab.callbacks.reply('/ping', reply);
    const authReqId = await client.askFor();
    expect((await lab.control.approve(authReqId)).result).toBe('decided');
    await lab.callbacks.arrival(authReqId);
    expectTokens(await lab.pollPaced(client, authReqId));
    lab.callbacks.clearReplies();
  }
  const closed = `http://localhost:${await closedPort()}/ping`;
  await using without = await startLab('standard', (config) => ({
    ...config,
    clients: (config.clients ?? []).map((one) =>
      one.client_id === 'lab-ping' ? { ...one, backchannel_client_notification_endpoint: closed } : one,
    ),
  }));
  const authReqId = await without.client('ping').askFor();
  expect((await without.control.approve(authReqId)).result).toBe('decided');
  expectTokens(await without.pollPaced(without.client('ping'), authReqId));
});

requirement('CIBA-10.2-10', async (lab) => {
  const client = lab.client('ping');
  const client_notification_token = 'token-of-an-expired-request';
  const authReqId = await client.askFor({ requested_expiry: '10', client_notification_token });
  await lab.advance(12_000);
  await afterAnotherCallback(lab);
  const callbacks = lab.callbacks.of({ authReqId });
  expect(callbacks.length).toBeLessThanOrEqual(1);
  for (const callback of callbacks) {
    expect(callback.headers.authorization).toBe(`Bearer ${client_notification_token}`);
    expect(callback.json()).toEqual({ auth_req_id: authReqId });
  }
  expectRefusal(await client.poll(authReqId), 400, 'expired_token');
});

async function closedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const closed = once(probe, 'close');
  probe.close();
  await closed;
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
