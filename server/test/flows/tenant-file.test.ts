// The tenant as a file while it runs: out of it, into it, over it, and again whenever it is saved.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { checkConfig } from '../../src/tenant/config-check.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type RunningCommand, runCommand, startCommand } from '../command.ts';
import { type Answer, call } from '../http-call.ts';
import { administratorOf } from '../management/administrator.ts';

describe('the control API', () => {
  let assent: RunningAssent;

  beforeAll(async () => {
    assent = await startAssent({ tls: false, config: unlimitedBank() });
  });
  afterAll(() => assent.close());

  const send = (method: string, body?: unknown, query = ''): Promise<Answer> =>
    call(`${assent.url}/control/tenant${query}`, { method, ...(body === undefined ? {} : { body }) });
  const file = async () => (await send('GET')).json();

  it('exports a tenant that, read again, is the same one, without what holds anyway', async () => {
    const exported = await file();
    expect(checkConfig(exported)).toEqual(checkConfig(unlimitedBank()));
    expect(JSON.stringify(exported).length).toBeLessThan(JSON.stringify(unlimitedBank()).length * 1.1);
    expect(exported).not.toHaveProperty('guardian');
  });

  it('exports what the Management API has changed, and marks it in YAML', async () => {
    const administrator = await administratorOf(assent);
    await administrator.patch('/clients/aiya', { name: 'Aiya the second', description: 'kept' });
    await administrator.post('/resource-servers', { identifier: 'urn:new' });
    const yaml = (await send('GET', undefined, '?format=yaml')).text;
    const marked = [...yaml.matchAll(/# not as at the start\n *(?:- )?(.*)/g)].map(([, line]) =>
      line?.trim(),
    );
    expect(marked).toHaveLength(2);
    expect(checkConfig(parse(yaml))).toEqual(checkConfig(await file()));
    expect(parse(yaml).clients[0]).toMatchObject({
      name: 'Aiya the second',
      unimitated: { description: 'kept' },
    });
  });

  it('leaves out secrets on demand', async () => {
    const { text } = await send('GET', undefined, '?secrets=false');
    expect(text).not.toContain('not-real');
    const administrator = await administratorOf(assent);
    const factors = '/guardian/factors';
    for (const [path, settings] of Object.entries({
      [`${factors}/push-notification/providers/apns`]: { bundle_id: 'shown.app', p12: 'let-me-in' },
      [`${factors}/push-notification/providers/fcm`]: { server_key: 'let-me-in' },
      [`${factors}/push-notification/providers/fcmv1`]: { server_credentials: 'let-me-in' },
      [`${factors}/push-notification/providers/sns`]: { aws_secret_access_key: 'let-me-in' },
      [`${factors}/sms/providers/twilio`]: { auth_token: 'let-me-in' },
      [`${factors}/duo/settings`]: { skey: 'let-me-in' },
    })) {
      expect((await administrator.put(path, settings)).status).toBe(200);
    }
    const further = (await send('GET', undefined, '?secrets=false')).text;
    expect(further).toContain('shown.app');
    expect(further).not.toContain('let-me-in');
    expect((await send('GET', undefined, '?secrets=maybe')).status).toBe(400);
  });

  it('puts another tenant in place, at once and whole', async () => {
    const before = await file();
    const next = structuredClone(before);
    next.clients[0].name = 'Replaced';
    next.users = next.users.filter((user: { user_id: string }) => user.user_id !== 'auth0|grace');
    const answer = await send('PUT', next);
    expect(answer.json()).toEqual({
      tenant: 'bank',
      clients: 3,
      resource_servers: 3,
      client_grants: next.client_grants.length,
      users: 2,
    });
    const agent = new Agent(assent);
    expect((await agent.ask({ login_hint: agent.hint('auth0|grace') })).json().error).toBe('unknown_user_id');
    expect((await agent.ask()).status).toBe(200);
    expect((await assent.control.request('latest')).client.name).toBe('Replaced');
    await send('PUT', before);
    expect((await agent.ask({ login_hint: agent.hint('auth0|grace') })).status).toBe(200);
  });

  it('lays a part over the tenant, by the names of things', async () => {
    const before = await file();
    const answer = await send('PATCH', {
      clients: [
        { client_id: 'aiya', name: 'Merged' },
        { client_id: 'new', client_secret: 'new-secret-not-real', name: 'New' },
      ],
      ciba: { interval: 1 },
    });
    expect(answer.status).toBe(200);
    const after = await file();
    expect(after.clients).toHaveLength(before.clients.length + 1);
    expect(after.clients[0]).toEqual({ ...before.clients[0], name: 'Merged' });
    expect(after.ciba).toEqual({ ...before.ciba, interval: 1 });
    expect(after.users).toEqual(before.users);
    await send('PUT', before);
  });

  it('knows what the file has: what was put in place last as a whole, or what somebody says is in it', async () => {
    const fileHas = async () => (await send('GET', undefined, '?of=file')).json();
    const before = await file();
    await send('PUT', before);
    expect(await fileHas()).toEqual(before);
    await send('PATCH', { clients: [{ client_id: 'aiya', name: 'Changed here' }] });
    expect((await fileHas()).clients[0].name).toBe(before.clients[0].name);
    const filed = await call(`${assent.url}/control/tenant/filed`, { method: 'POST', body: {} });
    expect([filed.status, filed.json().tenant]).toEqual([200, 'bank']);
    expect((await fileHas()).clients[0].name).toBe('Changed here');
    await send('PUT', before);
    expect(await fileHas()).toEqual(before);
  });

  it('says what only another start can change', async () => {
    const locksOf = async (url: string) =>
      (await call(`${url}/control/tenant/locks`)).json().locks.map(({ path }: { path: string }) => path);
    const fixed = ['tenant.name', 'signing_keys', 'extra_host_names'];
    expect(await locksOf(assent.url)).toEqual(fixed);
    await using quick = await startAssent({ tls: false, quickAnswers: { interval: 0.2 } });
    expect(await locksOf(quick.url)).toEqual(['ciba.interval', ...fixed]);
  });

  it('refuses a tenant with mistakes, names them all, and changes nothing', async () => {
    const before = await file();
    const answer = await send('PATCH', {
      clients: [{ client_id: 'aiya', nme: 'x' }],
      tenant: { default_audience: 'urn:none' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json().findings).toHaveLength(2);
    for (const late of [{ extra_host_names: ['late.example'] }, { tenant: { name: 'other' } }]) {
      const fixed = await send('PATCH', late);
      expect([fixed.status, fixed.json().detail]).toEqual([400, expect.stringContaining('new start')]);
    }
    expect((await send('PUT', [])).status).toBe(400);
    expect(await file()).toEqual(before);
  });
});

describe('the command', () => {
  let home: string;
  let server: RunningCommand;
  let path: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'assent-tenant-'));
    path = join(home, 'assent.yaml');
    await writeFile(path, stringify(bankTenant));
    server = startCommand(['--port', '0', '--watch'], { folder: home });
    await server.says('Ready.');
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });

  const assent = (...words: string[]) => runCommand(words, { folder: home });

  it('exports to a file that only its owner reads, and imports it', async () => {
    const exported = await assent('export', '--output', 'copy.yaml');
    expect(exported.code).toBe(0);
    expect((await stat(join(home, 'copy.yaml'))).mode & 0o077).toBe(0);
    expect(checkConfig(parse(await readFile(join(home, 'copy.yaml'), 'utf8')))).toEqual(
      checkConfig(bankTenant),
    );
    expect((await assent('import', 'copy.yaml')).stderr).toBe(
      '  bank now has 3 clients, 2 APIs and 3 people.\n',
    );
    const json = await assent('export', '--format', 'json', '--no-secrets');
    expect(JSON.parse(json.stdout).clients[0]).not.toHaveProperty('client_secret');
  });

  it('merges a part, and tells every mistake of a file', async () => {
    await writeFile(join(home, 'part.yaml'), 'roles: [{ name: teller, permissions: [] }]\n');
    expect((await assent('import', '--merge', 'part.yaml')).code).toBe(0);
    expect((await assent('export')).stdout).toContain('# not as at the start');
    await writeFile(join(home, 'wrong.yaml'), 'clients: [{ client_id: x }]\ncolour: blue\n');
    const refused = await assent('import', 'wrong.yaml');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('wrong.yaml:2:1  colour  is not a member here');
    expect(refused.stderr).toContain('clients[0].name  is missing');
    expect(refused.stderr).toContain('assent import --merge wrong.yaml');
    expect((await assent('import', '--merge', 'wrong.yaml')).stderr).not.toContain('--merge');
    const absent = await assent('import', 'absent.yaml');
    expect(absent.stderr).toContain('does not exist');
    expect(absent.stderr).not.toContain('--config');
  });

  it('loads the file again when it is saved, and keeps what runs while it has mistakes', async () => {
    await writeFile(path, 'clients: nonsense\n');
    await server.says('assent.yaml:1:');
    expect((await assent('export')).stdout).toContain('Aiya');
    const users = [...(bankTenant.users ?? []), { user_id: 'auth0|mary', name: 'Mary Shelley' }];
    await writeFile(path, stringify({ ...bankTenant, users }));
    await server.says('tenant file loaded again');
    expect((await assent('export')).stdout).toContain('Mary Shelley');
  });

  it('watches nothing where there is no file', async () => {
    const empty = await mkdtemp(join(home, 'empty-'));
    const refused = await runCommand(['--watch', '--port', '0'], { folder: empty });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('no tenant file here that could be watched');
  });
});
