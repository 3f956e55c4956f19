// Who may call the control API: programs of this computer, or whoever has the token. The network of these tests is another address
// of this computer.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createControlClient, type RunningAssent, type StartOptions, startAssent } from '../../src/index.ts';
import { networkAddresses } from '../../src/network-addresses.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { runCommand, startCommand } from '../command.ts';
import { type Call, call } from '../http-call.ts';

const EXIT_OF_REFUSAL = 1;
const TOKEN = 'a-token-of-the-test-0123456789';
const folder = await mkdtemp(join(tmpdir(), 'assent-token-'));
const [ownAddress] = networkAddresses(networkInterfaces());
let running: RunningAssent | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

async function start(options: StartOptions = {}): Promise<RunningAssent> {
  running = await startAssent({ tls: false, config: unlimitedBank(), ...options });
  return running;
}

const bearing = (token: string): Call => ({ headers: { authorization: `Bearer ${token}` } });

/** Every route of the control API, with a method that exists. */
async function listRoutes({ url }: RunningAssent): Promise<Array<{ method: string; path: string }>> {
  const { paths } = (await call(`${url}/control/openapi.json`)).json();
  return Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'latest'),
    })),
  );
}

const OPEN = ['GET /control/health', 'GET /control/live', 'GET /control/openapi.json'];

describe('a server that was started with a token', () => {
  test('asks for it on every route but those that tell whether it lives and how it is called', async () => {
    const assent = await start({ controlToken: TOKEN });
    const routes = await listRoutes(assent);
    expect(routes.length).toBeGreaterThan(15);
    const open: string[] = [];
    for (const { method, path } of routes) {
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {};
      for (const wrong of [{}, bearing('another-token-0123456789'), bearing(`${TOKEN}x`)]) {
        const { status, headers, text } = await call(assent.url + path, { method, ...body, ...wrong });
        if (status !== 401) {
          open.push(`${method} ${path}`);
          continue;
        }
        expect([JSON.parse(text).code, headers['www-authenticate']]).toEqual([
          'control_token_invalid',
          wrong.headers ? 'Bearer error="invalid_token"' : 'Bearer',
        ]);
        expect(text).not.toContain(TOKEN);
      }
    }
    expect([...new Set(open)].sort()).toEqual(OPEN);
  });

  test('answers whoever has it, and its own control client sends it', async () => {
    const assent = await start({ controlToken: TOKEN });
    const authReqId = await new Agent(assent).askFor();
    expect((await call(`${assent.url}/control/requests`, bearing(TOKEN))).status).toBe(200);
    expect((await assent.control.approve(authReqId)).result).toBe('decided');
    const other = createControlClient({ url: assent.url, token: TOKEN });
    expect((await other.request(authReqId)).state).toBe('approved');
    const stranger = createControlClient({ url: assent.url });
    await expect(stranger.requests()).rejects.toMatchObject({ code: 'control_token_invalid', status: 401 });
  });

  test('refuses one that is too short or no token, without repeating it', async () => {
    for (const controlToken of ['short', 'with a space in it, and long enough']) {
      const refused = await start({ controlToken }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'usage' });
      expect(String(refused)).not.toContain(controlToken);
    }
  });
});

describe('without one', () => {
  test('a server on loopback asks nobody', async () => {
    const assent = await start();
    expect(assent.controlToken).toBeUndefined();
    expect((await call(`${assent.url}/control/requests`)).status).toBe(200);
  });

  test.skipIf(ownAddress === undefined)(
    'one that listens to the network makes one, which callers from there need and programs of this computer do not',
    async () => {
      const assent = await start({ host: '0.0.0.0' });
      const { controlToken = '' } = assent;
      expect(controlToken).toMatch(/^\w{43}$/);
      expect((await call(`${assent.url}/control/tenant`)).status).toBe(200);
      const { port } = new URL(assent.url);
      const outside = `http://${ownAddress?.address}:${port}`;
      for (const path of ['/control/tenant', '/control/requests', '/control/mailbox', '/control/snapshot'])
        expect([path, (await call(outside + path)).status]).toEqual([path, 401]);
      expect((await call(`${outside}/control/tenant`, bearing(controlToken))).status).toBe(200);
      expect((await call(`${outside}/control/health`)).status).toBe(200);
      expect((await call(`${outside}/approver/people`)).status).toBe(200);
    },
  );
});

describe('the command', () => {
  test('takes the token from a file, leaves it for the other commands, and prints it nowhere', async () => {
    const file = join(folder, 'control-token');
    await writeFile(file, `${TOKEN}\n`);
    const words = ['start', '--http', '--port', '0', '--control-token-file', file, '--format', 'ndjson'];
    const server = startCommand(words, { folder });
    try {
      await server.says(/"type":"ready".*\n/);
      const ready = JSON.parse(server.output().stdout.split('\n')[0] ?? '');
      const run = JSON.parse(await readFile(join(folder, '.assent/server.json'), 'utf8'));
      expect(run.control_token).toBe(TOKEN);
      // Nor the secret of the client, which the file has.
      const { AUTH0_CLIENT_SECRET: secret, ...others } = run.env;
      expect(secret).toEqual(expect.any(String));
      expect(ready.env).toEqual(others);
      expect((await call(`${run.url}/control/requests`)).status).toBe(401);
      const found = await runCommand(['requests', '--format', 'json'], { folder });
      expect([found.code, found.stdout.trim()]).toEqual([0, '[]']);
      // Plays the client, whose own header is not the control API's.
      const asked = await runCommand(['ask', 'Pay 12 EUR to Grace', '--no-wait'], { folder });
      expect([asked.code, asked.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
      expect((await runCommand(['deny', 'latest'], { folder })).code).toBe(0);
      const elsewhere = { ASSENT_URL: run.url, ASSENT_CONTROL_TOKEN: TOKEN };
      expect((await runCommand(['show', 'latest'], { folder: tmpdir(), env: elsewhere })).code).toBe(0);
      const stranger = await runCommand(['show', 'latest'], {
        folder: tmpdir(),
        env: { ASSENT_URL: run.url },
      });
      expect([stranger.code, stranger.stderr]).toEqual([
        EXIT_OF_REFUSAL,
        expect.stringContaining('ASSENT_CONTROL_TOKEN'),
      ]);
    } finally {
      const { stdout, stderr } = await server.stop();
      expect(stdout + stderr).not.toContain(TOKEN);
    }
  });
});
