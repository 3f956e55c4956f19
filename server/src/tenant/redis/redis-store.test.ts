// What only the shared store must show: that it is shared, that it outlives connections and the server, and what it says of a
// server that is none of ours.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { nextWarning } from '../../../test/next-warning.ts';
import { startRedis, type TestRedis } from '../../../test/redis-server.ts';
import { createManualClock, createSystemClock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { describeStore } from '../store.suite.ts';
import { openRedisStore, type RedisStoreOptions } from './redis-store.ts';

const redis = await startRedis();
const others: TestRedis[] = [];
const opened: Store[] = [];
let count = 0;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await Promise.all(others.splice(0).map((other) => other[Symbol.asyncDispose]()));
});

afterAll(() => redis[Symbol.asyncDispose]());

const clock = createSystemClock();

async function open(changes: Partial<RedisStoreOptions> = {}): Promise<Store> {
  count += 1;
  const options = { url: redis.url, tenant: 'bank', clock, processId: `p${count}`, ...changes };
  const store = await openRedisStore(options);
  opened.push(store);
  return store;
}

/** A server of a test's own, which may come to harm. */
async function startOther(...settings: string[]): Promise<TestRedis> {
  const other = await startRedis(...settings);
  others.push(other);
  return other;
}

describeStore('the store in Redis', (manualClock) => open({ clock: manualClock, tenant: `suite-${count}` }), {
  many: 1_000,
});

interface Note {
  text: string;
  owner?: string;
}

const BOUNDS = { mostEntries: 1_000, mostCharacters: 1_000_000 };

test.each([
  [600_000, /is [56]\d\d seconds ahead of that of the store redis:/],
  [-600_000, /is [56]\d\d seconds behind that of the store redis:/],
])('a computer whose clock differs by %i ms from that of the server is told', async (aheadMs, words) => {
  const warned = nextWarning('CLOCKS_DIFFER');
  await open({ computerClock: createManualClock(Date.now() + aheadMs) });
  expect((await warned).message).toMatch(words);
});

describe('two processes on one store', () => {
  test('see the same documents, and of all parallel writes over one version a single one wins', async () => {
    const tenant = 'pair';
    const notes = (await Promise.all([open({ tenant }), open({ tenant })])).map((store) =>
      store.collection<Note>('notes'),
    );
    const [one, other] = notes;
    await one?.insert('a', { text: 'first', owner: 'ada' });
    expect(await other?.get('a')).toEqual({ version: 1, value: { text: 'first', owner: 'ada' } });
    for (let version = 1; version <= 200; version++) {
      const won = await Promise.all(
        Array.from({ length: 6 }, (_, n) => notes[n % 2]?.replace('a', version, { text: `${version}.${n}` })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    }
    const removed = await Promise.all(Array.from({ length: 6 }, (_, n) => notes[n % 2]?.remove('a')));
    expect(removed.filter(Boolean)).toHaveLength(1);
  });

  test('find by a member that only one of them has asked for', async () => {
    const tenant = 'finders';
    const [one, other] = [await open({ tenant }), await open({ tenant })];
    const [before, after] = [one.collection<Note>('notes'), other.collection<Note>('notes')];
    for (let n = 0; n < 700; n++)
      await before.insert(String(n), { text: 'old', owner: n % 2 ? 'ada' : 'ben' });
    const [found] = await Promise.all([
      after.findBy('owner', 'ada'),
      before.replace('1', 1, { text: 'new', owner: 'ben' }),
      before.insert('late', { text: 'late', owner: 'ada' }),
    ]);
    expect(found.length).toBeGreaterThanOrEqual(349);
    expect(await before.findBy('owner', 'ada')).toHaveLength(350);
    expect((await before.findBy('owner', 'ada')).at(-1)?.id).toBe('late');
    await before.replace('late', 1, { text: 'late', owner: 'ben' });
    expect(await after.findBy('owner', 'ada')).toHaveLength(349);
    expect(await after.findBy('text', 'new')).toEqual([
      { id: '1', version: 2, value: { text: 'new', owner: 'ben' } },
    ]);
  });

  test('find by a member while the other one begins to find by another', async () => {
    // So many ways to the store and back the other one is behind.
    for (let behind = 1; behind < 7; behind++) {
      const tenant = `finders-${behind}`;
      const stores = [await open({ tenant }), await open({ tenant })];
      const [before, after] = stores.map((store) => store.collection<Note>('notes'));
      await Promise.all(
        Array.from({ length: 700 }, (_, n) => before?.insert(String(n), { text: 'x', owner: 'ada' })),
      );
      const finding = before?.findBy('owner', 'ada');
      for (let way = 0; way < behind; way++) await after?.get('0');
      const found = await Promise.all([finding, after?.findBy('text', 'x')]);
      expect([behind, ...found.map((each) => each?.length)]).toEqual([behind, 700, 700]);
    }
  });

  test('write one story, which both read in the same order', async () => {
    const tenant = 'story';
    const stores = [await open({ tenant }), await open({ tenant })];
    const journals = stores.map((store) => store.journal<Note>('story', BOUNDS));
    const told: string[][] = [[], []];
    for (const [at, journal] of journals.entries()) {
      await journal.follow(0, ({ number, value }) => told[at]?.push(`${number} ${value.text}`));
    }
    for (let n = 0; n < 300; n++) journals[n % 2]?.append({ text: String(n) });
    await Promise.all(journals.map((journal) => journal.caughtUp()));
    await Promise.all(journals.map((journal) => journal.caughtUp()));
    expect(told[0]).toHaveLength(300);
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 300 }, (_, n) => n + 1),
    );
  });

  test('what one of them was about to put in place does not replace what another has put there meanwhile', async () => {
    const tenant = 'overtaken';
    const [one, other] = [await open({ tenant }), await open({ tenant })];
    await one.collection<Note>('notes').insert('a', { text: 'before' });
    const [before, over] = [await one.dump(), one.filling];
    await one.close();
    await other.refill([], [], other.filling);
    await other.collection<Note>('notes').insert('b', { text: 'acknowledged' });
    const next = await open({ tenant });
    await expect(next.refill(before, [], over)).rejects.toMatchObject({ code: 'not_ready', status: 503 });
    expect(await next.collection<Note>('notes').list()).toMatchObject([{ id: 'b' }]);
  });

  test('whoever has put something in place can put back what was there before', async () => {
    const tenant = 'back';
    const one = await open({ tenant });
    await one.collection<Note>('notes').insert('a', { text: 'before' });
    const [before, over] = [await one.dump(), one.filling];
    await one.close();
    await (await open({ tenant })).refill([], [], over);
    const last = await open({ tenant });
    await last.refill(before, [], over);
    expect(await last.collection<Note>('notes').list()).toMatchObject([{ id: 'a' }]);
  });

  test('what Redis has forgotten by itself is found by nobody, and stands in nobody’s way', async () => {
    const tenant = 'forgotten';
    const notes = (await open({ tenant })).collection<Note>('notes');
    await notes.insert('a', { text: 'old', owner: 'ada' }, { expiresAt: Date.now() + 60_000 });
    await notes.insert('b', { text: 'old', owner: 'ada' }, { expiresAt: Date.now() + 60_000 });
    expect(await notes.findBy('owner', 'ada')).toHaveLength(2);
    // As after a week in which nobody was there.
    redis.run('DEL', 'assent:{forgotten}:doc:notes:a', 'assent:{forgotten}:doc:notes:b');
    const later = (await open({ tenant })).collection<Note>('notes');
    expect(await later.insert('a', { text: 'new', owner: 'ben' })).toBe(true);
    expect(await later.findBy('owner', 'ada')).toEqual([]);
    expect(await later.newest({ most: 5, where: ['owner', 'ada'] })).toEqual([]);
    expect(await later.list()).toEqual([{ id: 'a', version: 1, value: { text: 'new', owner: 'ben' } }]);
    expect(await later.findBy('owner', 'ben')).toHaveLength(1);
    expect(redis.run('ZCARD', 'assent:{forgotten}:order:notes')).toBe('1');
  });

  test('whoever still knows what has been replaced writes nothing into what took its place', async () => {
    const tenant = 'anew';
    const [one, other] = [await open({ tenant }), await open({ tenant })];
    const late = other.collection<Note>('notes');
    await late.insert('a', { text: 'first' });
    const [kept] = await one.dump();
    await one.refill(kept ? [kept] : []);
    const anew = { code: 'not_ready', status: 503 };
    await expect(late.insert('b', { text: 'late' })).rejects.toMatchObject(anew);
    await expect(late.replace('a', 1, { text: 'late' })).rejects.toMatchObject(anew);
    await expect(late.remove('a')).rejects.toMatchObject(anew);
    const notes = one.collection<Note>('notes');
    expect(await notes.list()).toEqual([{ id: 'a', version: 1, value: { text: 'first' } }]);
    expect(await notes.replace('a', 1, { text: 'second' })).toBe(true);
    expect(await (await open({ tenant })).collection<Note>('notes').remove('a')).toBe(true);
  });

  test('tell each other what is not kept', async () => {
    const tenant = 'bus';
    const [one, other] = [await open({ tenant }), await open({ tenant })];
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    const heard: unknown[] = [];
    other.bus.subscribe('news', (message) => {
      heard.push(message);
      if (heard.length === 3) resolve(heard);
    });
    one.bus.publish('other news', 'nobody listens');
    for (const text of ['a', 'b', 'c']) one.bus.publish('news', { text });
    expect(await promise).toEqual([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
  });

  test('of different tenants have nothing in common', async () => {
    const [one, other] = [await open({ tenant: 'first' }), await open({ tenant: 'second' })];
    await one.collection<Note>('notes').insert('a', { text: 'first' });
    expect(await other.dump()).toEqual([]);
    await other.refill([]);
    expect(await one.dump()).toHaveLength(1);
    const tags = redis.run('--scan', '--pattern', '*first*').split('\n');
    expect(tags.every((key) => key.startsWith('assent:{first}:'))).toBe(true);
  });
});

describe('a server that goes away', () => {
  test('and comes back has everything that was acknowledged; a write that was on its way is done once', async () => {
    const other = await startOther('--appendonly', 'yes', '--appendfsync', 'always');
    const store = await open({ url: other.url, patienceMs: 20_000 });
    const notes = store.collection<Note>('notes');
    const acknowledged: string[] = [];
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n++) {
        const id = String(n);
        expect(await notes.insert(id, { text: '1' })).toBe(true);
        expect(await notes.replace(id, 1, { text: '2' })).toBe(true);
        expect(await notes.replace(id, 2, { text: '3' })).toBe(true);
        acknowledged.push(id);
        if (n % 2) expect(await notes.remove(id)).toBe(true);
      }
    })();
    for (let round = 0; round < 4; round++) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before + 20);
      await other.kill();
      await other.start();
    }
    isOver = true;
    await writing;
    const kept = new Map((await notes.list()).map(({ id, version }) => [id, version]));
    expect([...kept.keys()]).toEqual(acknowledged.filter((_, n) => n % 2 === 0));
    expect(new Set(kept.values())).toEqual(new Set([3]));
  });

  test('loses nothing of a story, and tells it once', async () => {
    const other = await startOther('--appendonly', 'yes', '--appendfsync', 'always');
    const [one, reader] = [await open({ url: other.url }), await open({ url: other.url })];
    const journal = one.journal<Note>('story', BOUNDS);
    const told: string[] = [];
    const following = reader.journal<Note>('story', BOUNDS);
    await following.follow(0, ({ value }) => told.push(value.text));
    for (let n = 0; n < 100; n++) {
      if (n === 50) await other.kill();
      journal.append({ text: String(n) });
    }
    await other.start();
    await journal.caughtUp();
    await following.caughtUp();
    expect(told).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  });

  test.each([
    ['away', (other: TestRedis) => other.kill(), (other: TestRedis) => other.start()],
    ['silent', (other: TestRedis) => other.pause(), (other: TestRedis) => other.resume()],
  ])(
    'that was %s takes the newest entries of a story when it comes back; that others are lost is said, twice however many',
    async (_, leave, comeBack) => {
      const other = await startOther();
      const store = await open({ url: other.url });
      const journal = store.journal<Note>('story', { ...BOUNDS, mostEntries: 20_000 });
      const told: string[] = [];
      await journal.follow(0, ({ value, isOwn }) => told.push(`${value.text} ${isOwn}`));
      const warnings: string[] = [];
      const keep = (warning: Error & { code?: string }): void => {
        if (warning.code === 'ENTRIES_LOST') warnings.push(warning.message);
      };
      process.on('warning', keep);
      onTestFinished(() => void process.off('warning', keep));
      await leave(other);
      for (let n = 1; n <= 10_500; n += 1) journal.append({ text: String(n) });
      await comeBack(other);
      // The first one was on its way when the server went, and is not lost.
      await expect.poll(() => told.length, { timeout: 20_000 }).toBe(10_001);
      expect(told).toEqual(['1 true', ...Array.from({ length: 10_000 }, (_, n) => `${n + 501} true`)]);
      await expect
        .poll(() => warnings)
        .toEqual([
          'More entries of the journal story wait for the store than are kept; the oldest are given up.',
          '499 entries of the journal story were given up.',
        ]);
    },
  );

  test('is waited for as long as somebody may be expected to wait, and then the caller is told to come back', async () => {
    const other = await startOther();
    const store = await open({ url: other.url, patienceMs: 2_000 });
    const notes = store.collection<Note>('notes');
    await notes.insert('a', { text: 'first' });
    other.pause();
    const silent = {
      code: 'store_unavailable',
      status: 503,
      message: expect.stringContaining('it is silent'),
    };
    await expect(notes.get('a')).rejects.toMatchObject(silent);
    await expect(notes.replace('a', 1, { text: 'second' })).rejects.toMatchObject(silent);
    other.resume();
    await expect.poll(() => notes.get('a').catch(() => undefined)).toBeDefined();
    await other.kill();
    await expect(notes.insert('b', { text: 'first' })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await store.close();
  });

  test('and comes back with less than it had acknowledged gives no number twice: whoever follows is told of all that comes', async () => {
    const other = await startOther();
    const [one, reader] = [await open({ url: other.url }), await open({ url: other.url })];
    const [journal, following] = [one.journal<Note>('story', BOUNDS), reader.journal<Note>('story', BOUNDS)];
    const told: string[] = [];
    await following.follow(0, ({ number, value }) => told.push(`${number} ${value.text}`));
    const heard: unknown[] = [];
    reader.bus.subscribe('news', (message) => heard.push(message));
    const tell = async (texts: string[]): Promise<void> => {
      for (const text of texts) {
        journal.append({ text });
        one.bus.publish('news', text);
      }
      await expect.poll(() => heard.at(-1)).toBe(texts.at(-1));
      await journal.caughtUp();
      await following.caughtUp();
    };
    await tell(['a', 'b']);
    other.run('SAVE');
    await tell(['lost', 'lost, too']);
    await other.kill();
    await other.start();
    await tell(['c', 'd']);
    expect(told).toEqual(['1 a', '2 b', '3 lost', '4 lost, too', '5 c', '6 d']);
    expect(heard).toEqual(['a', 'b', 'lost', 'lost, too', 'c', 'd']);
  });

  test('that is full refuses the write and keeps what it has', async () => {
    const other = await startOther('--maxmemory', '4mb');
    const notes = (await open({ url: other.url })).collection<Note>('notes');
    await notes.insert('kept', { text: 'first' });
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 1_000; n++) await notes.insert(String(n), { text: 'x'.repeat(50_000) });
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('takes no writes'),
    });
    expect((await notes.get('kept'))?.value.text).toBe('first');
  });

  test('that takes no writes is read, also where something stands in a list that Redis has forgotten', async () => {
    const other = await startOther();
    const notes = (await open({ url: other.url })).collection<Note>('notes');
    await notes.insert('kept', { text: 'first', owner: 'ada' });
    await notes.insert('forgotten', { text: 'old', owner: 'ada' });
    expect(await notes.findBy('owner', 'ada')).toHaveLength(2);
    other.run('DEL', 'assent:{bank}:doc:notes:forgotten');
    // As where the replicas that have to know of each write are gone.
    other.run('CONFIG', 'SET', 'min-replicas-to-write', '1');
    await expect(notes.insert('lost', { text: 'x' })).rejects.toMatchObject({ code: 'store_unavailable' });
    const ids = (found: ReadonlyArray<{ id: string }>): string[] => found.map(({ id }) => id);
    expect(ids(await notes.list())).toEqual(['kept']);
    expect(ids(await notes.findBy('owner', 'ada'))).toEqual(['kept']);
    expect(ids(await notes.newest({ most: 5 }))).toEqual(['kept']);
  });

  test('that takes no entry of a story is asked again now and then, not without end at once; what is known is shown', async () => {
    const other = await startOther();
    const store = await open({ url: other.url });
    const journal = store.journal<Note>('story', BOUNDS);
    const told: string[] = [];
    await journal.follow(0, ({ value }) => told.push(value.text));
    other.run('CONFIG', 'SET', 'maxmemory', '1');
    const asked = (): number =>
      [...other.run('INFO', 'commandstats').matchAll(/calls=(\d+)/g)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    journal.append({ text: 'first' });
    other.run('CONFIG', 'RESETSTAT');
    await journal.caughtUp();
    expect(told).toEqual([]);
    expect(asked()).toBeLessThan(50);
    other.run('CONFIG', 'SET', 'maxmemory', '0');
    await expect.poll(() => told).toEqual(['first']);
  });
});

describe('what ends', () => {
  test('is forgotten by the server too, some time after the clock of the tenant says so', async () => {
    const manualClock = createManualClock(1_000_000);
    const store = await open({ tenant: 'ends', clock: manualClock });
    const notes = store.collection<Note>('notes');
    await notes.insert('a', { text: 'first', owner: 'ada' }, { expiresAt: 1_000_500 });
    await notes.insert('b', { text: 'second', owner: 'ada' });
    expect(await notes.findBy('owner', 'ada')).toHaveLength(2);
    const ttl = Number(redis.run('pttl', 'assent:{ends}:doc:notes:a'));
    const weekMs = 7 * 24 * 3_600_000;
    expect(ttl).toBeGreaterThan(weekMs - 100_000);
    expect(ttl).toBeLessThanOrEqual(weekMs + 500);
    manualClock.advance(120_000);
    await notes.insert('c', { text: 'third' });
    await expect.poll(() => redis.run('exists', 'assent:{ends}:doc:notes:a')).toBe('0');
    expect(redis.run('zcard', 'assent:{ends}:order:notes')).toBe('2');
    expect(redis.run('zcard', 'assent:{ends}:idx:notes:owner:"ada"')).toBe('1');
  });

  test('leaves nothing behind, however much of it ends at once', async () => {
    const manualClock = createManualClock(1_000_000);
    const notes = (await open({ tenant: 'many', clock: manualClock })).collection<Note>('notes');
    await notes.findBy('owner', 'ada');
    await Promise.all(
      Array.from({ length: 1_200 }, (_, n) =>
        notes.insert(String(n), { text: 'x', owner: `owner ${n}` }, { expiresAt: 1_000_500 }),
      ),
    );
    manualClock.advance(120_000);
    await notes.insert('alive', { text: 'x', owner: 'ada' });
    const left = (): string[] => redis.run('--scan', '--pattern', 'assent:{many}:*').split('\n').sort();
    await expect
      .poll(left)
      .toEqual([
        'assent:{many}:about',
        'assent:{many}:collections',
        'assent:{many}:doc:notes:alive',
        'assent:{many}:idx:notes:owner:"ada"',
        'assent:{many}:indexes',
        'assent:{many}:journal:bus',
        expect.stringMatching(/^assent:\{many\}:journal:bus:from:p\d+$/),
        'assent:{many}:journal:bus:meta',
        'assent:{many}:journals',
        'assent:{many}:order:notes',
        'assent:{many}:sequence',
      ]);
  });
});

describe('an address', () => {
  test.each([
    ['http://localhost:6379', 'Received http://localhost:6379 as the store, expected redis:// or rediss://.'],
    ['localhost:6379', 'Received localhost:6379 as the store, expected redis:// or rediss://.'],
    ['redis://u:secret@', 'Received redis://u:***@ as the store, expected redis:// or rediss://.'],
    ['redis://u:se/c@ret@h/0', 'Received redis://u:***@h/0 as the store, expected redis:// or rediss://.'],
    ['redis://u:secret@h/x', 'Received "x" as the database of the store, expected a number such as 0.'],
    ['redis://h/0?db=1', 'Received redis://h/0?db=1 as the store, expected no ? or # in it.'],
  ])('such as %s is refused', async (url, message) => {
    await expect(open({ url })).rejects.toMatchObject({ code: 'usage', message });
  });

  test('where nothing listens is told, without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await expect(
      open({ url: `redis://me:secret@127.0.0.1:${port}`, patienceMs: 2_000 }),
    ).rejects.toMatchObject({
      code: 'store_unavailable',
      message: `The store redis://me:***@127.0.0.1:${port} does not answer: connect ECONNREFUSED 127.0.0.1:${port}.`,
    });
  });

  test('where something else answers is told', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(open({ url: `redis://127.0.0.1:${port}`, patienceMs: 1_000 })).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('is no Redis'),
    });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test('whose password is wrong, or whose database does not exist, is told', async () => {
    const other = await startOther('--requirepass', 'right');
    await expect(open({ url: other.url })).rejects.toMatchObject({ code: 'store_unusable' });
    await expect(open({ url: other.url.replace('127', ':wrong@127') })).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('does not let us in: WRONGPASS'),
    });
    const url = other.url.replace('127', ':right@127');
    await (await open({ url })).close();
    await expect(open({ url: url.replace('/0', '/99') })).rejects.toMatchObject({ code: 'store_unusable' });
  });

  test('that lets us read and write, and run no scripts, is told, and nothing of us stays there', async () => {
    const other = await startOther();
    other.run('acl', 'setuser', 'me', 'on', '>secret', '~assent:*', '+@all', '-@scripting');
    const url = other.url.replace('127', 'me:secret@127');
    await expect(open({ url })).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('allows too little: NOPERM'),
    });
    // What was let go is noticed by the server a moment later.
    await expect.poll(() => other.run('client', 'list')).not.toContain('name=assent');
  });

  test('with a password that nobody asked for, or a port that speaks TLS otherwise than said, is told what to change', async () => {
    await expect(open({ url: redis.url.replace('127', ':some@127') })).rejects.toMatchObject({
      code: 'store_unusable',
      hint: 'Leave the password out of the address: redis://HOST:PORT',
    });
    const secured = redis.url.replace('redis:', 'rediss:');
    await expect(open({ url: secured, patienceMs: 500 })).rejects.toMatchObject({
      hint: expect.stringContaining('rediss:// is for TLS, redis:// for plain connections'),
    });
  });

  test('of a cluster that is not complete is told in its own words', async () => {
    const other = await startOther('--cluster-enabled', 'yes');
    await expect(open({ url: other.url, patienceMs: 2_000 })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('the store does not answer (CLUSTERDOWN Hash slot not served)'),
    });
  });

  test('whose keys a newer Assent has written is refused', async () => {
    redis.run('hset', 'assent:{newer}:about', 'format', '2');
    await expect(open({ tenant: 'newer' })).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('has format 2 for this tenant, written by a newer Assent'),
    });
  });

  test('where another program has keys of that name is told', async () => {
    redis.run('set', 'assent:{taken}:about', 'x');
    await expect(open({ tenant: 'taken' })).rejects.toMatchObject({
      code: 'store_unusable',
      message: expect.stringContaining('has something of another program where the documents of this tenant'),
    });
  });

  test.each([
    ['garbage', 'has no head'],
    ['x\n\n1\n\n\n{}', 'has a head of something else'],
    ['1\n\n1\n\n\n{nope', 'is no JSON'],
  ])('where somebody has written %j for a document is said to be damaged', async (text, how) => {
    const notes = (await open({ tenant: 'spoilt' })).collection<Note>('notes');
    await notes.insert('a', { text: 'first' });
    redis.run('set', 'assent:{spoilt}:doc:notes:a', text);
    const damaged = {
      code: 'store_unusable',
      message: `The store is damaged: one of the documents of this tenant ${how}.`,
    };
    await expect(notes.get('a')).rejects.toMatchObject(damaged);
    await expect(notes.list()).rejects.toMatchObject(damaged);
    redis.run('del', 'assent:{spoilt}:doc:notes:a');
  });

  test('whose server drops documents to make room is warned of', async () => {
    const other = await startOther('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    const warned = nextWarning('STORE_EVICTS');
    await open({ url: other.url });
    expect((await warned).message).toContain('maxmemory-policy allkeys-lru');
  });
});
