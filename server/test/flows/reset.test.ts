// A server is put back to its start behind the same address, while agents, pages and tests are connected to it.
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createSystemClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { runCommand } from '../command.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA, arrivals } from '../world.ts';

const clock = createSystemClock();
let running: RunningAssent | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(): Promise<RunningAssent> {
  running = await startAssent({ tls: false, config: unlimitedBank() });
  return running;
}

const keysOf = async ({ url }: RunningAssent) => (await call(`${url}/.well-known/jwks.json`)).json();

describe('after a reset', () => {
  test('nobody has asked, nobody is paired, and numbers of requests begin anew', async () => {
    const assent = await start();
    const agent = new Agent(assent);
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, ADA);
    const before = await agent.askFor();
    await assent.control.approve(before);
    await assent.reset();
    expect(await assent.control.requests()).toEqual([]);
    expect((await agent.poll(before)).json().error).toBe('invalid_grant');
    expect((await ada.call('/approver/inbox')).status).toBe(401);
    const { name } = await assent.control.request(await agent.askFor());
    expect(name).toBe('r1');
  });

  test('the tenant is configured as at the start', async () => {
    const assent = await start();
    const change = { users: [{ user_id: 'auth0|new', name: 'New Person' }] };
    await call(`${assent.url}/control/tenant`, { method: 'PATCH', body: change });
    const people = async () => (await call(`${assent.url}/approver/people`)).text;
    expect(await people()).toContain('New Person');
    expect(await assent.control.reset()).toEqual({ issuer: assent.issuer, tenant: 'bank', requests: 0 });
    expect(await people()).not.toContain('New Person');
  });

  test('address, issuer and keys are the same, so that clients go on with what they have cached', async () => {
    const assent = await start();
    const before = await keysOf(assent);
    await assent.reset();
    expect(await keysOf(assent)).toEqual(before);
    expect((await assent.control.health()).issuer).toBe(assent.issuer);
  });

  test('the command says so, and is told of a server that is not there', async () => {
    const assent = await start();
    await new Agent(assent).askFor();
    const world = { folder: tmpdir(), env: { ASSENT_URL: assent.url } };
    const put = await runCommand(['reset'], world);
    expect([put.code, put.stdout]).toEqual([
      0,
      expect.stringContaining('bank is as at its start: no requests, no devices but its own, '),
    ]);
    expect(await assent.control.requests()).toEqual([]);
    expect(JSON.parse((await runCommand(['reset', '--format', 'json'], world)).stdout)).toEqual({
      issuer: assent.issuer,
      tenant: 'bank',
      requests: 0,
    });
    await assent.close();
    expect((await runCommand(['reset'], world)).code).toBe(3);
  });

  test('a second one, and several at once, do the same', async () => {
    const assent = await start();
    const agent = new Agent(assent);
    await agent.askFor();
    await Promise.all([assent.reset(), assent.control.reset(), assent.control.reset()]);
    expect((await assent.control.request(await agent.askFor())).name).toBe('r1');
  });
});

describe('who is connected meanwhile', () => {
  test('an agent that polls gets answers of one world or of the other, and nothing between', async () => {
    const assent = await start();
    const agent = new Agent(assent);
    const ids = await Promise.all(Array.from({ length: 40 }, () => agent.askFor()));
    const begun = arrivals('/oauth/token', 20);
    const polls = ids.map((id) => agent.poll(id));
    const requests = ids.map(() => agent.ask());
    await begun;
    await assent.reset();
    const errors = new Set((await Promise.all(polls)).map((answer) => answer.json().error));
    expect(
      [...errors].filter((error) => !['authorization_pending', 'invalid_grant'].includes(error)),
    ).toEqual([]);
    expect(new Set((await Promise.all(requests)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('a reader of events comes back where it was and is told of the reset', async () => {
    const assent = await start();
    const agent = new Agent(assent);
    const leave = new AbortController();
    const seen: string[] = [];
    const numbers: number[] = [];
    const reading = (async () => {
      for await (const { type, number } of assent.control.events({ afterNumber: 0, signal: leave.signal })) {
        seen.push(type);
        numbers.push(number);
        if (seen.includes('tenant.reset') && type === 'notification.waiting') leave.abort();
      }
    })();
    await agent.askFor();
    await assent.reset();
    await agent.askFor();
    await reading;
    expect(seen.slice(seen.indexOf('tenant.reset'))).toEqual([
      'tenant.reset',
      'request.received',
      'notification.waiting',
    ]);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('a page is told that it is not paired any more', async () => {
    const assent = await start();
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, ADA);
    await using inbox = await ada.events();
    await inbox.nextOf('ready');
    await assent.reset();
    expect(await inbox.next()).toBeUndefined();
    expect((await ada.call('/approver/events')).json().code).toBe('device_unknown');
  });

  test('whoever waits for the next request goes empty-handed', async () => {
    const assent = await start();
    const begun = arrivals('/control/requests/next', 1);
    const waiting = assent.control.nextApproval({ timeout: 60 });
    await begun;
    await assent.reset();
    expect(await waiting).toBeUndefined();
  });

  test('a poll that is held is let go, and told to ask again', async () => {
    running = await startAssent({ tls: false, config: unlimitedBank(), quickAnswers: true });
    const agent = new Agent(running);
    const authReqId = await agent.askFor();
    const begun = arrivals('/oauth/token', 1);
    const held = agent.poll(authReqId);
    await begun;
    await running.reset();
    const { status, json } = await held;
    expect([status, json().error]).toEqual([503, 'temporarily_unavailable']);
    expect((await agent.poll(authReqId)).json().error).toBe('invalid_grant');
  });

  test('a caller that is still sending when its world has ended is asked to come back', async () => {
    const assent = await start();
    const begun = arrivals('/bc-authorize', 1);
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('scope=openid&'));
        await delay(60_000, undefined, { ref: false });
      },
    });
    const slow = fetch(`${assent.url}/bc-authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      duplex: 'half',
    } as RequestInit);
    await begun;
    await assent.reset();
    const answer = await slow;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'not_ready' });
    expect((await assent.control.health()).status).toBe('ready');
  });

  test('nothing is reset by a GET, and not by a web page of another origin', async () => {
    const { url } = await start();
    expect((await call(`${url}/control/reset`)).status).toBe(405);
    const foreign = { method: 'POST' as const, body: {}, headers: { origin: 'https://evil.example' } };
    expect((await call(`${url}/control/reset`, foreign)).status).toBe(403);
  });

  test('a server that closes during a reset closes', async () => {
    const assent = await start();
    const outcome = assent.reset().then(
      () => 'reset',
      (error: unknown) => (error as { code?: string }).code,
    );
    await assent.close();
    expect(['reset', 'not_ready']).toContain(await outcome);
    await expect(assent.reset()).rejects.toMatchObject({ code: 'not_ready' });
  });
});

test('a stream opened before and one opened after a reset tell of different worlds', async () => {
  const assent = await start();
  await new Agent(assent).askFor();
  await assent.reset();
  await using reader = await EventReader.open(`${assent.url}/control/events`, { 'Last-Event-ID': '0' });
  expect((await reader.next())?.event).toBe('tenant.reset');
});
