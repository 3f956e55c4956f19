// `assent doctor`: tells apart what keeps an agent from the server, and says what to type.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createControlClient } from '../../src/control-client.ts';
import { unlimitedBank } from '../agent.ts';
import { runCommand, startCommand } from '../command.ts';
import { about, examine, type Finding, freePort, type Started, startServer } from '../diagnosis.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assent-doctor-'));
});

afterAll(() => rm(root, { recursive: true }));

const emptyFolder = (): Promise<string> => mkdtemp(join(root, 'home-'));

describe('beside a server', () => {
  let started: Started;

  beforeAll(async () => {
    started = await startServer(await emptyFolder());
  });

  afterAll(() => started.server.stop());

  test('all is well where its authority is trusted', async () => {
    const { folder, url, caFile } = started;
    const diagnosis = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(diagnosis).toMatchObject({ code: 0, wrong: [] });
    expect(about(diagnosis, 'server')?.found).toContain(`${url} is ready`);
    expect(about(diagnosis, 'issuer')).toMatchObject({ state: 'ok' });
    expect(diagnosis.findings.filter((finding) => finding.about === 'device')).toHaveLength(2);
  });

  test('an authority that Node does not know is named, with the reason and the line to type', async () => {
    const { folder, caFile } = started;
    const unset = await examine(folder);
    expect(unset).toMatchObject({ code: 6, wrong: ['ca_not_trusted'] });
    expect(about(unset, 'trust')?.found).toContain('NODE_EXTRA_CA_CERTS is not set');
    expect(about(unset, 'trust')?.type?.[0]).toContain(`export NODE_EXTRA_CA_CERTS=${caFile}`);
    const lost = await examine(folder, { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' });
    expect(about(lost, 'trust')?.found).toContain('/nowhere/ca.pem, which cannot be read');
  });

  test('where nothing says which authority it has, that is wrong and nothing else', async () => {
    const { url } = started;
    const diagnosis = await examine(await emptyFolder(), { ASSENT_URL: url });
    expect(diagnosis).toMatchObject({ code: 6, wrong: ['ca_not_trusted'] });
    expect(about(diagnosis, 'trust')?.found).toContain('ASSENT_CA names no file');
  });

  test('a port where nothing listens is told from the one that it has', async () => {
    const { folder, url } = started;
    const diagnosis = await examine(folder, { ASSENT_URL: `https://localhost:${await freePort()}` });
    expect(diagnosis).toMatchObject({ code: 3, wrong: ['wrong_port'] });
    expect(about(diagnosis, 'server')?.type?.[0]).toContain(`export ASSENT_URL=${url}`);
  });

  test('a port where another program answers is told too', async () => {
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const diagnosis = await examine(started.folder, { ASSENT_URL: `http://localhost:${port}` });
      expect(diagnosis).toMatchObject({ code: 3, wrong: ['wrong_port'] });
      expect(about(diagnosis, 'server')?.found).toContain('another program answers (200)');
    } finally {
      other.close();
    }
  });

  test('http in place of https is told as the wrong address', async () => {
    const { folder, url } = started;
    const diagnosis = await examine(folder, { ASSENT_URL: url.replace('https:', 'http:') });
    expect(diagnosis).toMatchObject({ code: 3, wrong: ['wrong_port'] });
    expect(about(diagnosis, 'server')?.expected).toContain(url);
  });

  test('an agent that is set up with another name is told which of the two is wrong', async () => {
    const { folder, url, caFile } = started;
    const env = { NODE_EXTRA_CA_CERTS: caFile };
    const nowhere = await examine(folder, { ...env, AUTH0_DOMAIN: `localhost:${await freePort()}` });
    expect(nowhere).toMatchObject({ code: 6, wrong: ['issuer_mismatch'] });
    expect(about(nowhere, 'issuer')).toMatchObject({
      expected: expect.stringContaining('AUTH0_DOMAIN is the wrong one'),
      type: [`export AUTH0_DOMAIN=${new URL(url).host}`],
    });
    const same = `https://127.0.0.1:${new URL(url).port}/`;
    const alias = await examine(folder, env, '--issuer', same);
    expect(alias).toMatchObject({ code: 6, wrong: ['issuer_mismatch'] });
    expect(about(alias, 'issuer')).toMatchObject({
      expected: expect.stringContaining('its own name is the wrong one'),
      type: [expect.stringContaining(`--issuer ${same}`)],
    });
  });

  test('as text, each finding has a line, and what is wrong has two more', async () => {
    const { code, stdout } = await runCommand(['doctor'], { folder: started.folder });
    expect(code).toBe(6);
    expect(stdout).toMatch(/^ {2}✓ server {5}https:\/\/localhost:\d+ is ready: assent \S+\n/);
    expect(stdout).toMatch(
      / {2}✕ trust {6}.+\n {15}expected {2}.+\n {15}type {6}export NODE_EXTRA_CA_CERTS=/,
    );
  });
});

describe('a server that is not as usual', { timeout: 60_000 }, () => {
  test('has its clock moved', async () => {
    const { server, folder, url, caFile } = await startServer(await emptyFolder());
    const control = createControlClient({ url, ca: await readFile(caFile, 'utf8') });
    await control.clock.advance(3_600_000);
    const diagnosis = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(diagnosis).toMatchObject({ code: 0, wrong: [] });
    expect(about(diagnosis, 'clock')).toMatchObject({ state: 'note', code: 'clock_moved' });
    expect(about(diagnosis, 'clock')?.found).toContain('put forward by 1:00:00');
    const [typed = ''] = about(diagnosis, 'clock')?.type ?? [];
    const words = typed.replace(/ +#.*/, '').split(' ');
    expect(words.shift()).toBe('assent');
    expect((await runCommand(words, { folder })).code).toBe(0);
    expect((await control.clock.read()).offset_ms).toBe(0);
    await server.stop();
  });

  test('fails on purpose', async () => {
    const { server, folder, url, caFile } = await startServer(await emptyFolder());
    const control = createControlClient({ url, ca: await readFile(caFile, 'utf8') });
    const fault = await control.faults.inject({ on: 'token', does: { kind: 'slow_down' } });
    const diagnosis = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(diagnosis).toMatchObject({ code: 0, wrong: [] });
    expect(about(diagnosis, 'faults')).toMatchObject({ state: 'note', code: 'fault_active' });
    expect(about(diagnosis, 'faults')?.found).toContain(fault.id);
    // Such a fault spares our own client, or nobody could end it.
    await control.faults.inject({ on: 'connection', does: { kind: 'break_tls', how: 'refuse' } });
    const broken = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(broken.wrong).toEqual(['ca_not_trusted']);
    expect(about(broken, 'trust')?.found).toContain('do not come as far as the certificate');
    await server.stop();
  });

  test('has a device that is not told', async () => {
    const { server, folder, url, caFile } = await startServer(await emptyFolder());
    const control = createControlClient({ url, ca: await readFile(caFile, 'utf8') });
    const phone = startCommand(['device', '--user', 'charles', '--answer', 'nothing'], { folder });
    await phone.says('is enrolled');
    const ask = () => runCommand(['ask', 'Anything', '--user', 'charles', '--no-wait'], { folder });
    const judge = async (): Promise<Finding | undefined> =>
      (await examine(folder)).findings.find(({ found }) => found.includes('Charles'));
    await ask();
    await server.says('push of iPhone');
    expect(await judge()).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/by web push, last r1$/),
    });
    await control.faults.inject({ on: 'push', does: { kind: 'answer', status: 503 } });
    await ask();
    await server.says('push to iPhone of assent device failed');
    expect(await judge()).toMatchObject({
      code: 'push_failed',
      found: expect.stringContaining('not told of r2'),
    });
    await control.faults.clear();
    await control.faults.inject({ on: 'push', does: { kind: 'answer', status: 410 } });
    await ask();
    await server.says('the device is lost');
    expect(await judge()).toMatchObject({ state: 'wrong', code: 'device_lost' });
    await phone.stop();
    await server.stop();
  });

  test('answers at a quick pace', async () => {
    const { server, folder, caFile } = await startServer(await emptyFolder(), '--quick-answers');
    const diagnosis = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(diagnosis).toMatchObject({ code: 0, wrong: [] });
    expect(about(diagnosis, 'pace')?.found).toContain('polls every 0.05 s');
    await server.stop();
  });
});

describe('the configuration', { timeout: 60_000 }, () => {
  interface Setting {
    name: string;
    value: unknown;
    origin: string;
    by?: string;
  }

  async function listSettings(folder: string): Promise<Map<string, Setting>> {
    const { stdout } = await runCommand(['doctor', '--format', 'json'], { folder });
    const { settings }: { settings: Setting[] } = JSON.parse(stdout);
    return new Map(settings.map((setting) => [setting.name, setting]));
  }

  test('has for each value who decided it: nobody, the file, an option, a variable, somebody since', async () => {
    const folder = await emptyFolder();
    const tenant = { ...unlimitedBank(), ciba: { interval: 2, retention: 100 } };
    await writeFile(join(folder, 'assent.yaml'), stringify(tenant));
    const env = { ASSENT_PORT: '0', ASSENT_ISSUER: 'http://auth0.test/' };
    const server = startCommand(['--http', '--held-poll', '3'], { folder, env });
    await server.says('Ready.');
    await writeFile(join(folder, 'part.json'), JSON.stringify({ ciba: { default_expiry: 120 } }));
    await runCommand(['import', '--merge', 'part.json'], { folder });
    const settings = await listSettings(folder);
    const file = join(folder, 'assent.yaml');
    expect(settings.get('port')).toMatchObject({ origin: 'environment', by: 'ASSENT_PORT' });
    expect(settings.get('issuer')).toMatchObject({ value: 'http://auth0.test/', origin: 'environment' });
    expect(settings.get('http')).toMatchObject({ value: true, origin: 'flag', by: '--http' });
    expect(settings.get('host')).toMatchObject({ value: '127.0.0.1', origin: 'default' });
    expect(settings.get('config')).toMatchObject({ value: file, origin: 'default' });
    expect(settings.get('ciba.interval')).toMatchObject({ value: 2, origin: 'file', by: file });
    expect(settings.get('ciba.held_poll')).toMatchObject({ value: 3, origin: 'flag', by: '--held-poll' });
    expect(settings.get('ciba.default_expiry')).toMatchObject({ value: 120, origin: 'run time' });
    expect(settings.get('ciba.push_expiry_limit')).toMatchObject({ value: 300, origin: 'default' });
    expect(settings.get('users')).toMatchObject({ origin: 'file' });
    const { stdout } = await runCommand(['doctor'], { folder });
    expect(stdout).toMatch(/ {4}ciba\.retention +100 +assent\.yaml\n/);
    expect(stdout).toMatch(/ {4}ciba\.default_expiry +120 +changed at run time\n/);
    await server.stop();
  });

  test('shows no secret, in text or as JSON', async () => {
    const { server, folder } = await startServer(await emptyFolder(), '--http');
    for (const format of ['text', 'json']) {
      const { stdout } = await runCommand(['doctor', '--format', format], { folder });
      expect(stdout).toContain('night-trader');
      expect(stdout).not.toContain('-not-real');
    }
    await server.stop();
  });

  test('an option that is typed stands over a variable, and a variable that is wrong is named', async () => {
    const folder = await emptyFolder();
    const env = { ASSENT_PORT: 'many' };
    expect(await runCommand([], { folder, env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'many' from env 'ASSENT_PORT' is invalid"),
    });
    const server = startCommand(['--http', '--port', '0'], { folder, env: { ASSENT_PORT: '1' } });
    await server.says('Ready.');
    expect((await listSettings(folder)).get('port')).toMatchObject({ origin: 'flag', by: '--port' });
    await server.stop();
  });
});

describe('without a server', () => {
  test('it is not started', async () => {
    const diagnosis = await examine(await emptyFolder(), {
      ASSENT_URL: `https://localhost:${await freePort()}`,
    });
    expect(diagnosis).toMatchObject({ code: 3, wrong: ['not_started'] });
  });

  test('one that was killed has left its file, which is no sign of life', async () => {
    const { server, folder } = await startServer(await emptyFolder(), '--http');
    await server.stop('SIGKILL');
    const diagnosis = await examine(folder);
    expect(diagnosis).toMatchObject({ code: 3, wrong: ['not_started'] });
    expect(about(diagnosis, 'server')?.found).toContain(`server.json is left of process ${server.pid}`);
  });

  test('waiting ends when it is ready, and judges that alone', async () => {
    const folder = await emptyFolder();
    const waiting = startCommand(['doctor', '--wait', '30'], { folder });
    const server = startCommand(['--port', '0'], { folder });
    const { code, stdout } = await waiting.ends();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}✓ server {5}https:\/\/localhost:\d+ is ready: assent \S+\n$/);
    await server.says('Ready.');
    await server.stop();
  });

  test('waiting ends when the time is over', async () => {
    const env = { ASSENT_URL: `https://localhost:${await freePort()}` };
    expect(await examine(await emptyFolder(), env, '--wait', '0')).toMatchObject({
      code: 3,
      wrong: ['not_started'],
    });
  });

  test('what is no address, and no issuer, is said', async () => {
    expect(await examine(await emptyFolder(), { ASSENT_URL: 'localhost:4443' })).toMatchObject({ code: 3 });
    const wrong = await runCommand(['doctor', '--issuer', 'auth0.test'], { folder: root });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
  });
});
