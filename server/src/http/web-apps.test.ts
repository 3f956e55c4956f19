import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { answerProblems } from './problem-responses.ts';
import { serveWebApps } from './web-apps.ts';

/** A folder as the bundler leaves it, beside a file that must not be served. */
async function buildApp() {
  const folder = await mkdtemp(join(tmpdir(), 'assent-app-'));
  const webFolder = join(folder, 'web');
  await mkdir(join(webFolder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for you');
  await writeFile(join(webFolder, '.hidden'), 'not for you');
  await writeFile(join(webFolder, 'phone.html'), '<!doctype html><title>Assent</title>');
  await writeFile(join(webFolder, 'sequence.html'), '<!doctype html><title>Sequence</title>');
  await writeFile(join(webFolder, 'manifest.webmanifest'), '{}');
  await writeFile(join(webFolder, 'assets', 'phone-B2x_9aQ-.js'), 'export {};');
  return { webFolder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function serve(webFolder: string) {
  const app = new Koa().use(answerProblems()).use(serveWebApps(webFolder));
  // A connection that is cut at the end of a test is no failure of an answer.
  app.silent = true;
  const server = createServer(app.callback());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends the path as it is: clients would tidy it up first. */
async function getRaw(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test('every screen of the app is its one page, under a policy that lets nothing foreign in', async () => {
  await using app = await buildApp();
  await using server = await serve(app.webFolder);
  for (const path of ['/approve', '/approve/', '/approve/requests/apr_x', '/approve/history?x=1']) {
    const answer = await fetch(`${server.url}${path}`);
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      200,
      '<!doctype html><title>Assent</title>',
    ]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  }
});

test('the sequence view is a page of its own, under the same policy; what is not built says so', async () => {
  await using app = await buildApp();
  await using server = await serve(app.webFolder);
  const approve = await fetch(`${server.url}/approve/`);
  for (const path of ['/sequence', '/sequence?request=r1&step=2', '/sequence/x.y']) {
    const answer = await fetch(`${server.url}${path}`, { redirect: 'manual' });
    expect([path, answer.status, await answer.text()]).toEqual([
      path,
      200,
      '<!doctype html><title>Sequence</title>',
    ]);
    for (const header of ['content-security-policy', 'referrer-policy', 'cache-control'])
      expect([path, answer.headers.get(header)]).toEqual([path, approve.headers.get(header)]);
  }
  const console = await fetch(`${server.url}/console/people`);
  expect([console.status, await console.text()]).toEqual([503, expect.stringContaining('npm start')]);
  expect((await fetch(`${server.url}/sequences`)).status).toBe(404);
});

test('the app is opened below its slash, where its service worker answers', async () => {
  await using app = await buildApp();
  await using server = await serve(app.webFolder);
  const answer = await fetch(`${server.url}/approve?from=mail`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/approve/?from=mail']);
});

test('files whose name carries their hash may be kept for ever, others not at all', async () => {
  await using app = await buildApp();
  await using server = await serve(app.webFolder);
  const script = await fetch(`${server.url}/approve/assets/phone-B2x_9aQ-.js`);
  expect([script.status, await script.text()]).toEqual([200, 'export {};']);
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const manifest = await fetch(`${server.url}/approve/manifest.webmanifest`);
  expect(manifest.headers.get('content-type')).toContain('application/manifest+json');
  expect(manifest.headers.get('cache-control')).toBe('no-store');
  const gone = await fetch(`${server.url}/approve/assets/phone-AAAAAAAA.js`);
  expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store']);
});

test('nothing outside the folder is served, nor anything hidden in it', async () => {
  await using app = await buildApp();
  await using server = await serve(app.webFolder);
  const paths = [
    '/approve/../secret.txt',
    '/approve/..%2fsecret.txt',
    '/approve/%2e%2e/secret.txt',
    '/approve/assets/..%5c..%5c..%5csecret.txt',
    '/approve//etc/hosts.txt',
    '/approve/%00.txt',
    '/approve/%zz.txt',
    '/approve/.hidden',
    '/approve/x/../.hidden',
  ];
  for (const path of paths) {
    const answer = await getRaw(server.port, path);
    expect([path, answer]).toEqual([path, expect.not.stringContaining('not for you')]);
    expect([path, answer]).toEqual([path, expect.stringMatching(/^HTTP\/1.1 [24]\d\d /)]);
  }
});

test('an app that has not been built says how to build it', async () => {
  await using server = await serve('/nowhere');
  const answer = await fetch(`${server.url}/approve`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
  expect(await answer.text()).toContain('npm start');
});
