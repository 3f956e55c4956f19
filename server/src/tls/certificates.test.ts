import { execFile, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkServerIdentity, connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../clock.ts';
import { provideCertificates } from './certificates.ts';
import { signLeaf } from './signing.ts';

const DAY_MS = 86_400_000;

let folder: string;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-tls-'));
  clock = createManualClock(Date.now());
});

afterEach(() => rm(folder, { recursive: true }));

describe('the certificates of this computer', () => {
  test('carry a handshake for every name, with only the authority trusted', async () => {
    const { ca, cert, key } = await provideCertificates({ folder, hostNames: ['auth0.test'], clock });
    const server = createServer({ cert, key }, (socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      for (const servername of ['localhost', 'auth0.test']) {
        const socket = connect({ host: '127.0.0.1', port, ca, servername });
        await once(socket, 'secureConnect');
        expect(socket.authorized).toBe(true);
        socket.destroy();
      }
      const stranger = connect({ host: '127.0.0.1', port, ca, servername: 'elsewhere.test' });
      const [error] = await once(stranger, 'error');
      expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    } finally {
      server.close();
    }
  });

  test('name loopback addresses and configured addresses, and no address that means all', async () => {
    const { cert } = await provideCertificates({
      folder,
      hostNames: ['192.168.1.7', '0.0.0.0', '::', 'bücher.test'],
      clock,
    });
    expect(new X509Certificate(cert).subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:192.168.1.7, DNS:xn--bcher-kva.test',
    );
  });

  test.each(['fe80::1%eth0', 'a_b.test', 'two words'])(
    'refuse a name that none can carry: %s',
    async (name) => {
      await expect(provideCertificates({ folder, hostNames: [name], clock })).rejects.toMatchObject({
        code: 'certificate_unusable',
        message: `"${name}" is not a host name that a certificate can carry.`,
      });
    },
  );

  test('keep their private keys from other users', async () => {
    await provideCertificates({ folder, clock });
    const modes = await Promise.all(
      ['ca-key.pem', 'key.pem', 'ca.pem', 'cert.pem'].map(
        async (name) => (await stat(join(folder, name))).mode,
      ),
    );
    expect(modes.map((mode) => (mode & 0o077).toString(8))).toEqual(['0', '0', '44', '44']);
  });

  test('live ten years and at most 397 days', async () => {
    const { ca, cert } = await provideCertificates({ folder, clock });
    const days = [ca, cert].map((pem) => {
      const { validFrom, validTo } = new X509Certificate(pem);
      return (Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS;
    });
    expect(days[0]).toBeGreaterThan(3_640);
    expect(days[1]).toBeLessThanOrEqual(397);
  });

  test.skipIf(spawnSync('openssl', ['version']).status !== 0)('satisfy a strict verifier', async () => {
    const { caFile } = await provideCertificates({ folder, hostNames: ['auth0.test'], clock });
    const arguments_ = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', caFile];
    const { stdout } = await promisify(execFile)('openssl', [...arguments_, join(folder, 'cert.pem')]);
    expect(stdout).toContain('cert.pem: OK');
  });
});

describe('whoever gets hold of the authority’s key', () => {
  /** What Node says to a server that shows a leaf for `name`, signed by the authority of `folder`. */
  async function answerTo(name: string, address = '127.0.0.1'): Promise<string> {
    const ca = await readFile(join(folder, 'ca.pem'), 'utf8');
    const caKey = createPrivateKey(await readFile(join(folder, 'ca-key.pem'), 'utf8'));
    const key = await readFile(join(folder, 'key.pem'), 'utf8');
    const validity = { fromMs: clock.now() - DAY_MS, toMs: clock.now() + DAY_MS };
    const publicKey = createPublicKey(key);
    const cert = await signLeaf({ authority: ca, authorityKey: caKey, publicKey, names: [name], validity });
    const server = createServer({ cert, key }, (socket) => socket.end());
    server.listen(0, address);
    await once(server, 'listening');
    const socket = connect({
      host: address,
      port: (server.address() as AddressInfo).port,
      ca,
      servername: isIP(name) ? '' : name,
      checkServerIdentity: (_host, shown) => checkServerIdentity(name, shown),
    });
    try {
      return await once(socket, 'secureConnect').then(
        () => 'trusted',
        (error: Error) => error.message,
      );
    } finally {
      socket.destroy();
      server.close();
    }
  }

  test('cannot speak for the rest of the internet', async () => {
    await provideCertificates({ folder, hostNames: ['bank.example', '192.0.2.7'], clock });
    const names = ['localhost', 'any.test', 'laptop.local', '192.168.7.8', '10.1.2.3', 'fd00::7'];
    for (const name of [...names, 'bank.example', '192.0.2.7'])
      expect([name, await answerTo(name)]).toEqual([name, 'trusted']);
    for (const name of ['example.com', 'bank.example.com', 'atest', '192.0.2.8', '172.32.0.1', '2001:db8::1'])
      expect([name, await answerTo(name)]).toEqual([name, 'permitted subtree violation']);
  });
});

describe('a second start', () => {
  test('keeps what the first one made', async () => {
    const first = await provideCertificates({ folder, hostNames: ['auth0.test'], clock });
    clock.advance(300 * DAY_MS);
    expect(await provideCertificates({ folder, clock })).toEqual(first);
  });

  test('adds a name to the leaf and keeps the earlier ones and the authority', async () => {
    const first = await provideCertificates({ folder, hostNames: ['auth0.test'], clock });
    const second = await provideCertificates({ folder, hostNames: ['bank.test'], clock });
    const leaf = new X509Certificate(second.cert);
    expect(second.ca).toBe(first.ca);
    expect(leaf.checkHost('auth0.test')).toBe('auth0.test');
    expect(leaf.checkHost('bank.test')).toBe('bank.test');
  });

  test('with a name that is not private lets the authority speak for it too, with the same key', async () => {
    const first = await provideCertificates({ folder, hostNames: ['bank.example'], clock });
    const second = await provideCertificates({ folder, hostNames: ['shop.example'], clock });
    expect(second.ca).not.toBe(first.ca);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(first.ca).publicKey)).toBe(true);
    expect(await provideCertificates({ folder, hostNames: ['bank.example'], clock })).toEqual(second);
  });

  test('renews a leaf that ends within a week', async () => {
    const first = await provideCertificates({ folder, clock });
    clock.advance(390 * DAY_MS);
    const second = await provideCertificates({ folder, clock });
    expect(second.cert).not.toBe(first.cert);
    expect(second.ca).toBe(first.ca);
  });

  test('replaces a leaf of another authority', async () => {
    const other = await mkdtemp(join(tmpdir(), 'assent-tls-'));
    const foreign = await provideCertificates({ folder: other, clock });
    await rm(other, { recursive: true });
    await provideCertificates({ folder, clock });
    await writeFile(join(folder, 'cert.pem'), foreign.cert);
    await writeFile(join(folder, 'key.pem'), foreign.key);
    const { ca, cert } = await provideCertificates({ folder, clock });
    const authority = new X509Certificate(ca);
    expect(new X509Certificate(cert).verify(authority.publicKey)).toBe(true);
  });

  test('renews an authority in time, and who trusted the old one can go on', async () => {
    const first = await provideCertificates({ folder, clock });
    clock.advance(3_400 * DAY_MS);
    const second = await provideCertificates({ folder, clock });
    expect(second.ca).not.toBe(first.ca);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(first.ca).publicKey)).toBe(true);
  });

  test('says which file is spoilt and how to have it made anew', async () => {
    await provideCertificates({ folder, clock });
    await writeFile(join(folder, 'ca-key.pem'), 'spoilt');
    await expect(provideCertificates({ folder, clock })).rejects.toMatchObject({
      code: 'certificate_unusable',
      hint: `Have it made anew: rm ${join(folder, 'ca-key.pem')}`,
    });
    expect(await readFile(join(folder, 'ca-key.pem'), 'utf8')).toBe('spoilt');
  });
});

test('ten starts at once on an empty folder end up with one authority and one key', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => provideCertificates({ folder, clock })));
  expect(new Set(all.map(({ ca, key }) => ca + key)).size).toBe(1);
  const authority = new X509Certificate(await readFile(join(folder, 'ca.pem')));
  expect(all.every(({ cert }) => new X509Certificate(cert).verify(authority.publicKey))).toBe(true);
});

test('a folder that cannot be made is explained', async () => {
  await writeFile(join(folder, 'taken'), '');
  await expect(provideCertificates({ folder: join(folder, 'taken'), clock })).rejects.toMatchObject({
    code: 'certificate_unusable',
    hint: 'Choose another folder with --data-folder, or start without TLS: assent --http',
  });
});
