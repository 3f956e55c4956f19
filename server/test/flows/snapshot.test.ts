// Everything that changes, taken as one value and put back: in the same process, over HTTP, into another one, in a data file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Snapshot, TenantConfigInput } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA } from '../world.ts';

const folder = await mkdtemp(join(tmpdir(), 'assent-snapshot-'));
const started: RunningAssent[] = [];
let count = 0;

afterEach(async () => {
  for (const assent of started.splice(0)) await assent.close();
});
afterAll(() => rm(folder, { recursive: true }));

interface StartChanges {
  config?: TenantConfigInput;
  issuer?: string;
  dataFile?: string;
}

const ISSUER = 'http://bank.assent.test/';
const clock = createManualClock(Date.now());

async function start(changes: StartChanges = {}): Promise<RunningAssent> {
  const assent = await startAssent({
    tls: false,
    clock,
    issuer: ISSUER,
    config: unlimitedBank(),
    ...changes,
  });
  started.push(assent);
  return assent;
}

const kinds: ReadonlyArray<{ kind: string; options: () => StartChanges }> = [
  { kind: 'in memory', options: () => ({}) },
  {
    kind: 'in a data file',
    options: () => {
      count += 1;
      return { dataFile: join(folder, `${count}.db`) };
    },
  },
];

describe.each(kinds)('a server that keeps everything $kind', ({ options }) => {
  test('goes back to a snapshot: what waited waits, what was decided is decided, who was paired is paired', async () => {
    const assent = await start(options());
    const agent = new Agent(assent);
    const ada = await PairedBrowser.pair({ url: assent.url, clock }, ADA);
    const [waiting, approved, redeemed] = [
      await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) }),
      await agent.askFor(),
      await agent.askFor(),
    ];
    await assent.control.approve(approved);
    await assent.control.approve(redeemed);
    await agent.poll(redeemed);
    const story = await assent.control.trace(redeemed);
    const snapshot = await assent.snapshot();

    await assent.control.deny(waiting);
    await agent.poll(approved);
    await ada.call(`/approver/devices/${ada.device.id}`, { method: 'DELETE' });
    const later = await agent.askFor();
    await assent.restore(snapshot);

    expect(await assent.control.trace(redeemed)).toEqual(story);
    expect((await agent.poll(redeemed)).json().error).toBe('invalid_grant');
    expect((await agent.poll(later)).json().error).toBe('invalid_grant');
    expect((await agent.poll(approved)).status).toBe(200);
    const approval = await assent.control.request(waiting);
    expect(approval.state).toBe('pending');
    expect((await ada.answer(approval, true)).status).toBe(200);
    expect((await agent.poll(waiting)).json().authorization_details).toEqual([TRANSFER]);
    expect((await assent.control.request(await agent.askFor())).name).toBe('r4');
  });

  test('gives over HTTP what it gives in the process, and takes it there', async () => {
    const assent = await start(options());
    const agent = new Agent(assent);
    const authReqId = await agent.askFor();
    const snapshot = await assent.snapshot();
    expect(await assent.control.snapshot()).toEqual(snapshot);
    await assent.control.deny(authReqId);
    expect(await assent.control.restore(JSON.parse(JSON.stringify(snapshot)))).toMatchObject({ requests: 1 });
    expect((await assent.control.request(authReqId)).state).toBe('pending');
  });

  test('paces an agent after the snapshot as before it', async () => {
    const assent = await start(options());
    const agent = new Agent(assent);
    const authReqId = await agent.askFor();
    await agent.poll(authReqId);
    const snapshot = await assent.snapshot();
    clock.advance(60_000);
    expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
    await assent.restore(snapshot);
    expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
    const early = await assent.snapshot();
    expect((await agent.poll(authReqId)).json().error).toBe('slow_down');
    await assent.restore(early);
    expect((await agent.poll(authReqId)).json().error).toBe('slow_down');
  });
});

test('time, rules and faults are in it too, and are forgotten by a reset', async () => {
  const assent = await startAssent({ tls: false, config: unlimitedBank() });
  started.push(assent);
  const { control } = assent;
  const agent = new Agent(assent);
  const authReqId = await agent.askFor({ requested_expiry: '300' });
  await control.clock.advance(100_000);
  await control.rules.add({ answer: 'deny', reason: 'by rule' });
  await control.faults.inject({
    on: 'backchannel_authentication',
    does: { kind: 'answer', status: 503 },
    times: 1,
  });
  const state = async () => ({
    rules: (await control.rules.list()).map(({ answer }) => answer),
    faults: (await control.faults.list()).map(({ on }) => on),
    isMoved: (await control.clock.read()).offset_ms > 90_000,
  });
  const before = await state();
  expect(before).toEqual({ rules: ['deny'], faults: ['backchannel_authentication'], isMoved: true });
  const snapshot = await assent.snapshot();

  await assent.reset();
  expect(await state()).toEqual({ rules: [], faults: [], isMoved: false });
  await assent.restore(snapshot);
  expect(await state()).toEqual(before);
  expect((await control.request(authReqId)).state).toBe('pending');
  expect((await agent.ask()).status).toBe(503);
  expect((await control.request(await agent.askFor())).name).toBe('r2');
  await control.clock.advance(200_000);
  expect((await control.request(authReqId)).state).toBe('expired');
});

test('there is none of a server that has been closed', async () => {
  const assent = await start();
  await assent.close();
  await expect(assent.snapshot()).rejects.toMatchObject({ code: 'not_ready' });
});

test('a snapshot opens in another process, whose tokens are signed with the key of then', async () => {
  const first = await start();
  const agent = new Agent(first);
  const authReqId = await agent.askFor();
  await first.control.approve(authReqId);
  const keys = createLocalJWKSet((await call(`${first.url}/.well-known/jwks.json`)).json());
  const snapshot = await first.snapshot();
  const second = await start();
  await second.restore(snapshot);
  const tokens = (await new Agent(second).poll(authReqId)).json();
  const { payload } = await jwtVerify(tokens.access_token, keys, { issuer: ISSUER, audience: TRANSFERS });
  expect(payload.sub).toBe(ADA);
});

test('a data file holds what was restored, also for the next process', async () => {
  const dataFile = join(folder, 'next.db');
  const first = await start({ dataFile });
  const agent = new Agent(first);
  const authReqId = await agent.askFor();
  const snapshot = await first.snapshot();
  await first.control.deny(authReqId);
  await first.restore(snapshot);
  await first.close();
  const second = await start({ dataFile });
  expect((await second.control.request(authReqId)).state).toBe('pending');
});

test('no number of an event is given twice by going back', async () => {
  const assent = await start();
  const agent = new Agent(assent);
  const snapshot = await assent.snapshot();
  for (let n = 0; n < 5; n += 1) await agent.askFor();
  const last = (await assent.control.trace('latest')).at(-1)?.number ?? 0;
  await assent.restore(snapshot);
  await agent.askFor();
  expect((await assent.control.trace('latest')).at(0)?.number).toBeGreaterThan(last);
});

describe('a snapshot that does not fit is refused, and nothing has changed', () => {
  const refused = async (change: (snapshot: Snapshot) => unknown, other: StartChanges = {}) => {
    const snapshot = await (await start(other)).snapshot();
    const assent = await start();
    const authReqId = await new Agent(assent).askFor();
    const body = change(snapshot) as object;
    const answer = await call(`${assent.url}/control/snapshot`, { method: 'PUT', body });
    expect((await assent.control.request(authReqId)).state).toBe('pending');
    return { status: answer.status, ...answer.json() };
  };

  test('one of another issuer', async () => {
    const answer = await refused((snapshot) => snapshot, { issuer: 'http://other.assent.test/' });
    expect([answer.status, answer.code]).toEqual([409, 'snapshot_unusable']);
    expect(answer.detail).toBe(
      'Received a snapshot of the issuer http://other.assent.test/, expected one of http://bank.assent.test/.',
    );
  });

  test('one of another tenant, or of another tenant file', async () => {
    const other = { ...unlimitedBank(), tenant: { name: 'other' } };
    expect((await refused((snapshot) => snapshot, { config: other })).detail).toContain('"other"');
    const changed = { ...unlimitedBank(), tenant: { name: 'bank', friendly_name: 'Other' } };
    expect((await refused((snapshot) => snapshot, { config: changed })).detail).toContain(
      'another tenant file',
    );
  });

  test('one of another version', async () => {
    const answer = await refused((snapshot) => ({ ...snapshot, version: 2, more: true }));
    expect([answer.status, answer.detail]).toEqual([
      409,
      'Received a snapshot of version 2, expected version 1.',
    ]);
  });

  test.each(kinds)('one whose tenant opens and cannot go on, $kind', async ({ options }) => {
    const assent = await start(options());
    const agent = new Agent(assent);
    const authReqId = await agent.askFor();
    const { id } = await assent.control.request(authReqId);
    const snapshot = await assent.snapshot();
    const owed = { collection: 'owed-answers', id, version: 1, expires_at: null, value: {} };
    await assent.control.deny(authReqId);
    await expect(
      assent.restore({ ...snapshot, documents: [...snapshot.documents, owed] }),
    ).rejects.toMatchObject({ code: 'snapshot_unusable' });
    expect((await assent.control.request(authReqId)).state).toBe('denied');
    expect((await agent.ask()).status).toBe(200);
  });

  test('and what is none', async () => {
    const answer = await refused(() => ({ hello: 'world' }));
    expect([answer.status, answer.code]).toEqual([400, 'snapshot_unusable']);
    const broken = await refused((snapshot) => ({ ...snapshot, memory: { trace: [{ type: 'nonsense' }] } }));
    expect([broken.status, broken.code]).toEqual([400, 'snapshot_unusable']);
  });

  const tampered: ReadonlyArray<[name: string, collection: string, value: (found: object) => unknown]> = [
    ['a request that is none', 'approvals', () => null],
    ['a request without its times', 'approvals', (found) => ({ ...found, requestedAtMs: 'x' })],
    ['a fault without a plan', 'faults', (found) => ({ ...found, plan: null })],
    ['a clock beyond all calendars', 'clock', () => ({ ms: 1e308 })],
    ['a clock that shows a text', 'clock', () => ({ ms: 'x' })],
    ['a signing key that signs nothing', 'signing-keys', (found) => ({ ...found, n: 'x' })],
    ['a counter that is none', 'counters', () => 'x'],
  ];

  test.each(tampered)('and one that somebody changed: %s', async (_name, collection, value) => {
    for (const { options } of kinds) {
      const assent = await start(options());
      const agent = new Agent(assent);
      const authReqId = await agent.askFor();
      await assent.control.clock.advance(1);
      await assent.control.faults.inject({ on: '/nowhere', does: { kind: 'drop', when: 'before' } });
      const snapshot = await assent.snapshot();
      const documents = snapshot.documents.map((one) =>
        one.collection === collection ? { ...one, value: value(one.value as object) } : one,
      );
      const later = await agent.askFor();
      const answer = await call(`${assent.url}/control/snapshot`, {
        method: 'PUT',
        body: { ...snapshot, documents },
      });
      expect(answer.status).toBe(400);
      expect((await assent.control.request(later)).state).toBe('pending');
      await assent.control.approve(authReqId);
      expect((await agent.poll(authReqId)).status).toBe(200);
      await assent.restore(snapshot);
      expect((await assent.control.request(authReqId)).state).toBe('pending');
    }
  });

  test('a number of events beyond all counting does not stop the counting', async () => {
    const assent = await start();
    await new Agent(assent).askFor();
    const snapshot = await assent.snapshot();
    const trace = (snapshot.memory['trace'] as object[]).map((event) => ({
      ...event,
      number: Number.MAX_SAFE_INTEGER,
    }));
    await assent.restore({ ...snapshot, memory: { ...snapshot.memory, trace } });
    await new Agent(assent).askFor();
    const numbers = (await assent.control.trace('latest')).map(({ number }) => number);
    expect(numbers.every((number) => number < 1e6)).toBe(true);
    await assent.restore(snapshot);
  });
});
