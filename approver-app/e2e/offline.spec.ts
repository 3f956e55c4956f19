// Without a connection: the app starts, what was read last can be read again, and nothing can be decided.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './world.ts';

const shellCaches = () => caches.keys();

test('the app starts without the server, and a request read before stays readable', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'RENT-4K9' });
  await app.openRequest();
  await app.readToEnd();
  await app.workerIsReady();
  await assent.close();
  await app.page.reload();

  await expect(app.heading).toContainText('Aiya asks to');
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toContainText('RENT-4K9');
  await expect(app.page.getByText('checking-1234')).toBeVisible();
  await expect(app.page.getByRole('alert')).toContainText('No connection to the server since');
  for (const choice of [app.approveButton, app.denyButton]) {
    await expect(choice).toHaveAttribute('aria-disabled', 'true');
    await expect(choice).toHaveAccessibleDescription('Your tap would not reach the server.');
  }
  await app.leaveGuard();
  await app.approveButton.click({ force: true });
  expect(app.decisionsSent).toEqual([]);
  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await expect(app.heading).toHaveText('1 waiting for you');
});

test('the address of a request that was never read says so without the server', async ({ app, assent }) => {
  await app.pair();
  await app.workerIsReady();
  await assent.close();
  await app.open('requests/apr_0000000000000000000000');
  await expect(app.heading).toHaveText('This request is not here');
  await expect(app.page.getByText('This browser has not read it yet')).toBeVisible();
});

test('only files of the app are kept by the service worker, never an answer of the server', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.workerIsReady();
  await app.page.reload();
  await expect(app.page.getByRole('timer')).toBeVisible();
  const kept = await app.page.evaluate(async () => {
    const requests = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return requests.flat().map(({ url }) => url);
  });
  expect(kept).toContain(`${assent.url}/approve/`);
  expect(kept.filter((url) => !/\/approve\/($|assets\/|icons\/|manifest\.webmanifest$)/.test(url))).toEqual(
    [],
  );
});

test('un-pairing erases what was read', async ({ app, agent }) => {
  await app.pair();
  await agent.ask();
  await expect(app.cards).toHaveCount(1);
  const countKept = () =>
    app.page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('assent-approver');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const count = opening.result.transaction('inboxes').objectStore('inboxes').count();
            count.onsuccess = () => resolve(count.result);
            opening.result.close();
          };
        }),
    );
  await expect.poll(countKept).toBe(1);
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
  await app.page.getByRole('button', { name: 'Un-pair', exact: true }).click();
  await expect(app.heading).toHaveText('Who are you?');
  await expect.poll(countKept).toBe(0);
});

test('a new version of the service worker takes over at once and drops the old files', async ({
  page,
  assent,
  request,
}) => {
  // In front of the server, so that the same address can bring another version.
  let release = (script: string) => script;
  const front = createServer((incoming, outgoing) => {
    void request.get(`${assent.url}${incoming.url}`).then(async (answer) => {
      const isWorker = incoming.url?.endsWith('/service-worker.js') === true;
      outgoing
        .writeHead(answer.status(), { 'content-type': answer.headers()['content-type'] })
        .end(isWorker ? release(await answer.text()) : await answer.body());
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  try {
    await page.goto(`http://127.0.0.1:${port}/approve/`);
    await expect(page.getByRole('button', { name: 'Ada Lovelace' })).toBeVisible();
    const caches = () => page.evaluate(shellCaches);
    await expect.poll(caches).toHaveLength(1);
    const version = (await caches())[0]?.replace('assent-shell-', '') ?? '';

    release = (script) => script.replaceAll(version, 'next-release');
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect.poll(caches).toEqual(['assent-shell-next-release']);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Ada Lovelace' })).toBeVisible();
  } finally {
    front.closeAllConnections();
    front.close();
  }
});

test('the version of the service worker changes with the files of the phone, and with no others', async ({
  request,
  assent,
}) => {
  const script = await (await request.get(`${assent.url}/approve/service-worker.js`)).text();
  const [, version = '', list = ''] = /version:`(\w+)`,page:`[^`]+`,files:`([^`]+)`/.exec(script) ?? [];
  const files = [...list.split(',').map((path) => path.replace('/approve/', '')), 'phone.html'];
  expect(files.length).toBeGreaterThan(10);
  const digest = createHash('sha256');
  for (const file of files.sort()) {
    const answer = await request.get(`${assent.url}/approve/${file === 'phone.html' ? '' : file}`);
    digest.update(file).update(await answer.body());
  }
  expect(digest.digest('hex').slice(0, 12)).toBe(version);
});

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test('a part of the app that cannot be loaded is said to be missing, and loading the page again brings it', async ({
    app,
    page,
  }) => {
    await app.pair();
    const script = /\/assets\/settings-[^/]+\.js$/;
    await page.route(script, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('alert')).toContainText('This part of the app could not be loaded.');

    await page.unroute(script);
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await expect(app.heading).toHaveText('Settings');
  });
});

test('screens that were never opened are there without the server as well', async ({ app, assent }) => {
  await app.pair();
  await app.workerIsReady();
  await assent.close();
  for (const name of ['Settings', 'Mailbox']) {
    await app.page.getByRole('link', { name }).click();
    await expect(app.heading).toHaveText(name);
    await app.page.getByRole('link', { name: 'Inbox' }).click();
  }
});
