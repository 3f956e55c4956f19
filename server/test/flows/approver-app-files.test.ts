// The built approver app, as a browser fetches it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { call } from '../http-call.ts';
import { HttpWorld } from '../http-world.ts';

/** A folder as the bundler leaves it, beside a file that must not be served. */
async function buildApp(): Promise<{ webFolder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-app-'));
  const webFolder = join(folder, 'web');
  await mkdir(join(webFolder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for you');
  await writeFile(join(webFolder, '.hidden'), 'not for you');
  await writeFile(join(webFolder, 'phone.html'), '<!doctype html><title>Assent</title>');
  await writeFile(join(webFolder, 'manifest.webmanifest'), '{}');
  await writeFile(join(webFolder, 'assets', 'phone-B2x_9aQ-.js'), 'export {};');
  return { webFolder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Sends the path as it is: clients would tidy it up first. */
async function getRaw(host: string, path: string): Promise<string> {
  const [name = '', port = ''] = host.split(':');
  const socket = connect(Number(port), name);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test('every screen of the app is its one page, under a policy that lets nothing foreign in', async () => {
  await using app = await buildApp();
  await using world = await HttpWorld.start({ webFolder: app.webFolder });
  for (const path of ['/approve', '/approve/', '/approve/requests/apr_x', '/approve/history?x=1']) {
    const answer = await call(`${world.url}${path}`);
    expect([path, answer.status, answer.text]).toEqual([path, 200, '<!doctype html><title>Assent</title>']);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  }
});

test('files whose name carries their hash may be kept for ever, others not at all', async () => {
  await using app = await buildApp();
  await using world = await HttpWorld.start({ webFolder: app.webFolder });
  const script = await call(`${world.url}/approve/assets/phone-B2x_9aQ-.js`);
  expect([script.status, script.text]).toEqual([200, 'export {};']);
  expect(script.headers).toMatchObject({
    'content-type': expect.stringContaining('javascript'),
    'cache-control': 'public, max-age=31536000, immutable',
  });
  const manifest = await call(`${world.url}/approve/manifest.webmanifest`);
  expect(manifest.headers).toMatchObject({
    'content-type': expect.stringContaining('application/manifest+json'),
    'cache-control': 'no-store',
  });
  const gone = await call(`${world.url}/approve/assets/phone-AAAAAAAA.js`);
  expect([gone.status, gone.headers['cache-control']]).toEqual([404, 'no-store']);
});

test('nothing outside the folder is served, nor anything hidden in it', async () => {
  await using app = await buildApp();
  await using world = await HttpWorld.start({ webFolder: app.webFolder });
  const paths = [
    '/approve/../secret.txt',
    '/approve/..%2fsecret.txt',
    '/approve/%2e%2e/secret.txt',
    '/approve/assets/..%5c..%5c..%5csecret.txt',
    '/approve//etc/passwd.txt',
    '/approve/%00.txt',
    '/approve/%zz.txt',
    '/approve/.hidden',
    '/approve/x/../.hidden',
  ];
  for (const path of paths) {
    const answer = await getRaw(world.host, path);
    expect([path, answer]).toEqual([path, expect.not.stringContaining('not for you')]);
    expect([path, answer]).toEqual([path, expect.not.stringContaining('root:')]);
    expect([path, answer]).toEqual([path, expect.stringMatching(/^HTTP\/1.1 [24]\d\d /)]);
  }
});

test('an app that has not been built says how to build it', async () => {
  await using world = await HttpWorld.start();
  const answer = await call(`${world.url}/approve`);
  expect([answer.status, answer.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
  expect(answer.text).toContain('npm start');
});
