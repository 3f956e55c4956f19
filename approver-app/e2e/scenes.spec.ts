// What if and attacks in a browser: what is drawn is what the agent of the scene met on the wire.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { RunningAssent } from 'assent';
import { type Attack, type SceneResult, sceneResultSchema, type WhatIfChange } from 'assent/contract';
import type { Agent } from './agent.ts';
import { expect, test } from './world.ts';

test.use({ viewport: { width: 1440, height: 900 } });

async function recordRun(agent: Agent, assent: RunningAssent): Promise<void> {
  const question = await agent.ask();
  await agent.poll(question);
  await assent.control.approve('latest');
  await assent.control.clock.advance(10_000);
  await agent.poll(question);
}

/** Presses a button that plays a scene; what the server answered the page. */
async function play(page: Page, name: string): Promise<SceneResult> {
  const answered = page.waitForResponse((response) => response.url().includes('/control/scenes/'));
  await page.getByRole('button', { name, exact: true }).click();
  const result = sceneResultSchema.parse(await (await answered).json());
  await expect(page.getByRole('button', { name, exact: true })).toHaveAttribute('aria-pressed', 'true');
  return result;
}

const CHANGES: Array<[string, WhatIfChange]> = [
  ['denied', 'denied'],
  ['expired', 'expired'],
  ['polled too fast', 'polled_too_fast'],
  ['other details', 'wrong_details'],
  ['push lost', 'push_lost'],
  ['replayed', 'replayed'],
];

for (const [name, change] of CHANGES) {
  test(`what if ${name}: both runs are drawn, and end as the agent saw them end`, async ({
    page,
    agent,
    assent,
  }) => {
    await recordRun(agent, assent);
    await page.goto(`${assent.url}/sequence?request=r1`);
    await page.getByRole('button', { name: 'What if' }).click();
    const result = await play(page, name);
    expect(result.change).toBe(change);
    const ofSecond = result.wire.filter(({ run }) => run === result.runs[1]?.name);
    const refusal = ofSecond.findLast(({ exchange }) => exchange.response.status >= 400);
    const table = page.getByRole('table', { name: 'Both runs, row by row' });
    await expect(table).toContainText(String(refusal?.exchange.response.status));
    const done = ofSecond.filter(({ to, exchange }) => to === 'api' && exchange.response.status === 200);
    const outcome = table.getByRole('row').last();
    await expect(outcome.getByRole('cell').first()).toContainText('The API did it 1 ×.');
    await expect(outcome.getByRole('cell').last()).toContainText(
      done.length > 0 ? 'The API did it 1 ×.' : /Nothing is done|The API stopped the call/,
    );
  });
}

test('N goes from difference to difference, also to what never happens', async ({ page, agent, assent }) => {
  await recordRun(agent, assent);
  await page.goto(`${assent.url}/sequence?request=r1`);
  await page.getByRole('button', { name: 'What if' }).click();
  await play(page, 'denied');
  for (const words of [
    'auth0_guardian_accepted: false',
    '400 access_denied',
    'Never happens: there is no token to send.',
  ]) {
    await page.keyboard.press('n');
    await expect(page.locator('tr:focus')).toContainText(words);
  }
});

const ATTACKS: Array<[string, Attack]> = [
  ['claims approval', 'claimed_approval'],
  ['uses a login’s token', 'login_token'],
  ['uses another token', 'other_token'],
  ['changes the amount', 'changed_amount'],
  ['redeems twice', 'replayed_request'],
  ['repeats the call', 'replayed_token'],
  ['approves by links', 'approved_by_get'],
  ['ignores a denial', 'ignored_denial'],
];

for (const [name, attack] of ATTACKS) {
  test(`an agent that ${name} is drawn where it stops, by the check that stopped it on the wire`, async ({
    page,
    assent,
  }) => {
    await page.goto(`${assent.url}/sequence`);
    await page.getByRole('button', { name: 'Attack the gate' }).click();
    const { trace, wire } = await play(page, name);
    const attempted = trace.events.find((event) => event.type === 'attack.attempted');
    if (attempted?.type !== 'attack.attempted') throw new Error('no attack was told');
    expect(attempted.attack).toBe(attack);
    const last = wire.findLast(({ exchange }) => exchange.request.method === 'POST')?.exchange.response;
    const list = page.getByRole('list', { name: /^Steps of/ });
    await expect(list).toContainText(`An attack begins: ${attempted.told}`);
    await expect(list.getByRole('link').last()).toContainText(String(last?.status));
    await expect(page.getByText(/^Stopped by: /)).toBeVisible();
    if (attempted.stopped_by?.at !== 'api') return;
    await expect(list.getByRole('link').last()).toContainText(attempted.stopped_by.check);
    await expect(page.locator('.dia .wall').first()).toBeAttached();
  });
}

test('a scene says what it asks for, exports all that was played, and leaves the room only what it came to', async ({
  page,
  agent,
  assent,
}) => {
  await recordRun(agent, assent);
  await page.goto(`${assent.url}/sequence?request=r1`);
  await page.getByRole('button', { name: 'Attack the gate' }).click();
  const strip = page.getByRole('region', { name: 'Attack the gate' });
  await expect(strip).toContainText('the demo transfer of this tenant, whichever request is selected');
  await play(page, 'changes the amount');
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export/ });
  await expect(dialog).toContainText('Everything that was played for this scene, in one file.');
  await expect(dialog).not.toContainText('All requests');
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await expect(page.getByText(/^Stopped by: /)).toBeVisible();
  await expect(strip).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export' })).toBeHidden();
  await page.getByRole('button', { name: 'Present' }).click();
  await expect(strip).toBeVisible();
});

test('a check is turned off, the same attack passes, and with every check it stops again', async ({
  page,
  assent,
}) => {
  await page.goto(`${assent.url}/sequence`);
  await page.getByRole('button', { name: 'Attack the gate' }).click();
  await play(page, 'changes the amount');
  await page.getByRole('button', { name: 'Turn off “details must match” and repeat' }).click();
  await expect(page.getByText('Nothing stopped it.')).toBeVisible();
  await expect(
    page
      .getByRole('list', { name: /^Steps of/ })
      .getByRole('link')
      .last(),
  ).toContainText('200');
  const panel = page.getByRole('complementary', { name: 'Step' });
  await expect(panel).toContainText('This API does not compare what it is asked to do');
  await expect(panel).not.toContainText('the action is the one that was approved');
  await page.getByRole('button', { name: 'Repeat with every check' }).click();
  await expect(page.getByText('Stopped by: details must match')).toBeVisible();
  await expect(panel).toContainText('A genuine token for one payment is not good for another.');
  await page.getByRole('button', { name: 'Back to the server' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
});

for (const [open, name] of [
  ['What if', 'denied'],
  ['Attack the gate', 'changes the amount'],
] as const) {
  test(`${open}: axe finds nothing, and nothing is wider than a small phone`, async ({
    page,
    agent,
    assent,
  }) => {
    await recordRun(agent, assent);
    await page.goto(`${assent.url}/sequence?request=r1`);
    await page.getByRole('button', { name: open }).click();
    await play(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, 'at 320 px').toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
}
