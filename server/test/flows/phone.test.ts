// A phone in the same network: where it is led, how it comes to trust the certificate, and what plain http answers.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { enrolmentTicketSchema } from '../../src/contract/index.ts';
import { createSystemClock, type RunningAssent, type StartOptions, startAssent } from '../../src/index.ts';
import { call } from '../http-call.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA, CONFIG } from '../world.ts';

const running: RunningAssent[] = [];

async function start(options: StartOptions = {}): Promise<RunningAssent> {
  const assent = await startAssent({ config: CONFIG, ...options });
  running.push(assent);
  return assent;
}

afterEach(() => Promise.all(running.splice(0).map((assent) => assent.close())));

const isInNetwork = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ family, internal }) => family === 'IPv4' && !internal),
);

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const plain = ({ url }: RunningAssent): string => url.replace('https:', 'http:');

describe('a server for the network', () => {
  test('serves its authority over plain http on the same port, in the form of each platform', async () => {
    const assent = await start({ host: '0.0.0.0' });
    const authority = new X509Certificate(assent.ca ?? '');
    const read = async (path: string) => {
      const response = await fetch(plain(assent) + path);
      return {
        type: response.headers.get('content-type'),
        disposition: response.headers.get('content-disposition'),
        body: Buffer.from(await response.arrayBuffer()),
      };
    };
    const pem = await read('/ca.pem');
    expect(pem).toMatchObject({
      type: 'application/x-pem-file',
      disposition: 'attachment; filename="assent-ca.pem"',
    });
    expect(pem.body.toString()).toBe(assent.ca);
    const der = await read('/ca.crt');
    expect(der).toMatchObject({
      type: 'application/x-x509-ca-cert',
      disposition: 'inline; filename="assent-ca.crt"',
    });
    expect(der.body).toEqual(authority.raw);
    const profile = await read('/ca.mobileconfig');
    expect(profile.type).toBe('application/x-apple-aspen-config');
    const [, inside = ''] = /<data>([^<]+)<\/data>/.exec(profile.body.toString()) ?? [];
    expect(Buffer.from(inside, 'base64')).toEqual(authority.raw);
    for (const { body } of [pem, der, profile]) expect(body.toString('latin1')).not.toContain('PRIVATE KEY');
  });

  test('explains on one page how to trust it, with the fingerprint to compare and the way on', async () => {
    const assent = await start({ host: '0.0.0.0' });
    const { fingerprint256 } = new X509Certificate(assent.ca ?? '');
    const page = await call(`${plain(assent)}/ca`, {
      headers: { ...BROWSER, 'User-Agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)' },
    });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const shown = [...page.text.matchAll(/<span>([0-9A-F:]+)<\/span>/g)].map(([, group]) => group).join(':');
    expect(shown).toBe(fingerprint256);
    expect(page.text).toMatch(/<details open><summary>iPhone and iPad<\/summary>/);
    expect(page.text.match(/<details/g)).toHaveLength(6);
    expect(page.text).not.toContain('<script');
    expect(page.text).toContain(`href="${assent.url}/approve/"`);
  });

  test('leads whoever typed no https there, and tells programs; nothing else is answered over plain http', async () => {
    const assent = await start({ host: '0.0.0.0' });
    for (const path of ['/', '/approve', '/approve/devices', '/u/login', '/nowhere']) {
      const { status, headers } = await call(plain(assent) + path, { headers: BROWSER });
      expect([path, status, headers.location]).toEqual([path, 302, '/ca']);
    }
    const paths = ['/control/health', '/approver/people', '/.well-known/openid-configuration', '/jwks'];
    for (const path of paths) {
      const answer = await call(plain(assent) + path);
      expect([path, answer.status, answer.json().detail]).toEqual([
        path,
        400,
        'This port speaks https. It was asked over plain http.',
      ]);
    }
    const posted = await call(`${plain(assent)}/bc-authorize`, { method: 'POST', body: 'client_secret=x' });
    expect([posted.status, posted.json().hint]).toEqual([400, expect.stringContaining('https://')]);
    expect((await call(`${plain(assent)}/ca`, { method: 'HEAD' })).status).toBe(200);
  });

  test('answers https as before, to many at once', async () => {
    const assent = await start({ host: '0.0.0.0' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? call(`${assent.url}/control/health`, { ca: assent.ca ?? '' })
          : call(`${plain(assent)}/ca`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  test('stops at once, whatever was opened and said nothing', async () => {
    const assent = await start({ host: '0.0.0.0' });
    const port = Number(new URL(assent.url).port);
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
    const sockets = [silent, half].map((socket) => socket.on('error', () => undefined).resume());
    const ends = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    half.write('GET /ca HTTP/1.1\r\nHo');
    await assent.close();
    await Promise.all(ends);
  });

  test.runIf(isInNetwork)('has a certificate for each address by which the network reaches it', async () => {
    const assent = await start({ host: '0.0.0.0' });
    const { port } = new URL(assent.url);
    const socket = connectTls({ host: 'localhost', port: Number(port), ca: assent.ca ?? '' });
    await once(socket, 'secureConnect');
    const shown = socket.getPeerX509Certificate();
    socket.destroy();
    expect(assent.networkUrls).not.toEqual([]);
    for (const url of assent.networkUrls) {
      const { hostname, host } = new URL(url);
      expect([hostname, shown?.checkIP(hostname)]).toEqual([hostname, hostname]);
      // Tests stay on this computer: asked here as if by that address.
      const headers = { Host: host };
      const health = await call(`${assent.url}/control/health`, { ca: assent.ca ?? '', headers });
      expect([url, health.status]).toEqual([url, 200]);
    }
  });

  test.runIf(isInNetwork)(
    'leads another phone to an address that it can reach, and first to the page of trust',
    async () => {
      const assent = await start({ host: '0.0.0.0', tls: true });
      const [reached = ''] = assent.networkUrls;
      const page = { url: assent.url, ca: assent.ca ?? '', clock: createSystemClock() };
      const ada = await PairedBrowser.pair(page, ADA);
      const answer = await ada.call('/approver/tickets', { method: 'POST', body: {} });
      const ticket = enrolmentTicketSchema.parse(answer.json());
      expect(ticket.url).toBe(`${reached}/approve/#ticket=${ticket.ticket}`);
      expect(ticket.trust_url).toBe(`${reached.replace('https:', 'http:')}/ca`);
    },
  );
});

describe('a server for this computer only', () => {
  test('does not answer plain http, and is nowhere in the network', async () => {
    const assent = await start();
    expect(assent.networkUrls).toEqual([]);
    await expect(call(`${plain(assent)}/ca`)).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|HPE/),
    });
    const page = await call(`${assent.url}/ca`, { ca: assent.ca ?? '', headers: BROWSER });
    expect(page.status).toBe(200);
  });

  test('leads another browser to itself, with nothing to trust first', async () => {
    const assent = await start({ tls: false });
    const ada = await PairedBrowser.pair({ url: assent.url, clock: createSystemClock() }, ADA);
    const ticket = (await ada.call('/approver/tickets', { method: 'POST', body: {} })).json();
    expect(ticket.url).toContain(`${assent.url}/approve/#ticket=`);
    expect(ticket.trust_url).toBeUndefined();
  });

  test('has no authority on plain http, and says that there is no such page', async () => {
    const assent = await start({ tls: false });
    for (const path of ['/ca', '/ca.pem', '/ca.crt', '/ca.mobileconfig'])
      expect([path, (await call(assent.url + path)).status]).toEqual([path, 404]);
  });
});
