// A client of the profile `standard` may leave out the binding message (CIBA Core §7.1). Then there is nothing to compare, and every
// screen says so instead of showing an empty code.
import AxeBuilder from '@axe-core/playwright';
import { tenant } from './tenant.ts';
import { expect, test } from './world.ts';

test.use({ config: { ...tenant, tenant: { ...tenant.tenant, profile: 'standard' } } });

test('a request without a code says that there is nothing to compare', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ bindingMessage: '' });
  await expect(app.cards.first()).toBeVisible();
  await expect(app.page.locator('.pill-code')).toHaveCount(0);
  await app.openRequest();
  await expect(app.page.getByText('No code came with this request')).toBeVisible();
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toHaveCount(0);
  expect((await app.readRequest()).bindingMessage).toBe('');
  await app.page.setViewportSize({ width: 320, height: 640 });
  expect((await new AxeBuilder({ page: app.page }).analyze()).violations).toEqual([]);
  await app.approve();
  await expect(app.heading).toHaveText(/approved/i);
  await expect(app.page.getByRole('term').filter({ hasText: /^Code$/ })).toHaveCount(0);
});

test('a code of any script is shown as it was sent', async ({ app, agent }) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'Café 振込  €25' });
  await app.openRequest();
  const code = app.page.getByRole('region', { name: 'Code to compare' }).locator('.code');
  // Not as a reader of text would fold it: two spaces stay two.
  // biome-ignore lint/performance/useDomNodeTextContent: only rendered text counts as seen
  expect(await code.evaluate((element) => (element as HTMLElement).innerText)).toBe('Café 振込  €25');
});
