// The command as people and scripts use it: a real process beside a real server, found through its run file.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type ControlClient, createControlClient } from '../../src/control-client.ts';
import { unlimitedBank } from '../agent.ts';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from '../command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-command-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A folder of its own, so that the server of the other tests is not found. */
async function emptyFolder(): Promise<string> {
  return mkdtemp(join(folder, 'empty-'));
}

describe('beside a running server', () => {
  let server: RunningCommand;
  let home: string;
  const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder: home });
  const startAsking = (...words: string[]): RunningCommand =>
    startCommand(['ask', ...words], { folder: home });

  beforeAll(async () => {
    home = await emptyFolder();
    // Agents may poll ten times a second here, so that no test waits for seconds.
    await writeFile(join(home, 'assent.yaml'), stringify(unlimitedBank({ ciba: { interval: 0.1 } })));
    server = startCommand(['--port', '0'], { folder: home });
    await server.says('Ready.');
  });

  afterAll(() => server.stop());

  test('its file tells the other commands where it is, and nobody else', async () => {
    const file = join(home, '.assent/server.json');
    const run = JSON.parse(await readFile(file, 'utf8'));
    expect(run).toMatchObject({ pid: server.pid, tenant: 'bank', ca_file: join(home, '.assent/ca.pem') });
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(join(home, '.assent/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('env gives a shell the variables and nothing else', async () => {
    const { code, stdout, stderr } = await assent('env', '--format', 'shell');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const script = `set -eu\n${stdout}\nprintf '%s|%s' "$AUTH0_CLIENT_SECRET" "$NODE_EXTRA_CA_CERTS"`;
    const evaluated = await promisify(execFile)('/bin/sh', ['-c', script]);
    expect(evaluated.stdout).toBe(`aiya-secret-not-real|${join(home, '.assent/ca.pem')}`);
    expect(JSON.parse((await assent('env', '--format', 'json')).stdout)).toMatchObject({
      AUTH0_CLIENT_ID: 'aiya',
    });
  });

  test('an approved wish ends with the token’s claims, whose details match', async () => {
    const asking = startAsking('Pay 42€ to Grace');
    await asking.says(/type {2}assent approve (r\d+)/);
    const name = /assent approve (r\d+)/.exec(asking.output().stderr)?.[1] ?? '';
    expect(asking.output().stderr).toContain('must show the same code:  Pay 42 EUR to Grace');
    expect(asking.output().stderr).toContain('changed to the characters and length that Auth0 accepts');

    const listed = await assent('requests', '--state', 'pending');
    expect(listed.stdout).toMatch(
      /r\d+ +pending +Aiya → Ada Lovelace +Transfer 42\.00 EUR to Grace +expires in/,
    );
    const shown = await assent('show', name);
    expect(shown.stdout).toMatch(/Amount +42\.00[\s\S]+Currency +EUR[\s\S]+To +Grace/);

    const approved = await assent('approve', name);
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await asking.ends();
    expect(code).toBe(0);
    expect(stderr).toContain('✓ approved by auth0|ada from the command line');
    expect(stdout).toContain('[{"type":"transfer_funds","amount":"42.00","currency":"EUR","to":"Grace"}]');
    expect(stdout).toMatch(/details match\n$/);
    await server.says(`token   ${name}`);
  });

  test('a denied wish ends with 4 and the reason, and a later approval with 4 too', async () => {
    const asking = startAsking('Delete the archive', '--user', 'Grace Hopper');
    await asking.says('Waiting');
    expect(asking.output().stderr).toContain('Aiya asks Grace Hopper');
    const denied = await assent('deny', 'latest', '--reason', 'not tonight');
    expect(denied.code).toBe(0);
    const { code, stdout, stderr } = await asking.ends();
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('was denied: "not tonight"');
    const late = await assent('approve', 'latest');
    expect(late.code).toBe(4);
    expect(late.stderr).toContain('was denied before, by auth0|grace from the command line');
  });

  test('a wish that nobody answers ends with 5', async () => {
    const asking = startAsking('Anything', '--expiry', '1', '--format', 'json');
    const { code, stdout } = await asking.ends();
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'expired' });
  });

  test('without waiting, the request is named for a script', async () => {
    const { code, stdout } = await assent('ask', 'Pay 1 EUR to Ada', '--no-wait', '--format', 'json');
    const { name, auth_req_id: authReqId } = JSON.parse(stdout);
    expect(code).toBe(0);
    const shown = JSON.parse((await assent('show', authReqId, '--format', 'json')).stdout);
    expect(shown).toMatchObject({ name, state: 'pending' });
    await assent('deny', name);
  });

  test('details of one’s own reach the token unchanged', async () => {
    const details = '{"type":"payment_initiation","z":1.50,"a":{"deep":[true,null]}}';
    const asking = startAsking('Invoice 7', '--details', details, '--format', 'json');
    await assent('approve', await nextName());
    const { code, stdout } = await asking.ends();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ details_match: true, claims: { scope: 'openid' } });
    expect(stdout).toContain(
      '"authorization_details":[{"type":"payment_initiation","z":1.5,"a":{"deep":[true,null]}}]',
    );
  });

  test('details are sent as they were typed, also a number that would be rounded', async () => {
    const details = '{"type":"transfer_funds","amount":12345678901234567890}';
    const refused = await assent('ask', 'Anything', '--details', details);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the number 12345678901234567890 cannot be carried exactly');
  });

  test('a fault that refused is named as one, with what ends it', async () => {
    for (const status of ['429', '503']) {
      await assent('faults', 'add', 'answer', '--on', 'token', '--status', status);
      const refused = await assent('ask', 'Anything');
      expect(refused.code).toBe(1);
      const [, id = ''] = /That is the fault (f\d+), on purpose\./.exec(refused.stderr) ?? [];
      expect(refused.stderr).toContain(`assent faults remove ${id}`);
      expect((await assent('faults', 'remove', id)).code).toBe(0);
    }
  });

  test('a tenant of the standards: its clients are known, and a person with a user code is not asked without it', async () => {
    const bank = await emptyFolder();
    const config = fileURLToPath(new URL('../../../fixtures/tenants/standard.yaml', import.meta.url));
    const other = startCommand(['--port', '0', '--config', config], { folder: bank });
    await other.says('profile standard');
    await other.says('Ready.');
    const ask = (...words: string[]) => runCommand(['ask', 'Anything', ...words], { folder: bank });
    // Its secret is in the tenant; where there is none, it says so.
    const refused = await ask('--user', 'grace', '--client', 'call-centre');
    const signer = await ask('--client', 'payments');
    const nobody = await ask('--client', 'nobody');
    const env = await runCommand(['env'], { folder: bank });
    await other.stop();
    expect(signer.stderr).toContain('proves itself by private_key_jwt');
    expect(nobody.stderr).toContain('This tenant has no client "nobody"');
    for (const { code, stderr } of [signer, nobody])
      expect([code, stderr]).toEqual([2, expect.stringContaining('assent ask --client assistant')]);
    expect(env.stdout).toMatch(/^OIDC_ISSUER=https:\/\/localhost:\d+\/\nOIDC_CLIENT_ID=/);
    expect(refused.stderr).toContain('Refused with missing_user_code');
    expect(refused.stderr).toContain('this command sends none');
  });

  test('a clock that is to go back is told that it does not', async () => {
    const refused = await assent('clock', '-10m');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('goes forwards only') });
    expect((await assent('clock', '10m')).stderr).toContain('expected + and how far, in w, d, h, m, s or ms');
  });

  test('what the server refuses is said in its words, with what to try', async () => {
    const refused = await assent('ask', 'Anything', '--user', 'charles');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Refused with invalid_request: .*channel/i);
    expect(refused.stderr).toContain('assent ask --user');
    const tooLong = await assent('ask', 'Anything', '--user', 'ada', '--expiry', '301');
    expect(tooLong.stderr).toContain('list email in async_approval_notification_channels');
    expect(tooLong.stderr).not.toContain('no device');
    expect((await assent('ask', 'Anything', '--user', 'nobody')).stderr).toContain(
      'Choose one of auth0|ada, auth0|grace, auth0|charles',
    );
  });

  test('an auth_req_id that begins with a dash is no option', async () => {
    const id = `-${'x'.repeat(63)}`;
    const unknown = await assent('show', id, '--format', 'json');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('not_found');
  });

  test('an unknown request, command or option says what to type', async () => {
    expect(await assent('show', 'r9999')).toMatchObject({
      code: 1,
      stderr: '\n  There is no request "r9999".\n  See what there is:   assent requests\n\n',
    });
    expect(await assent('aks', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean ask?'),
    });
    expect(await assent('ask', 'x', '--usr', 'ada')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean --user?'),
    });
    const failed = await assent('show', 'r9999', '--format', 'json');
    expect(JSON.parse(failed.stderr)).toMatchObject({ error: { code: 'not_found' } });
  });

  test('a list that is full says how to go on', async () => {
    const [{ name: newest } = { name: '' }, { name: second } = { name: '' }] = JSON.parse(
      (await assent('requests', '--limit', '2', '--format', 'json')).stdout,
    );
    const listed = await assent('requests', '--limit', '1');
    expect(listed.stdout).toContain(newest);
    expect(listed.stderr).toContain(`assent requests --limit 1 --before ${newest}`);
    expect((await assent('requests', '--limit', '1', '--before', newest)).stdout).toContain(second);
    // Of the same server.
    const named = await assent('requests', '--limit', '1', '--data-folder', './.assent');
    expect(named.stderr).toContain(`assent requests --limit 1 --before ${newest} --data-folder ./.assent\n`);
    expect(await assent('requests', '--before', 'r9999')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no request "r9999".'),
    });
  });

  test.each(['0', '1001', 'all'])('a limit of %s is wrong usage', async (limit) => {
    expect(await assent('requests', '--limit', limit)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Expected a whole number from 1 to 1000.'),
    });
  });

  test('an authority that is not trusted is explained', async () => {
    const { url } = JSON.parse(await readFile(join(home, '.assent/server.json'), 'utf8'));
    const distrusting = await runCommand(['requests'], {
      folder: await emptyFolder(),
      env: { ASSENT_URL: url },
    });
    expect(distrusting.code).toBe(3);
    expect(distrusting.stderr).toContain(`The certificate of ${url} is not trusted here`);
    expect(distrusting.stderr).toContain('export ASSENT_CA=.assent/ca.pem');
    const trusting = await runCommand(['requests', '--format', 'json'], {
      folder: await emptyFolder(),
      env: { ASSENT_URL: url, ASSENT_CA: join(home, '.assent/ca.pem') },
    });
    expect(trusting).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(['ftp://localhost', 'localhost:4443', 'x'])('an ASSENT_URL of %s is explained', async (url) => {
    const { code, stderr } = await runCommand(['requests'], { folder: home, env: { ASSENT_URL: url } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `\n  ASSENT_URL is "${url}", expected https:// or http:// and a host.\n  export ASSENT_URL=https://localhost:4443\n\n`,
    });
  });

  /** The short name of the next request that waits. */
  async function nextName(): Promise<string> {
    const approval = await (await connectToServer()).nextApproval();
    if (!approval) throw new Error('no request came');
    return approval.name;
  }

  async function connectToServer(): Promise<ControlClient> {
    const { url, ca_file: caFile } = JSON.parse(await readFile(join(home, '.assent/server.json'), 'utf8'));
    return createControlClient({ url, ca: await readFile(caFile, 'utf8') });
  }
});

describe('starting and stopping', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops the server cleanly and removes its file',
    async (signal) => {
      const home = await emptyFolder();
      const server = startCommand(['--port', '0', '--http', '--format', 'ndjson'], { folder: home });
      await server.says('"type":"ready"');
      expect(JSON.parse(server.output().stdout)).toMatchObject({
        pid: server.pid,
        url: expect.stringMatching(/^http:/),
      });
      expect(await server.stop(signal)).toMatchObject({ code: 0, stderr: '' });
      const after = await runCommand(['env'], { folder: home });
      expect(after).toMatchObject({ code: 3, stdout: '' });
      expect(after.stderr).toContain('No server runs here.');
    },
  );

  test('a server that was killed is noticed with how it was started, and its file is tidied away', async () => {
    const home = await emptyFolder();
    const server = startCommand(['--port', '0', '--data', 'a b.db'], { folder: home });
    await server.says('Ready.');
    const port = /localhost:(\d+)/.exec(server.output().stderr)?.[1];
    await server.stop('SIGKILL');
    const after = await runCommand(['requests'], { folder: home });
    expect(after.code).toBe(3);
    expect(after.stderr).toContain(`its process ${server.pid} is gone`);
    expect(after.stderr).toContain(`Start it again:   assent --port ${port} --data '${home}/a b.db'\n`);
    await expect(stat(join(home, '.assent/server.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a busy port ends the start with what to type', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const started = await runCommand(['--port', String(port)], { folder: await emptyFolder() });
    squatter.close();
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(
      new RegExp(`Port ${port} is in use.*\\n +Start on the next free port: +assent --port \\d+\\n`),
    );
  });

  test('a wrong tenant file ends the start with all of its mistakes', async () => {
    const home = await emptyFolder();
    await writeFile(
      join(home, 'assent.yaml'),
      'clients:\n  - client_id: a\n    name: A\n    grant_types: [ciba]\napis: []\n',
    );
    const started = await runCommand([], { folder: home });
    expect(started.code).toBe(1);
    // The page is named as it lies, seen from where the command was typed.
    const page = /Every setting: (\S+)\n/.exec(started.stderr)?.[1] ?? '';
    expect(await readFile(resolve(home, page), 'utf8')).toContain('# Configuration');
    expect(started.stderr.replace(page, 'docs/reference/configuration.md')).toMatchInlineSnapshot(`
      "
        assent.yaml has 3 problems
          assent.yaml:2:5  clients[0].client_secret  is missing, "client_secret_post" needs one.
          assent.yaml:4:19  clients[0].grant_types[0]  received "ciba", expected one of "authorization_code", "refresh_token", "client_credentials", "urn:openid:params:grant-type:ciba", "urn:ietf:params:oauth:grant-type:device_code", "implicit" and 8 more. Did you mean "urn:openid:params:grant-type:ciba"?
          assent.yaml:5:1  apis  is not a member here. Did you mean "resource_servers"?
        Every setting: docs/reference/configuration.md

      "
    `);
  });
});
