// `assent exec`: a command that finds a server of its own, gets every signal, and whose end is the end.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { provideCertificates } from '../../src/tls/certificates.ts';
import { unlimitedBank } from '../agent.ts';
import { type CommandResult, runCommand, startCommand, startShell } from '../command.ts';
import { startRedis } from '../redis-server.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

let folder: string;
let temporary: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-exec-test-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
});

// Whatever happened: the server's files went with it.
afterEach(async () => {
  expect((await readdir(temporary)).filter((name) => name.startsWith('assent'))).toEqual([]);
});

afterAll(() => rm(folder, { recursive: true }));

interface Execution {
  options?: string[];
  env?: Record<string, string>;
}

const world = (env: Record<string, string> = {}) => ({ folder, env: { TMPDIR: temporary, ...env } });
const exec = (command: string[], { options = [], env }: Execution = {}): Promise<CommandResult> =>
  runCommand(['exec', ...options, '--', ...command], world(env));
/** A program of JavaScript, as the command. */
const node = (script: string): string[] => [process.execPath, '--input-type=module', '--eval', script];

describe('the command', () => {
  test('finds the server as an agent does, trusts it, and has stdout for itself', async () => {
    const { code, stdout, stderr } = await exec(
      node(`
        const { AUTH0_DOMAIN, AUTH0_CLIENT_ID, ASSENT_URL } = process.env;
        const discovery = await (await fetch('https://' + AUTH0_DOMAIN + '/.well-known/openid-configuration')).json();
        console.log(JSON.stringify([discovery.issuer === ASSENT_URL + '/', AUTH0_CLIENT_ID]));
      `),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[true,"aiya"]\n' });
    expect(stderr).toMatch(/^ {2}assent \S+ {2}https:\/\/localhost:\d+ {2}tenant bank\n$/);
  });

  test('stands after --, and is told of a tenant in which nobody may ask', async () => {
    const wrong = await runCommand(['exec', process.execPath, '-e', '1'], world());
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('stand after --') });
    const config = join(folder, 'rules.yaml');
    await writeFile(config, stringify({ rules: [{ answer: 'approve' }] }));
    const { stderr } = await exec(node(''), { options: ['--config', config] });
    expect(stderr).toContain('no client that may ask');
  });

  test('is beside other commands of assent, which find the same server', async () => {
    const script = `assent() { "${process.execPath}" "${MAIN}" "$@"; }
      assent ask "Pay 42 EUR to Grace" --no-wait >/dev/null
      assent deny latest --reason "not tonight" >/dev/null
      assent requests --format ndjson`;
    const { code, stdout } = await exec(['/bin/sh', '-c', script]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'r1',
      state: 'denied',
      decision: { reason: 'not tonight' },
    });
  });

  test('decides by a control client that is told nothing', async () => {
    const entry = new URL('../../src/index.ts', import.meta.url).href;
    const { code, stdout } = await exec(
      node(`
        import { createControlClient } from '${entry}';
        const control = createControlClient();
        console.log((await control.health()).tenant);
      `),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'bank\n' });
  });

  test('sees the tenant file and the issuer that were named', async () => {
    const file = join(folder, 'own.yaml');
    await writeFile(file, stringify(unlimitedBank({ tenant: { name: 'mine' } })));
    const { stdout, stderr } = await exec(node('console.log(process.env.AUTH0_DOMAIN)'), {
      options: ['--config', 'own.yaml', '--issuer', 'https://auth0.test/'],
    });
    expect(stdout).toBe('auth0.test\n');
    expect(stderr).toContain('tenant mine');
  });

  test('goes on trusting what it trusted, and gets no secret of another tenant', async () => {
    const others = await provideCertificates({ folder: join(folder, 'others'), clock: Date });
    const { stdout } = await exec(
      node(`
        import { readFileSync } from 'node:fs';
        const { NODE_EXTRA_CA_CERTS, AUTH0_AUDIENCE, AUTH0_CLIENT_SECRET, ASSENT_CA } = process.env;
        const trusted = readFileSync(NODE_EXTRA_CA_CERTS, 'utf8');
        const [other, ours] = [process.argv[1], ASSENT_CA].map((file) => trusted.includes(readFileSync(file, 'utf8').trim()));
        console.log(JSON.stringify({ other, ours, AUTH0_AUDIENCE, AUTH0_CLIENT_SECRET }));
      `).concat(others.caFile),
      {
        options: ['--config', await writePublicClient()],
        env: {
          NODE_EXTRA_CA_CERTS: others.caFile,
          AUTH0_CLIENT_SECRET: 'real',
          AUTH0_AUDIENCE: 'https://real.example',
        },
      },
    );
    expect(JSON.parse(stdout)).toEqual({ other: true, ours: true });
  });
});

test('what one command has left in a Redis is there for the next one', async () => {
  await using redis = await startRedis();
  const options = ['--store', redis.url, '--http'];
  const change = `await fetch(process.env.ASSENT_URL + '/control/tenant', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ users: [{ user_id: 'auth0|new', name: 'New Person' }] }),
  })`;
  expect((await exec(node(change), { options })).code).toBe(0);
  const read = `const { users } = await (await fetch(process.env.ASSENT_URL + '/control/tenant')).json();
    console.log(users.map(({ name }) => name).join());`;
  expect((await exec(node(read), { options })).stdout).toContain('New Person');
});

/** A tenant without secrets and APIs. */
async function writePublicClient(): Promise<string> {
  const file = join(folder, 'public.yaml');
  const client = {
    client_id: 'app',
    name: 'App',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
  };
  await writeFile(file, stringify({ clients: [client] }));
  return file;
}

describe('the end of the command is the end of exec:', () => {
  test('its code, and then the story of what happened, beside its own output', async () => {
    const script = `"${process.execPath}" "${MAIN}" ask "Pay 42 EUR to Grace" --no-wait >/dev/null; echo mine; exit 3`;
    const { code, stdout, stderr } = await exec(['/bin/sh', '-c', script]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'mine\n' });
    expect(stderr).toMatch(/\/bin\/sh ended with 3\.\n.+meanwhile:\n\n.+ask {5}r1 {3}Aiya → Ada Lovelace/);
  });

  test('a failure that has nothing to do with the server says so', async () => {
    const { code, stderr } = await exec(['false']);
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was asked of https://localhost:');
  });

  test('128 and the number of the signal that ended it', async () => {
    const { code, stderr } = await exec(['/bin/sh', '-c', 'kill -KILL $$']);
    expect(code).toBe(128 + 9);
    expect(stderr).toContain('/bin/sh ended with 137 (SIGKILL).');
    // Not everything that ends with such a code was ended by a signal.
    expect((await exec(['/bin/sh', '-c', 'exit 129'])).stderr).toContain('/bin/sh ended with 129.');
  });

  test('127 for a command that is not there, 126 for one that may not be run', async () => {
    const missing = await exec(['no-such-command']);
    expect(missing).toMatchObject({ code: 127, stdout: '' });
    expect(missing.stderr).toContain('There is no command "no-such-command" here.');
    const file = join(folder, 'text.sh');
    await writeFile(file, 'true\n');
    await chmod(file, 0o644);
    const refused = await exec([file]);
    expect(refused.code).toBe(126);
    expect(refused.stderr).toContain(`chmod +x ${file}`);
  });

  test('a tenant file with mistakes, and no command at all, start nothing', async () => {
    const wrong = await exec(['echo', 'ran'], { options: ['--config', 'nowhere.yaml'] });
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('nowhere.yaml does not exist');
    expect(await runCommand(['exec'], world())).toMatchObject({ code: 2, stdout: '' });
  });
});

/** Says that it runs, and which signal it got; ends with 7. */
const PATIENT = node(`
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {
    console.log('got ' + signal);
    process.exit(7);
  });
  setInterval(() => undefined, 1_000_000);
  console.log('runs');
`);

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s is the command’s to answer', async (signal) => {
    const running = startCommand(['exec', '--', ...PATIENT], world());
    await running.says('runs');
    const { code, stdout, stderr } = await running.stop(signal);
    expect({ code, stdout }).toEqual({ code: 7, stdout: `runs\ngot ${signal}\n` });
    expect(stderr).not.toContain('meanwhile');
  });

  test('that ends only the shell of npm ends the command and the server too', async () => {
    const shell = startShell(
      `assent ${quote(['exec', '--', ...PATIENT])}; exit $?`,
      world({ npm_lifecycle_event: 'test' }),
    );
    await shell.says('runs');
    const { stdout } = await shell.stop('SIGTERM');
    expect(stdout).toBe('runs\ngot SIGTERM\n');
  });
});

/** A terminal, if `script` of util-linux can make one. */
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

test.runIf(hasTerminal)('Ctrl-C at a terminal reaches the command once', async () => {
  const counting = node(`
    let count = 0;
    process.on('SIGINT', () => {
      count += 1;
      // A second one would come right behind it.
      setTimeout(() => { console.log('SIGINT x' + count); process.exit(5); }, 500);
    });
    setInterval(() => undefined, 1_000_000);
    console.log('runs');
  `);
  const command = `exec ${quote([process.execPath, MAIN, 'exec', '--', ...counting])}`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: temporary, TERM: 'dumb', SHELL: '/bin/sh' },
  });
  let written = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    const isFirst = !written.includes('runs');
    written += text;
    if (isFirst && written.includes('runs')) terminal.stdin.write('\u0003');
  });
  const [code] = await once(terminal, 'close');
  expect(code).toBe(5);
  expect(written).toContain('SIGINT x1');
});

/** Words as a POSIX shell takes them literally. */
function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

test('a script of npm has it as its command, with words of its own', async () => {
  const project = await mkdtemp(join(folder, 'project-'));
  const script = `"${process.execPath}" "${MAIN}" exec -- "${process.execPath}" --print "[process.env.AUTH0_CLIENT_ID, ...process.argv.slice(1)].join()"`;
  await writeFile(join(project, 'package.json'), JSON.stringify({ scripts: { try: script } }));
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'try', '--', 'more', '--words'], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: project, TMPDIR: temporary, npm_config_update_notifier: 'false' },
  });
  expect(stdout).toBe('aiya,more,--words\n');
});
