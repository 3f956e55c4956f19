// A server that keeps its data in a file is stopped and started again under an open page: nothing is lost, nothing is asked
// of the person.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type RunningAssent, startAssent } from 'assent';
import { Agent } from './agent.ts';
import { SequencePage } from './sequence-page.ts';
import { tenant } from './tenant.ts';
import { ApproverApp, expect, test } from './world.ts';

let folder: string;
let assent: RunningAssent;

const start = (port = 0): Promise<RunningAssent> =>
  startAssent({ config: tenant, port, dataFolder: folder, dataFile: join(folder, 'assent.db') });

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-restart-'));
  assent = await start();
});

test.afterEach(async () => {
  await assent.close();
  await rm(folder, { recursive: true });
});

test('the page that was open goes on, and approves what was asked before', async ({ page, request }) => {
  const app = new ApproverApp(page, assent);
  const agent = new Agent(request, assent);
  await app.pair();
  const asked = await agent.ask({ bindingMessage: 'RENT-4K9' });
  await app.openRequest();
  await assent.close();
  await expect(app.page.getByRole('alert')).toContainText('No connection');
  assent = await start(Number(new URL(assent.url).port));
  await expect(app.page.getByRole('alert')).toHaveCount(0);
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText(/approved/i);
  expect((await agent.poll(asked)).status).toBe(200);
});

test('an inbox that was open tells the requests of the next server too', async ({ page, request }) => {
  const app = new ApproverApp(page, assent);
  await app.pair();
  await new Agent(request, assent).ask({ bindingMessage: 'FIRST' });
  await expect(app.cards).toHaveCount(1);
  await assent.close();
  assent = await start(Number(new URL(assent.url).port));
  await new Agent(request, assent).ask({ bindingMessage: 'SECOND' });
  await expect(app.cards).toHaveCount(2);
  await assent.control.deny('r1');
  await expect(app.cards).toHaveCount(1);
});

test.describe('a server that was killed', () => {
  test.use({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });

  const main = join(dirname(createRequire(import.meta.url).resolve('assent/package.json')), 'bin/assent.js');

  /** A process of its own, as one that is killed has to be. */
  async function startProcess(port: string): Promise<{ url: string; process: ChildProcess }> {
    const words = ['--http', '--port', port, '--data', 'killed.db', '--format', 'ndjson'];
    const child = spawn(process.execPath, [main, 'start', ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { type, url } = JSON.parse(line) as { type: string; url: string };
      if (type === 'ready') return { url, process: child };
    }
    throw new Error('the server has ended');
  }

  async function kill({ process: child }: { process: ChildProcess }): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  test('has left its story to the next one, in a page that stayed open and in a new one', async ({
    page,
    request,
  }) => {
    const first = await startProcess('0');
    const sequence = new SequencePage(page, first);
    await sequence.open();
    await page.getByRole('button', { name: 'Start a demo request' }).click();
    await expect(sequence.steps).toHaveCount(2);
    await kill(first);
    const second = await startProcess(new URL(first.url).port);
    await expect(sequence.connection).toHaveText('live');
    await request.post(`${first.url}/control/requests/latest/decision`, { data: { decision: 'approve' } });
    for (const look of ['open', 'reload'] as const) {
      if (look === 'reload') await page.reload();
      await expect(sequence.steps).toHaveCount(3);
      await expect(sequence.steps.first()).toContainText('POST /bc-authorize');
      await expect(sequence.steps.last()).toContainText('approved');
    }
    await kill(second);
  });
});
