// Authorization details of an application's login: read and answered in the browser, with the keyboard alone.
import { TRANSFER } from './tenant.ts';
import { arriveAtConsent, CALLBACK } from './tour-login.ts';
import { expect, test } from './world.ts';

test.beforeEach(async ({ page }) => {
  await page.route(`${CALLBACK}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>The application</h1>' }),
  );
});

test('the keyboard alone approves, and the application gets a code for exactly these details', async ({
  app,
  assent,
}) => {
  const { page } = app;
  await arriveAtConsent(app, assent);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Transfer 250.5 EUR');
  await expect(page.getByText('Rent, May')).toBeVisible();
  // The first answer that the keyboard comes to is the one that changes nothing.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Deny' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Approve' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading')).toHaveText('The application');
  const back = new URL(page.url());
  expect(back.searchParams.get('state')).toBe('state-of-the-application');
  expect(back.searchParams.get('iss')).toBe(assent.issuer);
  const answer = await page.request.post(`${assent.url}/oauth/token`, {
    form: {
      grant_type: 'authorization_code',
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
      redirect_uri: CALLBACK,
      code: back.searchParams.get('code') ?? '',
    },
  });
  expect((await answer.json()) as object).toMatchObject({ authorization_details: [TRANSFER] });
});

test('a denial goes back to the application, and reloading the page before decided nothing', async ({
  app,
  assent,
}) => {
  const { page } = app;
  await arriveAtConsent(app, assent);
  await page.reload();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('heading')).toHaveText('The application');
  expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
});
