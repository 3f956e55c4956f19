// What the panel says of a step: explanations, requests and answers, the token, and copying it. Over a story that a real agent and
// a real API have told.
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { RunningAssent } from 'assent';
import { createCallReporter, createTokenVerifier, requireTokenInFetch } from 'assent/resource-server';
import type { Agent } from './agent.ts';
import { TRANSFER, TRANSFERS_API } from './tenant.ts';
import { expect, test } from './world.ts';

test.use({ viewport: { width: 1440, height: 900 } });

/** Asked, polled, approved, redeemed; then the API is called for another amount. Gives the whole token. */
async function tellStory(agent: Agent, assent: RunningAssent): Promise<string> {
  const question = await agent.ask();
  await agent.poll(question);
  await assent.control.approve('latest');
  // The agent keeps to its interval.
  await assent.control.clock.advance(10_000);
  const token = String((await agent.poll(question)).body['access_token']);
  const { issuer, ca, clock } = assent;
  const report = createCallReporter({ to: assent.control });
  const pay = requireTokenInFetch(
    createTokenVerifier({ issuer, ca, clock, audience: TRANSFERS_API }),
    () => ({ scope: 'create:transfer', details: [{ ...TRANSFER, amount: 4200 }] }),
    () => new Response('done'),
    { report },
  );
  const authorization = `Bearer ${token}`;
  const answer = await pay(new Request(TRANSFERS_API, { method: 'POST', headers: { authorization } }));
  expect(answer.status).toBe(403);
  await report.settled();
  return token;
}

/** The panel at a step whose words are those, on one of its tabs. */
async function openStep(page: Page, assent: RunningAssent, words: RegExp, tab: string): Promise<Locator> {
  await page.goto(`${assent.url}/sequence?request=r1`);
  await page.getByRole('link', { name: words }).first().click();
  await page.getByRole('tab', { name: tab, exact: true }).click();
  return page.getByRole('tabpanel', { name: tab });
}

const ASKED = /POST \/bc-authorize/;
const PENDING = /400 pending/;
const TOKENS = /200 access_token/;
const CALLED = /POST \/api\/accounts\/transfers/;
const STOPPED = /403 stopped/;

const LOOKS: [RegExp, string][] = [
  [ASKED, 'Why'],
  [ASKED, 'Request'],
  [PENDING, 'Response'],
  [TOKENS, 'Token'],
  [STOPPED, 'Specification'],
];

for (const [words, tab] of LOOKS) {
  test(`${tab}: axe finds nothing, and nothing is wider than the page`, async ({ page, agent, assent }) => {
    await tellStory(agent, assent);
    await openStep(page, assent, words, tab);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByRole('button', { name: /of \d+/ }).click();
    await page.getByRole('tab', { name: tab, exact: true }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, 'at 320 px').toEqual([]);
    const panel = page.getByRole('tabpanel');
    expect(await panel.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
}

test('a step says what happened in this run, why it exists, what if it failed, and where that is written', async ({
  page,
  agent,
  assent,
}) => {
  await tellStory(agent, assent);
  const why = await openStep(page, assent, ASKED, 'Why');
  await expect(why).toContainText('Ada Lovelace');
  await expect(why).toContainText('RENT-4K9');
  await expect(why.getByRole('heading')).toHaveText(['In this run', 'Why this step exists', 'If it failed']);
  await expect(why).toContainText('unknown_user_id');
  await page.getByRole('tab', { name: 'Specification' }).click();
  const specification = page.getByRole('tabpanel', { name: 'Specification' });
  await expect(specification.getByRole('link', { name: 'RFC 9396, section 2' })).toHaveAttribute(
    'href',
    'https://www.rfc-editor.org/rfc/rfc9396#section-2',
  );
  await expect(specification).toContainText('Documented by Auth0');
});

test('a parameter has its meaning on focus, which Escape takes away; the form is there as a table and raw', async ({
  page,
  agent,
  assent,
}) => {
  await tellStory(agent, assent);
  const request = await openStep(page, assent, ASKED, 'Request');
  const name = request.getByRole('button', { name: 'login_hint' });
  await name.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  const meaning = request.getByRole('tooltip').filter({ hasText: 'Which person is asked' });
  await expect(meaning).toBeVisible();
  await expect(name).toHaveAccessibleDescription(/Which person is asked/);
  await page.keyboard.press('Escape');
  await expect(meaning).toBeHidden();
  await request.getByRole('button', { name: 'Raw' }).first().click();
  const raw = request.getByRole('region', { name: 'Form body' });
  await expect(raw).toContainText('binding_message=RENT-4K9');
  await expect(raw).not.toContainText(String(assent.env['AUTH0_CLIENT_SECRET']));
});

test('JSON is walked by the keyboard, searched, and stays folded over steps and tabs', async ({
  page,
  agent,
  assent,
}) => {
  await tellStory(agent, assent);
  const request = await openStep(page, assent, ASKED, 'Request');
  const tree = request.getByRole('tree', { name: 'authorization_details' });
  await tree.getByRole('treeitem').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(tree.getByRole('treeitem', { name: /^0: / })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(tree.getByRole('treeitem')).toHaveCount(2);
  await page.getByRole('tab', { name: 'Why' }).click();
  await page.getByRole('tab', { name: 'Request' }).click();
  await expect(tree.getByRole('treeitem')).toHaveCount(2);
  await request.getByRole('searchbox').fill('hopper');
  await expect(request.getByRole('status')).toHaveText('1 match');
  await page.keyboard.press('Enter');
  await expect(tree.getByRole('treeitem', { name: /Grace Hopper/ })).toHaveAttribute('aria-selected', 'true');
  await request.getByRole('button', { name: 'Copy path' }).click();
  expect(await clipboard(page)).toBe('/0/to');
  await request.getByRole('button', { name: 'Copy value' }).click();
  expect(await clipboard(page)).toBe('Grace Hopper');
});

test('the token is compared with what was approved, and only a signature at hand is called verified', async ({
  page,
  agent,
  assent,
}) => {
  const whole = await tellStory(agent, assent);
  const token = await openStep(page, assent, TOKENS, 'Token');
  await expect(token).toContainText('Details identical to what Ada Lovelace approved');
  await expect(token).toContainText('Decoded, not verified.');
  await expect(token.getByRole('row', { name: /^exp/ })).toContainText('in 23 hours');
  const paste = token.getByRole('textbox');
  const check = token.getByRole('button', { name: 'Check the signature' });
  await paste.fill(`${whole.slice(0, -40)}.x`);
  await check.click();
  await expect(token).toContainText('not the token that is shown here');
  await paste.fill(whole);
  await check.click();
  const keys = await (await page.request.get(`${assent.url}/.well-known/jwks.json`)).json();
  await expect(token).toContainText(`Signature verified with key ${keys.keys[0].kid} (RS256)`);
});

test('a call that was stopped says by which check, and what differs from what was approved', async ({
  page,
  agent,
  assent,
}) => {
  await tellStory(agent, assent);
  const specification = await openStep(page, assent, STOPPED, 'Specification');
  await expect(specification).toContainText('Stopped by check: details must match');
  await expect(specification.getByRole('row', { name: /amount/ })).toHaveText(/250\.5.*4200/);
  await expect(specification).toContainText('With scopes alone this call would have gone through.');
  const token = await openStep(page, assent, CALLED, 'Token');
  await expect(token).toContainText('The API verified the signature');
});

test('a value that is followed is marked wherever it is', async ({ page, agent, assent }) => {
  await tellStory(agent, assent);
  const request = await openStep(page, assent, ASKED, 'Request');
  await request.getByRole('button', { name: /^binding message: RENT-4K9/ }).click();
  await expect(page.getByRole('button', { name: /code RENT-4K9/ })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('tab', { name: 'Why' }).click();
  await expect(page.getByRole('tabpanel').getByRole('button', { name: /RENT-4K9/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('a step is copied by the keyboard alone: redacted by default, with secrets only where it says so', async ({
  page,
  agent,
  assent,
}) => {
  await tellStory(agent, assent);
  const secret = String(assent.env['AUTH0_CLIENT_SECRET']);
  await openStep(page, assent, ASKED, 'Why');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Request' })).toBeFocused();
  await page.keyboard.press('c');
  const menu = page.getByRole('menu', { name: 'Copy as…' });
  await expect(menu.getByRole('menuitem', { name: 'curl, redacted' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('announcements')).toContainText('curl, redacted is copied.');
  const redacted = await clipboard(page);
  expect(redacted).toMatch(/^curl 'https:.*\/bc-authorize'/);
  expect(redacted).not.toContain(secret);

  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await expect(menu.getByRole('menuitem', { name: 'curl, runnable' })).toHaveAccessibleDescription(
    /Contains secrets/,
  );
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('announcements')).toContainText('It contains secrets.');
  expect(await clipboard(page)).toContain(secret);
});

async function clipboard(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return page.evaluate(() => navigator.clipboard.readText());
}
