// A server that keeps its data in a file is stopped and started again under an open page: nothing is lost, nothing is asked
// of the person.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAssent, startAssent } from 'assent';
import { Agent } from './agent.ts';
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
