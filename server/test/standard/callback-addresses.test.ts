// Whom the server calls back, and whom it does not: certificates are verified, and nobody is called inside who was not named.
// CIBA Core §9, §10.2.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { startAssent } from '../../src/index.ts';
import { makeBrokenCertificate } from '../../src/tls/broken-certificates.ts';
import { type Certificates, provideCertificates } from '../../src/tls/certificates.ts';
import { CallbackReceiver } from './callback-receiver.ts';
import { bankThatCalls, CalledAgent } from './called-agent.ts';

let folder: string;
let client: Certificates;
let receiver: CallbackReceiver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-callback-addresses-'));
  client = await provideCertificates({ folder: join(folder, 'client'), clock: { now: Date.now } });
  receiver = await CallbackReceiver.start(client);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  receiver.received.length = 0;
});

/** What becomes of the first call to `endpoint`. */
async function callOnce(endpoint: string, ciba: TenantConfigInput['ciba'], dataFolder?: string) {
  await using assent = await startAssent({
    ...(dataFolder === undefined ? { tls: false } : { dataFolder }),
    config: bankThatCalls(endpoint, { ciba }),
  });
  const agent = new CalledAgent(assent, 'pinger');
  const id = await agent.askFor();
  await assent.control.approve('latest');
  const [attempt] = await agent.attempts(1);
  // Whatever became of it, the answer is there.
  expect((await agent.poll(id)).status).toBe(200);
  return attempt;
}

it('a client whose certificate the tenant trusts is called', async () => {
  const ciba = { notification_hosts: ['localhost'], notification_ca: client.ca };
  expect(await callOnce(receiver.url(), ciba)).toMatchObject({ outcome: 'taken', to: receiver.url() });
  expect(receiver.received).toHaveLength(1);
});

it('a client with a certificate of this server’s own authority is called', async () => {
  const server = await provideCertificates({ folder: join(folder, 'server'), clock: { now: Date.now } });
  await using neighbour = await CallbackReceiver.start(server);
  const attempt = await callOnce(
    neighbour.url(),
    { notification_hosts: ['localhost'] },
    join(folder, 'server'),
  );
  expect(attempt).toMatchObject({ outcome: 'taken' });
});

it.each(['untrusted', 'expired'] as const)('an %s certificate gets no token of the client', async (how) => {
  await using stranger = await CallbackReceiver.start(await makeBrokenCertificate(how, client, Date.now()));
  const ciba = { notification_hosts: ['localhost'], notification_ca: client.ca };
  expect(await callOnce(stranger.url(), ciba)).toMatchObject({ outcome: 'failed', attempt: 1 });
  expect(stranger.received).toEqual([]);
});

it('an authority that nobody named is not trusted', async () => {
  const attempt = await callOnce(receiver.url(), { notification_hosts: ['localhost'] });
  expect(attempt?.outcome).toBe('failed');
  expect(attempt?.why).toContain('certificate');
  expect(receiver.received).toEqual([]);
});

it.each([
  'https://127.0.0.1/ciba',
  'https://localhost/ciba',
  'https://[::1]/ciba',
  'http://client.example/ciba',
])('a tenant with a client at %s is refused unless its host is named', async (endpoint) => {
  const start = (hosts: string[]) =>
    startAssent({ tls: false, config: bankThatCalls(endpoint, { ciba: { notification_hosts: hosts } }) });
  const named = expect.stringContaining('ciba.notification_hosts');
  await expect(start([])).rejects.toMatchObject({ findings: [named, named, named] });
  await (await start([new URL(endpoint).hostname])).close();
});

it('the trace does not tell the query of an address, which may be a secret', async () => {
  const ciba = { notification_hosts: ['localhost'], notification_ca: client.ca };
  const attempt = await callOnce(receiver.url('/ciba?key=not-for-everybody'), ciba);
  expect(receiver.received[0]?.path).toBe('/ciba?key=not-for-everybody');
  expect(JSON.stringify(attempt)).not.toContain('not-for-everybody');
});
