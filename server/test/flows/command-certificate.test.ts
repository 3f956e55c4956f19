// `assent certificate`: what it writes opens the door, and what it prints is what the tenant file needs.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startAssent } from '../../src/index.ts';
import { type CommandResult, runCommand } from '../command.ts';
import { BoundClient, bankWith } from '../standard/bound-client.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-certificate-'));
});
afterEach(() => rm(folder, { recursive: true }));

const assent = (...words: string[]): Promise<CommandResult> =>
  runCommand(['certificate', ...words], { folder });

test('the client of the printed lines proves itself by the written files', async () => {
  const dataFolder = join(folder, '.assent');
  await (await startAssent({ dataFolder, mtlsPort: 0 })).close();
  const { code, stdout, stderr } = await assent('my agent, one');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('my-agent-one.pem') });
  const [entry] = parse(stdout).clients;
  expect(entry.tls_client_auth_subject_dn).toBe('CN=my agent\\, one');
  await using server = await startAssent({
    dataFolder,
    config: bankWith([{ ...entry, name: 'My agent' }]),
  });
  const [cert = '', key = ''] = await Promise.all(
    ['my-agent-one.pem', 'my-agent-one-key.pem'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const client = new BoundClient(server, { client_id: entry.client_id }, { certificate: { cert, key } });
  expect((await client.ask()).status).toBe(200);
  expect((await stat(join(folder, 'my-agent-one-key.pem'))).mode & 0o777).toBe(0o600);
});

test('its certificate may also be known by itself', async () => {
  const dataFolder = join(folder, '.assent');
  await (await startAssent({ dataFolder })).close();
  const { stdout } = await assent('../trader', '--format', 'json');
  const { client_id, jwk, cert_file, key_file } = JSON.parse(stdout);
  expect([cert_file, key_file]).toEqual([join(folder, '-trader.pem'), join(folder, '-trader-key.pem')]);
  const entry = {
    client_id,
    name: 'Trader',
    token_endpoint_auth_method: 'self_signed_tls_client_auth' as const,
    jwks: { keys: [jwk] },
  };
  await using server = await startAssent({ config: bankWith([entry]) });
  const certificate = { cert: await readFile(cert_file, 'utf8'), key: await readFile(key_file, 'utf8') };
  expect((await new BoundClient(server, { client_id }, { certificate }).ask()).status).toBe(200);
});

test('nothing is written over, and without an authority there is none to sign', async () => {
  expect(await assent('trader')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no certificate authority in'),
  });
  await (await startAssent({ dataFolder: join(folder, '.assent') })).close();
  await assent('trader');
  const before = await readFile(join(folder, 'trader.pem'), 'utf8');
  expect(await assent('trader')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is there already'),
  });
  expect(await readFile(join(folder, 'trader.pem'), 'utf8')).toBe(before);
  expect(await assent('näme')).toMatchObject({ code: 1, stderr: expect.stringContaining('printable ASCII') });
});
