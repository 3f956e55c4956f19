// The part of the tour on which approving needs a passkey.
import { tenant } from './tenant.ts';
import type { Stop, Tourist } from './tour-devices.ts';
import { VirtualAuthenticator } from './virtual-authenticator.ts';
import { expect } from './world.ts';

const config = {
  ...tenant,
  guardian: { factors: { 'webauthn-platform': true, 'webauthn-roaming': true } },
};

async function register({ app }: Tourist): Promise<VirtualAuthenticator> {
  const authenticator = await VirtualAuthenticator.addTo(app.page);
  await app.pair();
  await app.page.getByRole('button', { name: 'Register a passkey' }).click();
  await expect(app.announcements).toContainText('The passkey is registered.');
  return authenticator;
}

export const passkeyTour: readonly Stop[] = [
  {
    name: 'passkey-missing',
    config,
    show: async ({ app }) => {
      await app.pair();
      await expect(app.page.getByTestId('passkey-missing')).toBeVisible();
    },
  },
  {
    name: 'passkey-not-made',
    config,
    show: async ({ app }) => {
      const authenticator = await VirtualAuthenticator.addTo(app.page);
      await authenticator.recognise(false);
      await app.pair();
      await app.page.getByRole('button', { name: 'Register a passkey' }).click();
      await expect(app.page.getByRole('alert')).toContainText('No passkey was made');
    },
  },
  {
    name: 'passkey-unsupported',
    config,
    show: async ({ app }) => {
      await app.page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
      await app.pair();
      await expect(app.page.getByText('knows no passkeys')).toBeVisible();
    },
  },
  {
    name: 'request-passkey-missing',
    config,
    show: async ({ app, agent }) => {
      await app.pair();
      await agent.ask();
      await app.openRequest();
      await app.page.getByTestId('passkey-missing').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'request-not-verified',
    config,
    show: async (tourist) => {
      const { app, agent } = tourist;
      const authenticator = await register(tourist);
      await agent.ask();
      await app.openRequest();
      await app.readToEnd();
      await authenticator.recognise(false);
      await app.approveButton.click();
      await expect(app.page.getByRole('alert')).toContainText('You were not verified');
      await app.page.getByRole('alert').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'outcome-verified',
    config,
    show: async (tourist) => {
      const { app, agent } = tourist;
      await register(tourist);
      await agent.ask();
      await app.openRequest();
      await app.readToEnd();
      await app.approveButton.click();
      await expect(app.page.getByText('Verified by passkey')).toBeVisible();
    },
  },
  {
    name: 'settings-passkey',
    config,
    show: async (tourist) => {
      await register(tourist);
      await tourist.app.open('settings');
      await tourist.app.page.getByTestId('passkey-state').scrollIntoViewIfNeeded();
    },
  },
];
