// The sequence view of a running server: arrows as they come, from step to step, and what a link leads to.
import AxeBuilder from '@axe-core/playwright';
import { startAssent } from 'assent';
import { SequencePage } from './sequence-page.ts';
import { tenant } from './tenant.ts';
import { test as base, expect } from './world.ts';

const test = base.extend<{ sequence: SequencePage }>({
  sequence: async ({ page, assent }, use) => use(new SequencePage(page, assent)),
});

test.use({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });

test('nothing has happened: there is a button that makes something happen, and a line that does the same', async ({
  sequence,
  assent,
}) => {
  await sequence.open();
  const { page } = sequence;
  await expect(page.getByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
  const call = page.locator('code', { hasText: `${assent.issuer}bc-authorize` });
  await expect(call).toContainText('binding_message=HELLO-1');
  // Of the client whose secret that is, and not of whichever stands first.
  await expect(call).toContainText('"client_id=$AUTH0_CLIENT_ID" -d "client_secret=$AUTH0_CLIENT_SECRET"');
  await page.getByRole('button', { name: 'Start a demo request' }).click();
  await expect(sequence.steps.first()).toContainText('POST /bc-authorize');
});

test('arrows appear as they happen, polls fold, and the newest is told and highlighted', async ({
  sequence,
  agent,
  assent,
}) => {
  await sequence.open();
  await expect(sequence.connection).toHaveText('live');
  const asked = await agent.ask();
  await expect(sequence.steps).toHaveCount(2);
  for (const _ of [1, 2, 3]) await agent.poll(asked);
  await expect(sequence.steps.nth(4)).toContainText('It comes 2 times.');
  await expect(sequence.steps).toHaveCount(6);
  await assent.control.approve('latest');
  await assent.control.clock.advance(30_000);
  await agent.poll(asked);
  await expect(sequence.current).toContainText('200 access_token');
  await expect(sequence.heading).toHaveText('The server hands out the token');
  await expect(sequence.page.getByTestId('announcements')).toContainText('new step');
  await expect(sequence.diagram).toHaveAccessibleName(/request r1/);
  // The drawing shows what the list says.
  await expect(sequence.diagram.locator('.arrow')).toHaveCount(await sequence.steps.count());
});

test('what is followed stays in view when the drawing grows for a room, and when a row opens above it', async ({
  sequence,
  agent,
  assent,
}) => {
  const { page } = sequence;
  await page.setViewportSize({ width: 1280, height: 640 });
  const asked = await agent.ask();
  await agent.poll(asked);
  await assent.control.approve('latest');
  await assent.control.clock.advance(30_000);
  await agent.poll(asked);
  await sequence.open();
  await expect(sequence.current).toContainText('200 access_token');
  expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
  await page.getByRole('button', { name: 'Attack the gate' }).click();
  await expect(sequence.current).toBeInViewport({ ratio: 0.9 });
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Present' })).toHaveAttribute('aria-pressed', 'true');
  await expect(sequence.current).toBeInViewport({ ratio: 0.9 });
});

test('whoever reads a step is not moved by what comes, and goes on when they want', async ({
  sequence,
  agent,
}) => {
  const asked = await agent.ask();
  await sequence.open('?request=r1&step=1');
  await expect(sequence.heading).toHaveText('The agent asks for approval');
  await agent.poll(asked);
  await agent.ask({ bindingMessage: 'OTHER-2' });
  await expect(sequence.page.getByRole('button', { name: '2 new steps' })).toBeVisible();
  await expect(sequence.page.getByRole('button', { name: '1 new request' })).toBeVisible();
  await expect(sequence.heading).toHaveText('The agent asks for approval');
  await sequence.page.getByRole('button', { name: '2 new steps' }).click();
  await expect(sequence.heading).toHaveText('Not yet: the server answers “pending”');
  await sequence.page.getByRole('button', { name: '1 new request' }).click();
  await expect(sequence.page).toHaveURL(/request=r2$/);
});

test('everything can be reached by keyboard alone', async ({ sequence, agent, assent }) => {
  const asked = await agent.ask();
  for (const _ of [1, 2, 3]) await agent.poll(asked);
  await assent.control.approve('latest');
  await sequence.open('?request=r1&step=1');
  const { page } = sequence;
  await expect(sequence.heading).toHaveText('The agent asks for approval');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/step=2$/);
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/step=1$/);
  // Enter opens a fold where it stands, and closes it.
  await sequence.current.focus();
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press('ArrowDown');
  await expect(sequence.current).toBeFocused();
  await expect(sequence.current).toHaveAttribute('aria-expanded', 'false');
  const folded = await sequence.steps.count();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/step=5\.1$/);
  await expect(sequence.steps).toHaveCount(folded + 2);
  await page.keyboard.press('x');
  await expect(sequence.steps).toHaveCount(folded);
  await page.keyboard.press('Home');
  await expect(page).toHaveURL(/step=1$/);
  // The tabs have the arrows to themselves.
  await page.getByRole('tab', { name: 'Why' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Request' })).toBeFocused();
  await expect(page).toHaveURL(/step=1$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Next step');
  await page.keyboard.press('Escape');
  await sequence.current.focus();
  await page.keyboard.press('End');
  await expect(page).toHaveURL(/request=r1$/);
  await expect(sequence.heading).toHaveText('The approver approves');
});

test('a request is found by what was asked', async ({ sequence, agent }) => {
  await agent.ask({ bindingMessage: 'FIRST-1' });
  await agent.ask({ bindingMessage: 'SECOND-2' });
  await sequence.open();
  await expect(sequence.steps).toHaveCount(2);
  await sequence.page.keyboard.press('Control+k');
  await sequence.page.keyboard.type('r1 transfer');
  await sequence.page.keyboard.press('Enter');
  await expect(sequence.page).toHaveURL(/request=r1$/);
});

test('playing goes from step to step and ends with what comes', async ({ sequence, agent }) => {
  await agent.ask();
  await sequence.open('?request=r1&step=1');
  await sequence.page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(sequence.heading).toHaveText('The server answers with a reference');
  await expect(sequence.page).toHaveURL(/request=r1$/);
  await expect(sequence.page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('playing goes on in its own pace however much arrives meanwhile', async ({ sequence, agent }) => {
  const asked = await agent.ask();
  await agent.poll(asked);
  await sequence.open('?request=r1&step=1');
  await sequence.page.getByRole('button', { name: 'Play', exact: true }).click();
  let isOver = false;
  const busy = (async () => {
    while (!isOver) await agent.poll(asked);
  })();
  await expect(sequence.page).toHaveURL(/step=[3-9]/);
  isOver = true;
  await busy;
});

test('the list keeps room on a small phone while an attack is shown', async ({ sequence, agent }) => {
  await agent.ask();
  await sequence.open('?request=r1');
  const { page } = sequence;
  await page.getByRole('button', { name: 'Attack the gate' }).click();
  await page.getByRole('button', { name: 'claims approval' }).click();
  await expect(sequence.steps.last()).toContainText('stopped');
  await page.setViewportSize({ width: 320, height: 640 });
  const pane = await page.locator('.pane').boundingBox();
  expect(pane?.height).toBeGreaterThan(120);
  const bar = await page
    .locator('.bar')
    .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  expect(bar, 'nothing of the bar is cut off').toBe(0);
  const dock = await page
    .locator('.dock .btn')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(new Set(dock).size, 'the buttons of the dock are one row').toBe(1);
});

test('on a phone the row of buttons fades at the edge beyond which there are more', async ({
  sequence,
  agent,
}) => {
  await agent.ask();
  await sequence.open('?request=r1');
  const { page } = sequence;
  const tools = page.locator('.tools');
  const fadesAt = async (): Promise<string> => {
    const mask = await tools.evaluate((row) => getComputedStyle(row).maskImage);
    const [before = 0, after = 0] = [...mask.matchAll(/([\d.]+)px/g)].map(([, length]) => Number(length));
    return [before > 0 ? 'start' : '', after > 0 ? 'end' : ''].join('');
  };
  const scrollTo = (end: 'start' | 'end'): Promise<void> =>
    tools.evaluate((row, to) => row.scrollTo({ left: to === 'end' ? row.scrollWidth : 0 }), end);
  await expect(sequence.steps.first()).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(fadesAt).toBe('end');
  await scrollTo('end');
  await expect.poll(fadesAt).toBe('start');
  await scrollTo('start');
  await expect.poll(fadesAt).toBe('end');
  await page.setViewportSize({ width: 720, height: 844 });
  await expect.poll(fadesAt).toBe('');
});

test('a link leads to the same request and step, and never holds a secret', async ({
  sequence,
  agent,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await agent.ask();
  await sequence.open('?request=r1&step=2');
  await expect(sequence.heading).toHaveText('The server answers with a reference');
  await sequence.page.getByRole('button', { name: 'Share' }).click();
  await expect(sequence.page.getByTestId('announcements')).toContainText('copied');
  const link = await sequence.page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe('?request=r1&step=2');
  await sequence.open('?request=r404');
  await expect(sequence.page.getByText('There is no request r404 here.')).toBeVisible();
});

test('a value is followed through the drawing', async ({ sequence, agent }) => {
  const asked = await agent.ask();
  await agent.poll(asked);
  await sequence.open('?request=r1');
  const chip = sequence.page
    .getByRole('list', { name: 'Values to follow' })
    .getByRole('button', { name: 'auth_req_id' });
  await expect(sequence.diagram.locator('.tile.followed')).toHaveCount(0);
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await expect(sequence.diagram.locator('.tile.va.followed')).toHaveCount(2);
});

test('a fault is said on the page and turned off there', async ({ sequence, assent }) => {
  await sequence.open();
  await expect(sequence.connection).toHaveText('live');
  await assent.control.faults.inject({ on: 'jwks', does: { kind: 'drop', when: 'before' } });
  const strip = sequence.page.getByText('Fault on purpose:');
  await expect(strip).toBeVisible();
  await sequence.page.getByRole('button', { name: 'Turn off' }).click();
  await expect(strip).toHaveCount(0);
  expect(await assent.control.faults.list()).toEqual([]);
});

test('a server that is gone is said with the command, and one that comes back is followed on without doubles', async ({
  page,
}) => {
  const { port, url, first } = await startOnFixedPort();
  const sequence = new SequencePage(page, { url });
  await sequence.open();
  await expect(sequence.connection).toHaveText('live');
  await first.close();
  await expect(page.getByText('has not answered since')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText('assent start', { exact: true })).toBeVisible();
  await using second = await startAssent({ config: tenant, tls: false, port });
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(sequence.connection).toHaveText('live');
  const person = tenant.users?.[0]?.user_id ?? '';
  await page.getByRole('button', { name: 'Start a demo request' }).click();
  await expect(sequence.steps).toHaveCount(2);
  expect((await second.control.requests()).map(({ approver }) => approver.user_id)).toEqual([person]);
});

async function startOnFixedPort() {
  const first = await startAssent({ config: tenant, tls: false });
  return { first, url: first.url, port: Number(new URL(first.url).port) };
}

test('a reset begins another story', async ({ sequence, agent, assent }) => {
  await agent.ask();
  await sequence.open();
  await expect(sequence.steps).toHaveCount(2);
  await assent.reset();
  await expect(sequence.page.getByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
});

const VIEWS = [
  { width: 320, height: 568, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
  { width: 1000, height: 800, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
] as const;

test('axe finds nothing, and nothing is cut off, at any size and with large text', async ({
  sequence,
  agent,
}) => {
  const asked = await agent.ask();
  for (const _ of [1, 2, 3]) await agent.poll(asked);
  const { page } = sequence;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await sequence.open('?request=r1&step=1');
  for (const { width, height, colorScheme } of VIEWS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await expect(sequence.current).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, `axe at ${width} px, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 568 });
  await page.getByRole('button', { name: /of \d+: details/ }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  for (const fontSize of ['', '200%']) {
    const wide = await page.locator('html').evaluate((html: HTMLElement, size: string) => {
      html.style.fontSize = size;
      return document.documentElement.scrollWidth > window.innerWidth;
    }, fontSize);
    expect(wide, `wider than 320 px at ${fontSize}`).toBe(false);
  }
});
