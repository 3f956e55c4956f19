// A signed authentication request in the sequence view: what it says is read there, what could be used again is not. And the
// person reads what was signed.
import { randomUUID } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import type { RunningAssent } from 'assent';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ADA, tenant } from './tenant.ts';
import { expect, test } from './world.ts';

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'payments-1' };
const CLIENT = { client_id: 'payments', client_secret: 'payments-secret-not-real' };
const NOTHING_FOR_EYES = 'a-code-that-nobody-may-read';

test.use({
  viewport: { width: 1440, height: 900 },
  config: {
    ...tenant,
    clients: [
      ...(tenant.clients ?? []),
      {
        ...CLIENT,
        name: 'Payments',
        profile: 'standard',
        grant_types: ['urn:openid:params:grant-type:ciba'],
        jwks: { keys: [jwk] },
      },
    ],
  },
});

function sign({ issuer }: RunningAssent, key: CryptoKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    scope: 'openid',
    login_hint: ADA,
    binding_message: 'RENT-4K9',
    user_code: NOTHING_FOR_EYES,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'payments-1', typ: 'oauth-authz-req+jwt' })
    .setIssuer(CLIENT.client_id)
    .setAudience(issuer)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + 300)
    .setJti(randomUUID())
    .sign(key);
}

test('a signed request is read by its claims, in both lights and on a small screen', async ({
  app,
  page,
  request,
  assent,
}) => {
  await app.pair();
  const form = { ...CLIENT, request: await sign(assent, privateKey) };
  expect((await request.post(`${assent.url}/bc-authorize`, { form })).status()).toBe(200);
  await expect(app.page.getByText('RENT-4K9').first()).toBeVisible();

  await page.goto(`${assent.url}/sequence?request=r1`);
  await page
    .getByRole('link', { name: /POST \/bc-authorize/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Request', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Request' });
  const said = panel.getByRole('tree', { name: 'What the signed request says' });
  await expect(said.getByRole('treeitem', { name: /binding_message: .*RENT-4K9/ })).toBeVisible();
  await expect(panel).toContainText('[signature removed]');
  await expect(page.locator('body')).not.toContainText(NOTHING_FOR_EYES);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, colorScheme).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole('button', { name: /of \d+/ }).click();
  await page.getByRole('tab', { name: 'Request', exact: true }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations, 'at 320 px').toEqual([]);
  expect(await page.getByRole('tabpanel').evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
});
