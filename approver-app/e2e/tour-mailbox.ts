// The part of the tour that is about e-mail.
import type { Stop } from './tour-devices.ts';
import { expect } from './world.ts';

/** Longer than push allows. */
export const BY_EMAIL = { expiresInSeconds: 3600 } as const;

export const mailboxTour: readonly Stop[] = [
  {
    name: 'mailbox-empty',
    show: async ({ app }) => {
      await app.pair();
      await app.page.getByRole('link', { name: 'Mailbox' }).click();
      await expect(app.page.getByText('No e-mail yet')).toBeVisible();
    },
  },
  {
    name: 'mailbox',
    show: async ({ app, agent, assent }) => {
      await app.pair();
      await app.page.getByRole('link', { name: 'Mailbox' }).click();
      await agent.ask({ ...BY_EMAIL, bindingMessage: 'TRIP-7F2' });
      await expect(app.mails).toHaveCount(1);
      await assent.control.approve('latest');
      await agent.ask({ ...BY_EMAIL, bindingMessage: 'RENT-4K9' });
      await expect(app.mails).toHaveCount(2);
    },
  },
  {
    name: 'mail',
    show: async ({ app, agent }) => {
      await app.pair();
      await agent.ask({ ...BY_EMAIL, bindingMessage: 'HOST-51D' });
      await app.open('mailbox');
      await app.mails.first().click();
      await expect(app.page.frameLocator('iframe').getByText('HOST-51D')).toBeVisible();
    },
  },
  {
    name: 'mail-text',
    show: async ({ app, agent }) => {
      await app.pair();
      await agent.ask({ ...BY_EMAIL, bindingMessage: 'HOST-51D' });
      await app.open('mailbox');
      await app.mails.first().click();
      await app.page.getByText('Text version').click();
      await expect(app.page.getByText('Request code: HOST-51D')).toBeVisible();
    },
  },
  {
    name: 'mail-missing',
    show: async ({ app }) => {
      await app.pair();
      await app.open('mailbox/mail_0000000000000000');
      await expect(app.heading).toHaveText('This message is not here');
    },
  },
];
