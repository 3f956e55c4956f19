// Where a type lets the approver strike something out or fill something in: what is ticked on the screen is what the token
// carries, and nothing can be approved that is still open.
import { rarSample, rarTenant } from './rar-tenant.ts';
import { expect, test } from './world.ts';

test.use({ config: rarTenant });

function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return typeof value === 'boolean' ? [] : [String(value)];
}

const CURRENT = { iban: 'DE89370400440532013000' };

test('actions are struck out and accounts chosen, and the token carries just that', async ({
  app,
  agent,
}) => {
  const { audience, authorization_details: details } = rarSample('account-information', 1);
  await app.pair();
  const asked = await agent.ask({ audience, scope: 'openid accounts', details });
  await app.openRequest();
  await expect(app.heading).toHaveText('Aiya asks to Read your accounts');
  await app.page.getByTestId('end-of-content').scrollIntoViewIfNeeded();
  await expect(app.approveButton).toHaveAccessibleDescription('Choose what is left open to approve.');
  await app.approveButton.click({ force: true });
  expect(app.decisionsSent).toEqual([]);

  const accounts = app.page.getByRole('group', { name: 'Which accounts' });
  await accounts.getByText('Current account ··3000').click();
  await app.page.getByRole('checkbox', { name: 'List your accounts' }).uncheck();
  await app.page.getByRole('checkbox', { name: 'See your transactions' }).uncheck();
  const last = app.page.getByRole('checkbox', { name: 'See your balances' });
  await expect(last).toHaveAccessibleDescription('The last one stays. To grant nothing, deny.');
  await last.click({ force: true });
  await expect(last).toBeChecked();
  await expect(app.approveButton).toHaveAccessibleDescription(
    'Approve grants what you changed, not all that was asked.',
  );
  await app.readToEnd();
  await app.approveButton.click();

  await expect(app.heading).toHaveText('You approved');
  await expect(app.page.getByRole('definition').filter({ hasText: 'List your accounts' })).toBeVisible();
  await expect(app.page.getByRole('definition').filter({ hasText: 'Current account ··3000' })).toBeVisible();
  const { status, body } = await agent.poll(asked);
  expect([status, body['authorization_details']]).toEqual([
    200,
    [{ ...details[0], actions: ['read_balances'], access: { accounts: [CURRENT] } }],
  ]);
});

test('one of two payments is struck out by keyboard alone', async ({ app, agent, assent }) => {
  const { audience, authorization_details: details } = rarSample('payment-initiation', 1);
  await app.pair();
  const asked = await agent.ask({ audience, scope: 'openid payments', details });
  await app.openRequest();
  await expect(app.page.getByRole('group', { name: 'From your account' })).toHaveCount(2);
  for (const group of await app.page.getByRole('group', { name: 'From your account' }).all()) {
    await group.getByRole('radio').first().focus();
    await app.page.keyboard.press('Space');
  }
  await app.page.getByRole('checkbox', { name: 'Grant this one: Payment' }).nth(1).focus();
  await app.page.keyboard.press('Space');
  await expect(app.page.getByRole('group', { name: 'From your account' })).toHaveCount(1);
  await app.readToEnd();
  await app.approveButton.focus();
  await app.page.keyboard.press('Enter');
  await expect(app.heading).toHaveText('You approved');
  const { body } = await agent.poll(asked);
  expect(body['authorization_details']).toEqual([{ ...details[0], debtorAccount: CURRENT }]);
  const { decision } = await assent.control.request('latest');
  expect(decision?.changes?.map(({ kind, entry }) => [kind, entry])).toEqual([
    ['chosen', 0],
    ['struck_out', 1],
  ]);
});

test('markup and controls in a detail are text, wherever they are shown', async ({ app, agent }) => {
  const { audience, authorization_details: details } = rarSample('payment-initiation', 3);
  await app.pair();
  await agent.ask({ audience, scope: 'openid payments', details });
  await app.openRequest();
  await expect(app.heading).toContainText('<img src=x onerror=alert(1)> ⟨U+202E⟩05.52⟨U+200B⟩');
  await expect(app.page.locator('main img')).toHaveCount(0);
});

for (const name of ['payment-initiation', 'account-information', 'tax-data', 'signing'] as const) {
  test(`every value of ${name} is on the screen`, async ({ app, agent }) => {
    const { audience, authorization_details: details } = rarSample(name, name === 'signing' ? 0 : 1);
    await app.pair();
    await agent.ask({ audience, scope: 'openid', details });
    await app.openRequest();
    await expect(app.page.getByTestId('end-of-content')).toBeAttached();
    // biome-ignore lint/performance/useDomNodeTextContent: only rendered text counts as seen
    const text = await app.page.getByRole('main').innerText();
    const missing = leaves(details).filter((value) => !text.replaceAll('\u00a0', ' ').includes(value));
    expect(missing).toEqual([]);
  });
}
