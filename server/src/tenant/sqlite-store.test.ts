// What only the store in a file must show: it comes back, it is one process's own, and says what is wrong with a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, createSystemClock } from '../clock.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeStore } from './store.suite.ts';

const { DatabaseSync } = process.getBuiltinModule('node:sqlite');

const folder = await mkdtemp(join(tmpdir(), 'assent-store-'));
let count = 0;
let file: string;

beforeEach(() => {
  count += 1;
  file = join(folder, `${count}.db`);
});

afterAll(() => rm(folder, { recursive: true }));

const clock = createSystemClock();
const open = (changes: { file?: string; tenant?: string } = {}): Promise<Store> =>
  openSqliteStore({ file, tenant: 'bank', clock, ...changes });

describeStore(
  'the store in a file',
  async (manualClock) => {
    count += 1;
    return openSqliteStore({ file: join(folder, `${count}.db`), tenant: 'bank', clock: manualClock });
  },
  { many: 1_000 },
);

interface Note {
  text: string;
  owner?: string;
}

test('a file gives back the room of what has ended, where that is most of it, and uses the rest again', async () => {
  const manualClock = createManualClock(1_000_000);
  const store = await openSqliteStore({ file, tenant: 'bank', clock: manualClock });
  const notes = store.collection<Note>('notes');
  const text = 'x'.repeat(4_000);
  const fill = (most: number, round: number) =>
    Promise.all(
      Array.from({ length: most }, (_, at) =>
        notes.insert(`${round}.${at}`, { text }, { expiresAt: manualClock.now() + 60_000 }),
      ),
    );
  const sizes: number[] = [];
  for (const round of [1, 2, 3]) {
    await fill(4_000, round);
    sizes.push((await stat(file)).size);
    manualClock.advance(120_000);
  }
  expect(sizes[0]).toBeGreaterThan(15_000_000);
  expect(sizes[2]).toBeLessThan((sizes[0] ?? 0) * 1.5);
  for (const minute of [1, 2, 3, 4]) {
    await notes.insert(`later ${minute}`, { text });
    manualClock.advance(60_000);
  }
  await store.close();
  expect((await stat(file)).size).toBeLessThan(10_000_000);
  const again = await open();
  expect(await again.collection<Note>('notes').list()).toHaveLength(4);
  await again.close();
});

describe('a file that is opened again', () => {
  test('has the documents, with versions, ends and order', async () => {
    const manualClock = createManualClock(1_000_000);
    const first = await openSqliteStore({ file, tenant: 'bank', clock: manualClock });
    const before = first.collection<Note>('notes');
    await before.insert('b', { text: 'one', owner: 'ada' });
    await before.insert('a', { text: 'two', owner: 'ada' }, { expiresAt: 1_000_500 });
    await before.replace('b', 1, { text: 'three', owner: 'ada' });
    expect(await before.findBy('owner', 'ada')).toHaveLength(2);
    await first.close();
    const second = await openSqliteStore({ file, tenant: 'bank', clock: manualClock });
    const after = second.collection<Note>('notes');
    expect(await after.list()).toEqual([
      { id: 'b', version: 2, value: { text: 'three', owner: 'ada' } },
      { id: 'a', version: 1, value: { text: 'two', owner: 'ada' } },
    ]);
    expect(await after.findBy('owner', 'ada')).toEqual(await after.list());
    expect(await after.replace('b', 1, { text: 'stale' })).toBe(false);
    manualClock.advance(500);
    expect(await after.list()).toHaveLength(1);
    expect(await after.insert('a', { text: 'successor' })).toBe(true);
    await second.close();
  });

  test('has everything that was acknowledged to a process that was killed', async () => {
    for (let round = 0; round < 3; round++) {
      const acknowledged = await killWhileWriting(40);
      const store = await open();
      const kept = (await store.collection('notes').list()).map(({ id }) => id);
      expect(acknowledged.length).toBeGreaterThanOrEqual(40);
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
      await store.close();
    }
  });

  test('is taken over from the layout of before, which kept no story: its numbers go on', async () => {
    await leaveLayoutOfBefore();
    const after = await open();
    expect((await after.dump()).map(({ collection, id }) => [collection, id])).toEqual([['notes', 'a']]);
    const numbers: number[] = [];
    const story = after.journal<Note>('trace', { mostEntries: 10, mostCharacters: 1_000 });
    await story.follow(0, ({ number }) => numbers.push(number));
    story.append({ text: 'first' });
    expect(numbers).toEqual([4_001]);
    await after.close();
  });

  test.each([
    ['before it takes over', 'CREATE TABLE journals', 'before', '1'],
    ['in the middle of it', 'CREATE TABLE journals', 'after', '1'],
    ['right before that is on the disk', 'COMMIT', 'before', '1'],
    ['right after', 'COMMIT', 'after', '2'],
  ])(
    'is of the layout before or of this one where the process is killed %s',
    async (_when, sql, when, version) => {
      await leaveLayoutOfBefore();
      const killing = `
      import { DatabaseSync } from 'node:sqlite';
      const { exec } = DatabaseSync.prototype;
      DatabaseSync.prototype.exec = function (sql) {
        const isIt = sql.includes(${JSON.stringify(sql)});
        if (isIt && ${when === 'before'}) process.kill(process.pid, 'SIGKILL');
        exec.call(this, sql);
        if (isIt) process.kill(process.pid, 'SIGKILL');
      };`;
      const imported = `--import=data:text/javascript,${encodeURIComponent(killing)}`;
      await expect(spawnWriter(file, '', [imported])).rejects.toThrow('the writer ended with null');
      const database = new DatabaseSync(file);
      const { value } = database.prepare("SELECT value FROM about WHERE name = 'schema_version'").get() ?? {};
      database.close();
      expect(value).toBe(version);
      const after = await open();
      expect((await after.dump()).map(({ collection, id }) => [collection, id])).toEqual([['notes', 'a']]);
      const story = after.journal<Note>('trace', { mostEntries: 10, mostCharacters: 1_000 });
      story.append({ text: 'first' });
      expect(story.lastNumber).toBe(4_001);
      await after.close();
    },
  );

  test('has the story of a process that was killed as far as documents followed it, and gives no number twice', async () => {
    const child = await spawnWriter(file, 'story.append({ text: String(n) });');
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = await open();
    const story = store.journal<Note>('story', { mostEntries: 100_000, mostCharacters: 10_000_000 });
    const told: number[] = [];
    await story.follow(0, ({ number }) => told.push(number));
    const kept = told.length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeGreaterThanOrEqual((await store.collection('notes').list()).length);
    story.append({ text: 'next' });
    expect(told).toEqual([...Array.from({ length: kept }, (_, n) => n + 1), story.lastNumber]);
    // Above the block that the dead process had reserved.
    expect(story.lastNumber).toBeGreaterThan(1_000);
    await store.close();
  });

  test('has what is nested deeper than the database reads', async () => {
    const deep = JSON.parse(`${'['.repeat(1_500)}${']'.repeat(1_500)}`);
    const first = await open();
    await first.collection<Note>('notes').findBy('owner', 'ada');
    const documents = first.collection<{ owner: string; deep: unknown }>('notes');
    expect(await documents.insert('a', { owner: 'ada', deep })).toBe(true);
    await first.close();
    const second = await open();
    expect((await second.collection('notes').get('a'))?.value).toEqual({ owner: 'ada', deep });
    await second.close();
  });
});

describe('a file', () => {
  test.runIf(process.platform !== 'win32')(
    'and those beside it can be read by their owner alone',
    async () => {
      const inside = join(folder, 'new/folder/assent.db');
      const namesAndModes = async () => {
        const names = await readdir(join(folder, 'new/folder'));
        const modes = names.map(async (name) => (await stat(join(folder, 'new/folder', name))).mode & 0o777);
        return new Map((await Promise.all(modes)).map((mode, index) => [names[index], mode]));
      };
      const store = await open({ file: inside });
      await store.collection<Note>('notes').insert('a', { text: 'secret' });
      const all = new Map(['assent.db', 'assent.db-wal'].map((name) => [name, 0o600]));
      expect(await namesAndModes()).toEqual(all);
      await store.close();
      // As a copy may come back.
      await chmod(inside, 0o644);
      const again = await open({ file: inside });
      await again.collection<Note>('notes').insert('b', { text: 'secret' });
      expect(await namesAndModes()).toEqual(all);
      await again.close();
    },
  );

  test('leaves nothing beside it once it is closed', async () => {
    const alone = join(folder, 'alone/assent.db');
    const store = await open({ file: alone });
    await store.collection<Note>('notes').insert('a', { text: 'one' });
    await store.close();
    await store.close();
    expect(await readdir(join(folder, 'alone'))).toEqual(['assent.db']);
  });

  test('that is open is refused to everybody else, and free again afterwards', async () => {
    const holder = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'data_file_in_use',
      message: `Another process has the data file ${file} open.`,
    });
    await holder.close();
    await (await open()).close();
    const child = await spawnWriter(file);
    await expect(open()).rejects.toMatchObject({ code: 'data_file_in_use' });
    child.kill('SIGKILL');
    await once(child, 'close');
    await (await open()).close();
  });

  test('of another tenant is refused', async () => {
    await (await open()).close();
    await expect(open({ tenant: 'clinic' })).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: `The data file ${file} belongs to the tenant "bank", this one is called "clinic".`,
    });
  });

  test('of a newer version is refused', async () => {
    await (await open()).close();
    change("UPDATE about SET value = '3' WHERE name = 'schema_version'");
    await expect(open()).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: expect.stringContaining('layout 3, written by a newer Assent; this one knows layout 2'),
    });
  });

  test.each([
    ['text', 'clients: []\n'],
    ['one letter', 'x'],
    ['a picture', `\x89PNG${'\0'.repeat(5_000)}`],
  ])('that holds %s is refused and not touched', async (_what, content) => {
    await writeFile(file, content, { mode: 0o644 });
    await expect(open()).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: `${file} is not a data file of Assent; it was left as it is.`,
    });
    expect(await readFile(file, 'utf8')).toBe(content);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  test('of another program is refused and not touched', async () => {
    change('CREATE TABLE recipes (name TEXT)');
    const content = await readFile(file);
    await expect(open()).rejects.toMatchObject({ code: 'data_file_unusable' });
    expect(await readFile(file)).toEqual(content);
    expect(await readdir(folder)).not.toContain(`${count}.db-wal`);
  });

  test('that is a folder, or lies where no folder can be made, is refused', async () => {
    await mkdir(file);
    await expect(open()).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: `The data file ${file} cannot be opened: it is no file`,
    });
    await writeFile(join(folder, 'plain'), '');
    await expect(open({ file: join(folder, 'plain/assent.db') })).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: expect.stringContaining('cannot be opened: '),
    });
  });

  test.each([
    ['', 'it was removed while it was in use'],
    ['-wal', 'the log beside it was removed while it was in use'],
  ])(
    'that is taken away while it is open (%j beside it) takes no write until it is back',
    async (which, reason) => {
      const store = await open();
      const notes = store.collection<Note>('notes');
      await notes.insert('a', { text: 'first' });
      await rename(file + which, `${file}.moved`);
      await expect(notes.insert('b', { text: 'lost' })).rejects.toMatchObject({
        code: 'store_unavailable',
        message: `What this server keeps cannot be used right now: ${reason}.`,
      });
      expect((await notes.get('a'))?.value.text).toBe('first');
      await rename(`${file}.moved`, file + which);
      expect(await notes.insert('b', { text: 'kept' })).toBe(true);
      await store.close();
      const again = await open();
      expect((await again.collection<Note>('notes').list()).map(({ id }) => id)).toEqual(['a', 'b']);
      await again.close();
    },
  );

  test('that is taken away tells whoever begins to follow a story all of it, once', async () => {
    const store = await open();
    const journal = store.journal<Note>('story', { mostEntries: 1_000, mostCharacters: 1_000_000 });
    journal.append({ text: 'before' });
    await store.collection<Note>('notes').insert('a', { text: 'first' });
    await rename(file, `${file}.moved`);
    journal.append({ text: 'meanwhile' });
    const told: string[] = [];
    await journal.follow(0, ({ number, value }) => told.push(`${number} ${value.text}`));
    await rename(`${file}.moved`, file);
    await store.collection<Note>('notes').insert('b', { text: 'second' });
    journal.append({ text: 'after' });
    expect(told).toEqual(['1 before', '2 meanwhile', '3 after']);
    await store.close();
  });

  test('that is back when it is closed has the story of meanwhile', async () => {
    const store = await open();
    await store.collection<Note>('notes').insert('a', { text: 'first' });
    const bounds = { mostEntries: 1_000, mostCharacters: 1_000_000 };
    const journal = store.journal<Note>('story', bounds);
    await rename(file, `${file}.moved`);
    journal.append({ text: 'meanwhile' });
    await rename(`${file}.moved`, file);
    await store.close();
    const again = await open();
    const told: string[] = [];
    await again.journal<Note>('story', bounds).follow(0, ({ value }) => told.push(value.text));
    expect(told).toEqual(['meanwhile']);
    await again.close();
  });

  test('that another one is put in place of takes no write', async () => {
    const store = await open();
    await store.collection<Note>('notes').insert('a', { text: 'first' });
    await copyFile(file, `${file}.copy`);
    await rename(`${file}.copy`, file);
    await expect(store.collection<Note>('notes').insert('b', { text: 'lost' })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('it was replaced while it was in use'),
    });
    await store.close();
  });

  test.each([
    ['DROP TABLE journals', 'it has no table journals'],
    ["DELETE FROM about WHERE name = 'schema_version'", 'it does not say which layout it has'],
  ])('that somebody has changed by %s is refused', async (statement, how) => {
    await (await open()).close();
    change(statement);
    await expect(open()).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: `The data file ${file} is damaged: ${how}.`,
    });
  });

  test('whose documents somebody has spoilt is said to be damaged', async () => {
    const store = await open();
    await store.collection<Note>('notes').insert('a', { text: 'first' });
    await store.close();
    change("UPDATE documents SET value = '{nope'");
    const again = await open();
    await expect(again.collection<Note>('notes').get('a')).rejects.toMatchObject({
      code: 'data_file_unusable',
      message: 'The data file is damaged: one of its documents is no JSON.',
    });
    await again.close();
  });

  test('that was cut off is refused', async () => {
    const store = await open();
    for (let n = 0; n < 200; n++)
      await store.collection<Note>('notes').insert(String(n), { text: 'x'.repeat(500) });
    await store.close();
    await writeFile(file, (await readFile(file)).subarray(0, 4_096 * 2));
    await expect(open()).rejects.toMatchObject({ code: 'data_file_unusable' });
  });

  test('whose pages are damaged says so when they are read, with what to do', async () => {
    const store = await open();
    for (let n = 0; n < 200; n++)
      await store.collection<Note>('notes').insert(String(n), { text: 'x'.repeat(500) });
    await store.close();
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xff, 4_096 * 8));
    const damaged = await open();
    const failure = {
      code: 'store_unavailable',
      message: expect.stringContaining('cannot be used right now: it is damaged'),
      hint: expect.stringContaining('go back to a copy of the file'),
    };
    await expect(damaged.collection<Note>('notes').list()).rejects.toMatchObject(failure);
    await expect(damaged.dump()).rejects.toMatchObject(failure);
    await damaged.close();
  });
});

test('loading the database warns of nothing', async () => {
  const child = await spawnWriter(file);
  let warned = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    warned += text;
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(warned).toBe('');
});

function change(statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}

/** As the layout was that kept no story: a document, and the numbers of events reserved up to 4,000. */
async function leaveLayoutOfBefore(): Promise<void> {
  const store = await open();
  await store.collection<Note>('notes').insert('a', { text: 'one' });
  await store.collection<{ last: number }>('event-numbers').insert('reserved', { last: 4_000 });
  await store.close();
  change(`DROP TABLE journals; DROP TABLE journal_entries;
    UPDATE about SET value = '1' WHERE name = 'schema_version'`);
}

/** A process that writes documents and prints the id of each that was acknowledged. Resolves once it has printed one. */
async function spawnWriter(path: string, each = '', options: readonly string[] = []): Promise<ChildProcess> {
  const modules = [join(import.meta.dirname, 'sqlite-store.ts'), join(import.meta.dirname, '../clock.ts')];
  const script = `
    const [{ openSqliteStore }, { createSystemClock }] = await Promise.all(${JSON.stringify(modules)}.map((m) => import(m)));
    const store = await openSqliteStore({ file: process.argv[1], tenant: 'bank', clock: createSystemClock() });
    const notes = store.collection('notes');
    const story = store.journal('story', { mostEntries: 100_000, mostCharacters: 10_000_000 });
    const start = process.hrtime.bigint();
    for (let n = 0; ; n++) {
      const id = start + '-' + n;
      ${each}
      if (await notes.insert(id, { text: 'x'.repeat(n % 3000) })) process.stdout.write(id + '\\n');
      await new Promise(setImmediate);
    }`;
  const child = spawn(process.execPath, [...options, '--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.setEncoding('utf8');
  const [code] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  if (typeof code !== 'string') throw new Error(`the writer ended with ${code}`);
  return child;
}

async function killWhileWriting(least: number): Promise<string[]> {
  const child = await spawnWriter(file);
  let printed = '';
  child.stdout?.on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > least) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return printed.split('\n').slice(0, -1);
}
