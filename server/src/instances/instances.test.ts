// Instances on one real Redis, by a clock that stands still: what is to be done is done, also where the store goes away meanwhile.
import { hostname } from 'node:os';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startRedis } from '../../test/redis-server.ts';
import { createManualClock } from '../clock.ts';
import { createRandomIds } from '../ids.ts';
import { Problem } from '../problem.ts';
import type { Collection, Store } from '../store.ts';
import { createMemoryStore } from '../tenant/memory-store.ts';
import { openRedisStore } from '../tenant/redis/redis-store.ts';
import { MEMBERS, REVISIONS } from './collections.ts';
import { Instances } from './instances.ts';
import { foundingMark } from './revision.ts';

const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
const opened: Store[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => redis[Symbol.asyncDispose]());

async function open(clock = createManualClock(Date.now())) {
  const ids = createRandomIds();
  const processId = ids.make('', 12);
  const store = await openRedisStore({ url: redis.url, tenant: 'bank', clock, processId, patienceMs: 1_000 });
  opened.push(store);
  return { clock, instances: await Instances.open({ store, clock, ids, issuer: 'https://assent.test/' }) };
}

test('an heir that the store fails while it takes over begins anew with its next beat', async () => {
  const heir = await open();
  const { instances: leaving } = await open();
  let tries = 0;
  const { promise: isFirst, resolve: first } = Promise.withResolvers<void>();
  const { promise: isSecond, resolve: second } = Promise.withResolvers<void>();
  await heir.instances.begin();
  heir.instances.addTakeOver(async () => {
    tries += 1;
    if (tries > 1) return second();
    first();
    throw new Problem('store_unavailable', 'What this server keeps cannot be used right now.');
  });
  await leaving.close();
  await isFirst;
  await expect
    .poll(() => {
      heir.clock.advance(2_000);
      return tries;
    })
    .toBe(2);
  await isSecond;
  expect(await heir.instances.count()).toBe(1);
  await heir.instances.close();
});

test('a change that could not be told, because the store went away, is told with the next beat', async () => {
  const { clock, instances: one } = await open();
  const { instances: other } = await open();
  const read: string[] = [];
  one.addRefresh(async () => void read.push('one'));
  other.addRefresh(async () => void read.push('other'));
  await one.begin();
  await one.changed();
  await other.catchUp();
  // What it changed itself it knows.
  expect(read).toEqual(['other']);
  await redis.kill();
  await expect(one.changed()).rejects.toMatchObject({ code: 'store_unavailable' });
  await redis.start();
  await expect
    .poll(async () => {
      clock.advance(2_000);
      await other.catchUp();
      return read;
    })
    .toEqual(expect.arrayContaining(['one', 'other', 'other']));
  await one.close();
  await other.close();
});

test('one in another container, whose computer has the same name, is there for as long as it beats', async () => {
  const { instances, clock } = await open();
  const members = (opened.at(-1) as Store).collection<object>(MEMBERS);
  // The first process of each container has the same number, and another start.
  for (const pid of [process.pid, 2 ** 22 + 1])
    await members.insert(`ins_${pid}`, { host: hostname(), pid, startedAtMs: 0, beat: 1, pending: 0 });
  await instances.begin();
  expect(await instances.count()).toBe(3);
  clock.advance(8_000);
  await expect.poll(() => instances.count()).toBe(1);
  await instances.close();
});

test('of two changes at once the one that could not be told is told later, also where the other one could', async () => {
  const clock = createManualClock(Date.now());
  const store = createMemoryStore(clock);
  type Write = () => Promise<boolean>;
  const { promise: firstMayGo, resolve: letFirstGo } = Promise.withResolvers<void>();
  const { promise: secondFails, reject: failSecond } = Promise.withResolvers<never>();
  const turns: Array<(write: Write) => Promise<boolean>> = [
    (write) => firstMayGo.then(write),
    () => secondFails,
  ];
  const revisions = store.collection<object>(REVISIONS);
  const collection = <T>(name: string): Collection<T> => {
    const documents = store.collection<T>(name);
    if (name !== REVISIONS) return documents;
    return {
      ...documents,
      get: (id) => documents.get(id),
      insert: (...words) => documents.insert(...words),
      remove: (id) => documents.remove(id),
      replace: (...words) =>
        (turns.shift() ?? ((write: Write) => write()))(() => documents.replace(...words)),
    };
  };
  const parts = { store: { collection, bus: store.bus, isShared: true }, clock, ids: createRandomIds() };
  const instances = await Instances.open({ ...parts, issuer: 'https://assent.test/' });
  const first = instances.changed();
  await expect.poll(() => turns.length).toBe(1);
  const second = expect(instances.changed()).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect.poll(() => turns.length).toBe(0);
  letFirstGo();
  await first;
  failSecond(new Problem('store_unavailable', 'What this server keeps cannot be used right now.'));
  await second;
  const told = async () => (await revisions.get('current'))?.version;
  const before = await told();
  await instances.catchUp();
  expect([before, await told()]).toEqual([2, 3]);
  await instances.close();
});

test('a beginning that this very server has given up is waited for by nobody', async () => {
  const clock = createManualClock(Date.now());
  const url = 'http://localhost:4443';
  const store = createMemoryStore(clock);
  await store.refill([foundingMark(url)]);
  const parts = { store: { ...store, isShared: true }, clock, ids: createRandomIds() };
  const instances = await Instances.open({ ...parts, issuer: 'https://assent.test/', url });
  expect((await store.dump()).map(({ collection, id }) => `${collection} ${id}`)).toContain(
    'revisions current',
  );
  await instances.close();
});
