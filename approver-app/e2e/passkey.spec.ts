// A passkey as second factor, in Chromium with a virtual authenticator: registered once, asked for with each approval.
import { tenant } from './tenant.ts';
import { VirtualAuthenticator } from './virtual-authenticator.ts';
import { type ApproverApp, expect, test } from './world.ts';

test.use({
  config: {
    ...tenant,
    guardian: { factors: { 'webauthn-platform': true, 'webauthn-roaming': true } },
  },
});

const registerButton = ({ page }: ApproverApp) => page.getByRole('button', { name: 'Register a passkey' });

async function register(app: ApproverApp): Promise<VirtualAuthenticator> {
  const authenticator = await VirtualAuthenticator.addTo(app.page);
  await app.pair();
  await registerButton(app).click();
  await expect(app.announcements).toContainText('The passkey is registered.');
  return authenticator;
}

test('a passkey is offered after pairing, asked for by Approve, and told in the outcome', async ({
  app,
  agent,
  assent,
}) => {
  const authenticator = await register(app);
  await expect(app.page.getByTestId('passkey-missing')).toHaveCount(0);
  expect(await authenticator.countPasskeys()).toBe(1);

  const asked = await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await expect(app.page.getByText('Approve asks for your passkey.')).toBeVisible();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  await expect(app.page.getByText('Verified by passkey')).toBeVisible();
  expect((await agent.poll(asked)).status).toBe(200);
  expect(await assent.control.request('latest')).toMatchObject({ decision: { verified_by: 'passkey' } });

  await app.open('settings');
  await expect(app.page.getByTestId('passkey-state')).toContainText('asks for its passkey');
  await app.open('devices');
  await expect(app.page.getByRole('listitem').filter({ hasText: 'This browser' })).toContainText(
    'With a passkey',
  );
});

test('whoever is not verified approves nothing, is told so, and can try again', async ({
  app,
  agent,
  assent,
}) => {
  const authenticator = await register(app);
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await authenticator.recognise(false);
  await app.approveButton.click();
  const remark = app.page.getByRole('alert');
  await expect(remark).toContainText('You were not verified, so nothing was decided.');
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');

  await authenticator.recognise(true);
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});

test('denying needs no passkey, neither a registered one nor any', async ({ app, agent }) => {
  await app.pair();
  const asked = await agent.ask();
  await app.openRequest();
  await app.openReasons();
  await app.leaveGuard();
  await app.page.getByRole('button', { name: 'Deny without reason' }).click();
  await expect(app.heading).toHaveText('You denied');
  expect((await agent.poll(asked)).body).toMatchObject({ error: 'access_denied' });
});

test('on first need the passkey is registered on the request itself, which is then approved', async ({
  app,
  agent,
}) => {
  await VirtualAuthenticator.addTo(app.page);
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.page.getByTestId('end-of-content').scrollIntoViewIfNeeded();
  await expect(app.approveButton).toHaveAttribute('aria-disabled', 'true');
  await expect(app.page.getByText('Register a passkey to approve.')).toBeVisible();
  await registerButton(app).click();
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});

test('a question of the browser that was closed makes no passkey and says what may be wrong', async ({
  app,
}) => {
  const authenticator = await VirtualAuthenticator.addTo(app.page);
  await authenticator.recognise(false);
  await app.pair();
  await registerButton(app).click();
  await expect(app.page.getByRole('alert')).toContainText('No passkey was made');
  await expect(registerButton(app)).not.toHaveAttribute('aria-disabled');
  await authenticator.recognise(true);
  await registerButton(app).click();
  await expect(app.announcements).toContainText('The passkey is registered.');
});

test('a request that is decided elsewhere takes the question of the browser away', async ({
  app,
  agent,
  assent,
}) => {
  const authenticator = await register(app);
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await authenticator.leaveAlone();
  await app.approveButton.click();
  await expect(app.approveButton).toHaveText('Approving…');
  await assent.control.deny('latest');
  await expect(app.heading).toHaveText('Already denied');
  expect(app.decisionsSent).toEqual([]);
});

test('a new pairing has no passkey until it registers one of its own', async ({ app }) => {
  const authenticator = await register(app);
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
  await app.page.getByRole('button', { name: 'Un-pair', exact: true }).click();
  await app.pair();
  await registerButton(app).click();
  await expect(app.announcements).toContainText('The passkey is registered.');
  expect(await authenticator.countPasskeys()).toBe(2);
});

test('a browser without passkeys says so, and what is left', async ({ app, agent }) => {
  await app.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await app.pair();
  const missing = app.page.getByTestId('passkey-missing');
  await expect(missing).toContainText('This browser knows no passkeys (WebAuthn).');
  await expect(missing).toContainText('You can still deny here');
  await expect(registerButton(app)).toHaveCount(0);
  await agent.ask();
  await app.openRequest();
  await expect(app.denyButton).not.toHaveAttribute('aria-disabled');
});

test('under an IP address the app names the reason instead of a button', async ({ app, assent }) => {
  await app.page.goto(`${assent.url.replace('localhost', '127.0.0.1')}/approve/`);
  await app.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.page.getByTestId('passkey-missing')).toContainText('never for an IP address');
  await expect(registerButton(app)).toHaveCount(0);
});
