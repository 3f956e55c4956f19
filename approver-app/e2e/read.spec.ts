// Nothing is approved unseen: every value of the details is on the screen, and Approve waits for the end of them.
import { FIVE_KINDS, TRANSFER, UNKNOWN_KIND } from './tenant.ts';
import { type ApproverApp, expect, test } from './world.ts';

/** Auth0's instructions to the renderer. They are followed, not read. */
const LAYOUT_MEMBERS = ['display', 'display_order'];

/** Every value of the JSON as a reader would see it. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['empty list'] : value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, member]) =>
      LAYOUT_MEMBERS.includes(name) ? [] : leaves(member),
    );
  }
  return [value === '' ? '""' : String(value)];
}

/** The lines of text on the screen, as far as they are rendered and not hidden. */
async function visibleLines(app: ApproverApp): Promise<string[]> {
  // biome-ignore lint/performance/useDomNodeTextContent: only rendered text counts as seen
  const text = await app.page.getByRole('main').innerText();
  return text.split('\n').map((line) => line.replaceAll('\u00a0', ' ').trim());
}

test('a request with five kinds of details shows every value of each', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ details: FIVE_KINDS });
  await app.openRequest();
  await expect(app.heading).toHaveText('Aiya asks for 5 things at once');
  expect(await visibleLines(app)).toEqual(expect.arrayContaining(leaves(FIVE_KINDS)));
});

test('a kind without wording is complete, and is said to be new', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ details: [UNKNOWN_KIND] });
  await app.openRequest();
  await expect(app.heading).toHaveText('Aiya asks for Retention change');
  await expect(app.page.getByText('This kind of request is new here')).toBeVisible();
  expect(await visibleLines(app)).toEqual(expect.arrayContaining(leaves(UNKNOWN_KIND)));
});

test('a field that the client did not want displayed is listed apart, and open', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ details: [FIVE_KINDS[1]] });
  await app.openRequest();
  await expect(app.page.getByText('Carried, not displayed')).toBeVisible();
  await expect(app.page.getByRole('definition').filter({ hasText: 'INV-7' })).toBeVisible();
});

test('Approve waits until the end was in view, and says so', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ details: FIVE_KINDS });
  await app.openRequest();
  await expect(app.approveButton).toHaveAttribute('aria-disabled', 'true');
  await expect(app.approveButton).toHaveAccessibleDescription('Read to the end to approve.');
  await app.approveButton.focus();
  await expect(app.approveButton).toBeFocused();

  await app.leaveGuard();
  await app.approveButton.click({ force: true });
  await expect(app.announcements).toContainText('Read to the end to approve.');
  expect(app.decisionsSent).toEqual([]);

  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});

test('the end does not count while a list of carried fields is closed', async ({ app, agent }) => {
  await app.page.setViewportSize({ width: 390, height: 700 });
  await app.pair();
  await agent.ask({ details: [FIVE_KINDS[1]] });
  await app.openRequest();
  const toggle = app.page.getByRole('button', { name: '1 field' });
  await toggle.click();
  await app.page.getByText('known to this tenant').scrollIntoViewIfNeeded();
  await expect(app.approveButton).toHaveAttribute('aria-disabled', 'true');
  await toggle.click();
  await app.readToEnd();
});

test('the content can be read as the client sent it', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'RENT-4K9' });
  await app.openRequest();
  await app.page.getByRole('button', { name: 'Show as JSON' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'As the client sent it' });
  const json: unknown = JSON.parse((await dialog.locator('pre').textContent()) ?? '');
  expect(json).toMatchObject({ binding_message: 'RENT-4K9', authorization_details: [TRANSFER] });
});

test('markup in the content of a client stays text', async ({ app, agent }) => {
  const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
  await app.pair();
  await agent.ask({
    details: [{ ...TRANSFER, to: markup, reference: '`code` *strong* {name} <script>alert(1)</script>' }],
  });
  await expect(app.cards.first()).toContainText(markup);
  await app.openRequest();
  await expect(app.heading).toContainText(markup);
  expect(await visibleLines(app)).toEqual(
    expect.arrayContaining([markup, '`code` *strong* {name} <script>alert(1)</script>']),
  );
  await expect(app.page.locator('img, main script, main b')).toHaveCount(0);
});
