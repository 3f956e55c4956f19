// What every store must show. A new one runs this suite with its own factory.
import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { Collection, Journal, JournalBounds, Store } from '../store.ts';

interface Note {
  text: string;
  topic: string;
}

const BOUNDS: JournalBounds = { mostEntries: 1_000, mostCharacters: 1_000_000 };

const note = (text: string, topic = 'none'): Note => ({ text, topic });

/** @param options how many documents are many: fewer where each is written to a disk */
export function describeStore(
  name: string,
  createStore: (clock: ManualClock) => Promise<Store>,
  { many = 20_000 }: { many?: number } = {},
): void {
  const open = async (): Promise<{ clock: ManualClock; store: Store; notes: Collection<Note> }> => {
    const clock = createManualClock(1_000_000);
    const store = await createStore(clock);
    return { clock, store, notes: store.collection<Note>('notes') };
  };

  describe(name, () => {
    it('gives back what was inserted, and nothing for an unknown id', async () => {
      const { notes } = await open();
      expect(await notes.insert('a', note('first'))).toBe(true);
      expect((await notes.get('a'))?.value).toEqual(note('first'));
      expect(await notes.get('b')).toBeUndefined();
    });

    it('keeps whatever JSON can carry, to the letter', async () => {
      const { store } = await open();
      const value = {
        text: 'naïve 🦉 \u0000 \ud800 "quoted" \\ \u2028',
        numbers: [0, -1.5, 0.1, 1e21, Number.MAX_SAFE_INTEGER],
        nothing: [null, {}, [], '', false],
        names: { '': 1, 'a.b': 2, '$[0]': 3 },
      };
      const documents = store.collection<typeof value>('documents');
      await documents.insert('a', value);
      expect((await documents.get('a'))?.value).toEqual(value);
      expect(await documents.findBy('text', value.text.slice(1))).toEqual([]);
    });

    it('tells ids apart, whatever they are made of', async () => {
      const { notes } = await open();
      const ids = [
        '',
        ' ',
        'a',
        'A',
        'a ',
        '\u00e4',
        'a\u0308',
        'a\0b',
        'a\0c',
        "'",
        '%',
        '_',
        '1',
        '01',
        '1.0',
      ];
      for (const id of ids) expect(await notes.insert(id, note(id))).toBe(true);
      for (const id of ids) expect((await notes.get(id))?.value.text).toBe(id);
      expect((await notes.list()).map(({ id }) => id)).toEqual(ids);
    });

    it('inserts an id once; the first document stays', async () => {
      const { notes } = await open();
      await notes.insert('a', note('first'));
      expect(await notes.insert('a', note('second'))).toBe(false);
      expect((await notes.get('a'))?.value.text).toBe('first');
    });

    it('lets one of many parallel inserts through', async () => {
      const { notes } = await open();
      const won = await Promise.all(Array.from({ length: 50 }, (_, n) => notes.insert('a', note(String(n)))));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('replaces only the version that was read', async () => {
      const { notes } = await open();
      await notes.insert('a', note('first'));
      const read = await notes.get('a');
      if (!read) throw new Error('lost');
      expect(await notes.replace('a', read.version, note('second'))).toBe(true);
      expect(await notes.replace('a', read.version, note('third'))).toBe(false);
      expect((await notes.get('a'))?.value.text).toBe('second');
    });

    it('lets one of many parallel replacements of a version through', async () => {
      const { notes } = await open();
      await notes.insert('a', note('first'));
      const { version } = (await notes.get('a')) ?? { version: 0 };
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, n) => notes.replace('a', version, note(String(n)))),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('replaces nothing that is not there', async () => {
      const { notes } = await open();
      expect(await notes.replace('a', 1, note('first'))).toBe(false);
    });

    it('does not confuse a removed document with its successor', async () => {
      const { notes } = await open();
      await notes.insert('a', note('first'));
      const old = await notes.get('a');
      await notes.remove('a');
      await notes.insert('a', note('second'));
      const successor = await notes.get('a');
      if (!old || !successor) throw new Error('lost');
      await notes.replace('a', successor.version, note('third'));
      expect(await notes.remove('a')).toBe(true);
      expect(await notes.remove('a')).toBe(false);
    });

    it('keeps its documents apart from the objects that callers hold', async () => {
      const { notes } = await open();
      const given = note('first');
      await notes.insert('a', given);
      given.text = 'changed outside';
      const read = await notes.get('a');
      if (!read) throw new Error('lost');
      read.value.text = 'changed outside again';
      expect((await notes.get('a'))?.value.text).toBe('first');
    });

    it('forgets a document at its expiry, and then takes the id again', async () => {
      const { notes, clock } = await open();
      await notes.insert('a', note('first'), { expiresAt: 1_000_500 });
      clock.advance(499);
      expect(await notes.get('a')).toBeDefined();
      clock.advance(1);
      expect(await notes.get('a')).toBeUndefined();
      expect(await notes.list()).toEqual([]);
      expect(await notes.insert('a', note('second'))).toBe(true);
    });

    it('keeps the expiry of a document that is replaced without a new one', async () => {
      const { notes, clock } = await open();
      await notes.insert('a', note('first'), { expiresAt: 1_000_500 });
      await notes.replace('a', 1, note('second'));
      clock.advance(500);
      expect(await notes.get('a')).toBeUndefined();
    });

    it('finds by a member, oldest first', async () => {
      const { notes } = await open();
      await notes.insert('z', note('first', 'money'));
      await notes.insert('a', note('second', 'money'));
      await notes.insert('b', note('third', 'other'));
      expect((await notes.findBy('topic', 'money')).map(({ id }) => id)).toEqual(['z', 'a']);
      expect((await notes.list()).map(({ value }) => value.text)).toEqual(['first', 'second', 'third']);
    });

    it('shows a part of what there is, newest first, and goes on where that part ended', async () => {
      const { notes, clock } = await open();
      const count = 1_200;
      await Promise.all(
        Array.from({ length: count }, (_, at) =>
          notes.insert(`n${at}`, note(`${at}`, at % 2 ? 'odd' : 'even')),
        ),
      );
      await notes.insert('ends', note('soon', 'even'), { expiresAt: 1_000_500 });
      await notes.replace('n3', 1, note('3 again', 'odd'));
      clock.advance(500);
      const newestFirst = (await notes.list()).map(({ id }) => id).reverse();
      expect(newestFirst).toHaveLength(count);
      const [newest, ...more] = await notes.newest({ most: 3 });
      expect([newest, ...more].map((one) => one?.id)).toEqual(newestFirst.slice(0, 3));
      expect(newest).toMatchObject({
        version: 1,
        value: { topic: 'odd' },
        order: await notes.orderOf('n1199'),
      });
      const walk = async (most: number, where?: readonly ['topic', string]): Promise<string[]> => {
        const ids: string[] = [];
        for (let before: number | undefined; ; ) {
          const part = await notes.newest({ most, before, where });
          ids.push(...part.map(({ id }) => id));
          if (part.length < most) return ids;
          before = part.at(-1)?.order;
        }
      };
      expect(await walk(700)).toEqual(newestFirst);
      const odd = newestFirst.filter((id) => Number(id.slice(1)) % 2 === 1);
      expect(await walk(100, ['topic', 'odd'])).toEqual(odd);
      expect((await notes.findBy('topic', 'odd')).map(({ id }) => id)).toEqual(odd.toReversed());
      expect(await notes.newest({ most: 10, where: ['topic', 'none'] })).toEqual([]);
      expect(await notes.orderOf('unknown')).toBeUndefined();
    });

    it('finds what a member is now, not what it was, and nothing that has expired', async () => {
      const { notes, clock } = await open();
      await notes.insert('a', note('first', 'money'));
      await notes.insert('b', note('second', 'money'), { expiresAt: 1_000_500 });
      expect(await notes.findBy('topic', 'money')).toHaveLength(2);
      await notes.replace('a', 1, note('first', 'travel'));
      clock.advance(500);
      expect(await notes.findBy('topic', 'money')).toEqual([]);
      expect((await notes.findBy('topic', 'travel')).map(({ id, version }) => [id, version])).toEqual([
        ['a', 2],
      ]);
    });

    it('shows the same documents under the same name and others under another', async () => {
      const { store, notes } = await open();
      await notes.insert('a', note('first'));
      expect(await store.collection<Note>('notes').get('a')).toBeDefined();
      expect(await store.collection<Note>('other').get('a')).toBeUndefined();
    });

    it('is filled with what was dumped from it, or from another one', async () => {
      const { store, notes, clock } = await open();
      await notes.insert('b', note('first'));
      await notes.insert('a', note('second'), { expiresAt: 1_000_500 });
      await notes.insert('c', note('third'), { expiresAt: 1_000_100 });
      await notes.replace('b', 1, note('changed'));
      clock.advance(100);
      const dumped = await store.dump();
      expect(dumped).toEqual([
        { collection: 'notes', id: 'b', version: 2, expiresAt: null, value: note('changed') },
        { collection: 'notes', id: 'a', version: 1, expiresAt: 1_000_500, value: note('second') },
      ]);
      await notes.remove('b');
      await notes.insert('d', note('fourth'));
      await store.collection<Note>('other').insert('x', note('fifth'));
      await store.refill(dumped);
      expect(await store.dump()).toEqual(dumped);
      expect((await notes.list()).map(({ id }) => id)).toEqual(['b', 'a']);
      expect(await notes.replace('b', 2, note('again'))).toBe(true);
      clock.advance(400);
      expect(await notes.get('a')).toBeUndefined();
    });

    it('keeps what it has where the documents cannot all be taken', async () => {
      const { store, notes } = await open();
      await notes.insert('a', note('first'));
      const loop: Record<string, unknown> = {};
      const twice = { collection: 'notes', id: 'b', version: 1, expiresAt: null, value: note('second') };
      loop['self'] = () => loop;
      await expect(
        store.refill([twice, { ...twice, id: 'c', value: 1n }, { ...twice, value: loop }]),
      ).rejects.toThrow();
      expect((await notes.list()).map(({ id }) => id)).toEqual(['a']);
    });

    it('holds nothing once it is closed, and takes nothing more, whoever kept a collection', async () => {
      const { store, notes } = await open();
      await notes.insert('a', note('first'));
      await store.close();
      expect(await notes.get('a')).toBeUndefined();
      expect(await notes.list()).toEqual([]);
      await expect(notes.insert('b', note('second'))).rejects.toThrow('closed');
      await expect(store.collection<Note>('other').insert('b', note('second'))).rejects.toThrow('closed');
    });

    it('numbers what is appended to a journal, and tells every reader in order', async () => {
      const { store } = await open();
      const journal = store.journal<Note>('story', BOUNDS);
      const told: unknown[] = [];
      journal.append(note('before'));
      const stop = await journal.follow(0, ({ number, value: { text } }) => told.push([number, text]));
      for (const text of ['first', 'second', 'third']) journal.append(note(text));
      await journal.caughtUp();
      expect(told).toEqual([
        [1, 'before'],
        [2, 'first'],
        [3, 'second'],
        [4, 'third'],
      ]);
      expect(journal.lastNumber).toBe(4);
      stop();
      journal.append(note('fourth'));
      await journal.caughtUp();
      expect(told).toHaveLength(4);
      expect(await read(store.journal<Note>('story', BOUNDS), 3)).toEqual([
        [4, 'third'],
        [5, 'fourth'],
      ]);
      expect(await read(store.journal<Note>('other', BOUNDS))).toEqual([]);
    });

    it('hands what it is given to readers in this process as it is, and knows that it is theirs', async () => {
      const { store } = await open();
      const journal = store.journal<Note>('story', BOUNDS);
      const given = note('first');
      journal.append(note('before'));
      const told: unknown[] = [];
      await journal.caughtUp();
      await journal.follow(0, ({ isOwn, value }) => told.push([isOwn, value === given]));
      journal.append(given);
      await journal.caughtUp();
      expect(told).toEqual([
        [false, false],
        [true, true],
      ]);
    });

    it('keeps the newest entries of a journal, as many and as much as its bounds allow', async () => {
      const { store } = await open();
      const few = store.journal<Note>('few', { ...BOUNDS, mostEntries: 3 });
      for (let n = 1; n <= 10; n++) few.append(note(String(n)));
      await few.caughtUp();
      expect((await read(few)).map(([number]) => number)).toEqual([8, 9, 10]);
      const short = store.journal<Note>('short', { ...BOUNDS, mostCharacters: 1_000 });
      for (let n = 1; n <= 10; n++) short.append(note('x'.repeat(300)));
      await short.caughtUp();
      expect((await read(short)).map(([number]) => number)).toEqual([8, 9, 10]);
      short.append(note('x'.repeat(5_000)));
      await short.caughtUp();
      expect((await read(short)).map(([number]) => number)).toEqual([11]);
    });

    it('goes on numbering a journal where another tenant has stopped', async () => {
      const { store, notes } = await open();
      const journal = store.journal<Note>('story', BOUNDS);
      journal.startAbove(41);
      journal.append(note('first'));
      await notes.insert('a', note('kept'));
      await journal.caughtUp();
      const dumped = await store.dump();
      await store.refill(dumped);
      expect(await read(journal)).toEqual([]);
      const told: number[] = [];
      await journal.follow(0, ({ number }) => told.push(number));
      journal.refill([
        { number: 7, value: note('earlier') },
        { number: 9, value: note('later') },
      ]);
      journal.startAbove(5);
      journal.append(note('second'));
      await journal.caughtUp();
      expect(told).toEqual([43]);
      expect(await read(journal)).toEqual([
        [7, 'earlier'],
        [9, 'later'],
        [43, 'second'],
      ]);
    });

    it('is filled with stories along with its documents, and numbers go on above those', async () => {
      const { store, notes } = await open();
      const journal = store.journal<Note>('story', BOUNDS);
      journal.append(note('before'));
      await notes.insert('a', note('kept'));
      await journal.caughtUp();
      const entries = [
        { number: 70, value: note('earlier') },
        { number: 90, value: note('later') },
      ];
      await store.refill(await store.dump(), [
        { journal: 'story', entries },
        { journal: 'never asked for', entries },
        { journal: 'empty', entries: [] },
      ]);
      const told = [
        [70, 'earlier'],
        [90, 'later'],
      ];
      expect(await read(journal)).toEqual(told);
      expect(await read(store.journal<Note>('never asked for', BOUNDS))).toEqual(told);
      expect(await read(store.journal<Note>('empty', BOUNDS))).toEqual([]);
      journal.append(note('after'));
      await journal.caughtUp();
      expect((await read(journal, 90)).every(([number, text]) => number > 90 && text === 'after')).toBe(true);
      expect(await read(journal, 90)).toHaveLength(1);
    });

    it('has the stories that it was filled with, also where a journal was about to be filled otherwise', async () => {
      const { store, notes } = await open();
      const journal = store.journal<Note>('story', BOUNDS);
      journal.refill([{ number: 1, value: note('not wanted any more') }]);
      await store.refill([], [{ journal: 'story', entries: [{ number: 7, value: note('earlier') }] }]);
      await notes.insert('a', note('written with the journal'));
      await journal.caughtUp();
      expect(await read(journal)).toEqual([[7, 'earlier']]);
    });

    it('does not say to itself what it says to others', async () => {
      const { store } = await open();
      const heard: unknown[] = [];
      const stop = store.bus.subscribe('news', (message) => heard.push(message));
      store.bus.publish('news', { text: 'first' });
      const journal = store.journal<Note>('story', BOUNDS);
      journal.append(note('first'));
      await journal.caughtUp();
      stop();
      expect(heard).toEqual([]);
    });

    it('never drops a live document, however many there are', async () => {
      const { notes } = await open();
      for (let n = 0; n < many; n++) await notes.insert(String(n), note(String(n)));
      expect((await notes.get('0'))?.value.text).toBe('0');
    });
  });
}

/** What is kept of a journal after that number: numbers and texts. */
async function read(journal: Journal<Note>, after = 0): Promise<Array<[number, string]>> {
  const entries: Array<[number, string]> = [];
  const stop = await journal.follow(after, ({ number, value }) => entries.push([number, value.text]));
  stop();
  return entries;
}
