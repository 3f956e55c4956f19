// `assent init`: whatever it is told, the file it writes starts, and nothing of anybody is written over.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../command.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assent-init-'));
});

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'project-'));
});

afterAll(() => rm(root, { recursive: true }));

const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder });
const init = (...words: string[]): Promise<CommandResult> => assent('init', ...words);

describe('the file', () => {
  test('starts, and the two commands that are named work', async () => {
    const { code, stdout, stderr } = await init();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const [start, ask = ''] = stderr.split('\n').filter((line) => /^ {4}assent/.test(line));
    expect(start).toBe('    assent');
    const script = `assent() { "${process.execPath}" "${MAIN}" "$@"; }\n${ask} --no-wait && assent show latest --format json`;
    const tried = await assent('exec', '--', '/bin/sh', '-c', script);
    expect(tried.code).toBe(0);
    expect(JSON.parse(tried.stdout.split('\n').at(1) ?? '')).toMatchObject({
      client: { name: 'My agent' },
      approver: { user_id: 'auth0|ada' },
      consent: { summary: 'Order 42.00 EUR to Grace' },
    });
  });

  test('says what it was told', async () => {
    const { stdout } = await init(
      ...['--client', 'trip-planner', '--audience', 'urn:hotel', '--type', 'hotel_booking'],
      ...['--person', 'Zoë Ångström', '--person', 'kim@hotel.example', '--format', 'json'],
    );
    expect(JSON.parse(stdout)).toMatchObject({ file: join(folder, 'assent.yaml'), client: 'trip-planner' });
    const shown = await assent('exec', '--', process.execPath, MAIN, 'export', '--format', 'json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      clients: [{ client_id: 'trip-planner', name: 'Trip planner' }],
      resource_servers: [{ identifier: 'urn:hotel', authorization_details: [{ type: 'hotel_booking' }] }],
      users: [
        { user_id: 'auth0|zoe', name: 'Zoë Ångström' },
        { user_id: 'auth0|kim', name: 'Kim', email: 'kim@hotel.example' },
      ],
    });
  });

  test.each([
    [
      'signs of YAML',
      ['--client', 'a: #b', '--type', '- "x"', '--audience', "it's: {}", '--person', '&a *b'],
    ],
    ['words that YAML takes for something else', ['--client', 'null', '--type', 'true', '--person', '12']],
    [
      'another alphabet, and namesakes',
      ['--person', '李', '--person', '李', '--person', 'Ada', '--person', 'Ada'],
    ],
    ['a type of Auth0’s own schema', ['--type', 'urn:auth0:schemas:authorization-details:v1:pay']],
  ])('starts with %s', async (_what, words) => {
    expect(await init(...words)).toMatchObject({ code: 0 });
    expect(await assent('exec', '--', 'true')).toMatchObject({ code: 0 });
  });

  test('names the schema of the installed package, for editors', async () => {
    await mkdir(join(folder, 'node_modules/assent'), { recursive: true });
    await writeFile(join(folder, 'node_modules/assent/tenant.schema.json'), '{}');
    await init();
    expect(await readFile(join(folder, 'assent.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/assent\/tenant\.schema\.json\n/,
    );
  });
});

test('the file names the page on every setting as it lies in the installed package', async () => {
  const page = 'node_modules/assent/docs/reference/configuration.md';
  await mkdir(join(folder, dirname(page)), { recursive: true });
  await writeFile(join(folder, page), '');
  await init();
  expect(await readFile(join(folder, 'assent.yaml'), 'utf8')).toContain(`Every setting: ${page}\n`);
});

describe('nothing is written', () => {
  test.each(['assent.yaml', 'assent.json'])(
    'over %s, which is there, unless --force is said',
    async (name) => {
      await writeFile(join(folder, name), '{}');
      const { code, stderr } = await init();
      expect(code).toBe(1);
      expect(stderr).toContain(`${name} is there already; nothing was written.`);
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(join(folder, name), 'utf8')).toBe('{}');
      expect(await init('--force')).toMatchObject({ code: 0 });
      expect(await readFile(join(folder, 'assent.yaml'), 'utf8')).toContain('client_id: my-agent');
    },
  );

  test('for an empty name, and into a folder that is not there', async () => {
    expect(await init('--client', ' ')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('empty text for --client'),
    });
    expect(await init('--output', 'no/such/folder.yaml')).toMatchObject({ code: 1 });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('.gitignore', () => {
  test('gets the data folder once, after what stands there', async () => {
    await writeFile(join(folder, '.gitignore'), 'dist');
    await init();
    await init('--force');
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('dist\n.assent/\n');
  });
});

/** A terminal, if `script` of util-linux can make one. */
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

describe.runIf(hasTerminal)('at a terminal', () => {
  /** Types each answer once its question is there. */
  async function answer(...answers: Array<[question: string, typed: string]>) {
    const command = `"${process.execPath}" "${MAIN}" init --type booking`;
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', NO_COLOR: '1' },
    });
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      const [next] = answers;
      if (next === undefined || !written.includes(next[0])) return;
      answers.shift();
      child.stdin.write(next[1]);
    });
    const [code] = await once(child, 'close');
    return { code, written };
  }

  test('it asks what no option says, and takes Enter for what it proposes', async () => {
    const { code } = await answer(
      ['Client id of your agent [my-agent]', 'planner\r'],
      ['the API', '\r'],
      ['Who is asked', 'Kim, Robin\r'],
    );
    expect(code).toBe(0);
    const file = await readFile(join(folder, 'assent.yaml'), 'utf8');
    expect(file).toContain('client_id: planner');
    expect(file).toContain('identifier: https://api.example/orders');
    expect(file).toContain('- type: booking');
    expect(file.match(/user_id: \S+/g)).toEqual(['user_id: auth0|kim', 'user_id: auth0|robin']);
  });

  test('Ctrl-C writes nothing', async () => {
    const { code, written } = await answer(['Client id', '\u0003']);
    expect(code).toBe(1);
    expect(written).toContain('Nothing was written.');
    expect(await readdir(folder)).toEqual([]);
  });
});
