// Every screen of the app and how to get there. The accessibility check and the pictures take the same tour.
import type { Agent } from './agent.ts';
import { FIVE_KINDS, GRACE, TRANSFER, UNKNOWN_KIND } from './tenant.ts';
import { deviceTour, type Stop, type Tourist } from './tour-devices.ts';
import { loginTour } from './tour-login.ts';
import { mailboxTour } from './tour-mailbox.ts';
import { passkeyTour } from './tour-passkey.ts';
import { rarTour } from './tour-rar.ts';
import { expect } from './world.ts';

const LONG = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'IDR', amount: '1,284,650,000.00' },
  creditorName: 'Donaudampfschifffahrtsgesellschaft Regensburg-Passau mbH & Co. KG',
  remittanceInformationUnstructured: 'Abschlagszahlung gemäß Vertrag 2024/118-B, siehe Anlage',
  endToEnd: '0f9c2b7e-6a41-4a1d-9a55-1b2f6d0c7e83-0f9c2b7e6a414a1d9a551b2f6d0c7e83',
};

async function openRequest({ app, agent }: Tourist, ...asked: Parameters<Agent['ask']>): Promise<void> {
  await app.pair();
  await agent.ask(...asked);
  await app.openRequest();
}

export const tour: readonly Stop[] = [
  {
    name: 'people',
    show: async ({ app }) => {
      await app.open();
      await expect(app.page.getByRole('button', { name: 'Ada Lovelace' })).toBeVisible();
    },
  },
  {
    name: 'pairing',
    show: async ({ app }) => {
      await app.open();
      await app.page.getByRole('button', { name: 'Ada Lovelace' }).click();
      await expect(app.page.getByRole('button', { name: 'Pair this browser' })).toBeVisible();
    },
  },
  {
    name: 'inbox-empty',
    show: async ({ app }) => {
      await app.pair();
    },
  },
  {
    name: 'inbox-faults',
    show: async ({ app, agent, assent }) => {
      const { faults } = assent.control;
      await faults.inject({ on: 'push', does: { kind: 'lose' }, times: 2 });
      await faults.inject({
        on: 'userinfo',
        does: { kind: 'answer', status: 429, retry_after: 5 },
        client_id: 'aiya',
      });
      await app.pair();
      await agent.ask({ bindingMessage: 'RENT-4K9', expiresInSeconds: 108 });
      await expect(app.cards).toHaveCount(1);
    },
  },
  {
    name: 'inbox',
    show: async ({ app, agent, assent }) => {
      await app.pair();
      await agent.ask({ details: [FIVE_KINDS[3]] });
      await assent.control.approve('latest');
      await agent.ask({ details: [UNKNOWN_KIND] });
      await assent.control.deny('latest', 'The details are wrong');
      await agent.ask();
      await assent.control.expire('latest');
      await agent.ask({ bindingMessage: 'RENT-4K9', expiresInSeconds: 108 });
      await agent.ask({ bindingMessage: 'TRIP-7F2', details: [FIVE_KINDS[2]] });
      await expect(app.cards).toHaveCount(2);
    },
  },
  {
    name: 'inbox-similar',
    show: async ({ app, agent }) => {
      await app.pair();
      await agent.ask({ bindingMessage: 'RENT-4K9' });
      await agent.ask({ bindingMessage: 'TRIP-7F2' });
      await expect(app.page.getByText('Two similar requests')).toBeVisible();
    },
  },
  { name: 'request-transfer', show: (tourist) => openRequest(tourist, { bindingMessage: 'TRIP-7F2' }) },
  {
    name: 'request-auth0-schema',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'WIRE-3C81', details: [FIVE_KINDS[1]] });
      await tourist.app.readToEnd();
    },
  },
  {
    name: 'request-unknown',
    show: (tourist) => openRequest(tourist, { bindingMessage: 'ARCH-90', details: [UNKNOWN_KIND] }),
  },
  {
    name: 'request-unknown-end',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'ARCH-90', details: [UNKNOWN_KIND] });
      await tourist.app.readToEnd();
    },
  },
  {
    name: 'request-several',
    show: (tourist) => openRequest(tourist, { bindingMessage: 'ALL-5', details: FIVE_KINDS }),
  },
  {
    name: 'request-no-details',
    show: async (tourist) => {
      await openRequest(tourist, { details: [] });
      await tourist.app.readToEnd();
    },
  },
  {
    name: 'request-similar',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'RENT-4K9' });
      await tourist.agent.ask({ bindingMessage: 'TRIP-7F2' });
      await expect(tourist.app.page.getByText('A similar request came')).toBeVisible();
    },
  },
  {
    name: 'request-long',
    show: (tourist) =>
      openRequest(tourist, {
        bindingMessage: 'Rechnung-2026-11-4471,Abschlag-3-von-12,Konto#88-20',
        details: [LONG],
        expiresInSeconds: 48,
      }),
  },
  {
    name: 'request-armed',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.app.readToEnd();
      await tourist.app.page.keyboard.press('a');
      await expect(tourist.app.page.getByText('Press A again').first()).toBeVisible();
    },
  },
  {
    name: 'request-json',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.app.page.getByRole('button', { name: 'Show as JSON' }).click();
      await expect(tourist.app.page.getByRole('dialog')).toContainText(TRANSFER.reference);
    },
  },
  {
    name: 'deny-reasons',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.app.openReasons();
    },
  },
  {
    name: 'deny-other-reason',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.app.openReasons();
      await tourist.app.page.getByText('Another reason').click();
      await expect(tourist.app.page.getByLabel('Your reason')).toBeFocused();
    },
  },
  {
    name: 'outcome-approved',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'TRIP-7F2' });
      await tourist.app.readToEnd();
      await tourist.app.approveButton.click();
      await expect(tourist.app.heading).toHaveText('You approved');
    },
  },
  {
    name: 'outcome-denied',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'TRIP-7F2' });
      await tourist.app.openReasons();
      await tourist.app.page.getByText('I did not ask for this').click();
      await tourist.app.leaveGuard();
      await tourist.app.page.getByRole('dialog').getByRole('button', { name: 'Deny', exact: true }).click();
      await expect(tourist.app.heading).toHaveText('You denied');
    },
  },
  {
    name: 'outcome-expired',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'TRIP-7F2' });
      await tourist.assent.control.expire('latest');
      await expect(tourist.app.heading).toHaveText(/^Expired at/);
    },
  },
  {
    name: 'outcome-elsewhere',
    show: async (tourist) => {
      await openRequest(tourist, { bindingMessage: 'TRIP-7F2' });
      await tourist.assent.control.approve('latest');
      await expect(tourist.app.heading).toHaveText('Already approved');
    },
  },
  {
    name: 'outcome-rule',
    show: async (tourist) => {
      await tourist.assent.control.rules.add({ id: 'second-thoughts', answer: 'approve', after_polls: 1 });
      await tourist.app.pair();
      const question = await tourist.agent.ask({ bindingMessage: 'TRIP-7F2' });
      await tourist.app.openRequest();
      await tourist.agent.poll(question);
      await expect(tourist.app.heading).toHaveText('Already approved');
    },
  },
  {
    name: 'outcome-rule-later',
    show: async ({ app, agent, assent }) => {
      await assent.control.rules.add({ id: 'not-now', answer: 'deny', reason: 'Not while I sleep' });
      await app.pair();
      await agent.ask({ bindingMessage: 'TRIP-7F2' });
      await app.page.getByRole('link', { name: 'Not while I sleep' }).click();
      await expect(app.heading).toHaveText('Denied');
    },
  },
  {
    name: 'missing',
    show: async ({ app }) => {
      await app.pair();
      await app.open('requests/apr_0000000000000000000000');
      await expect(app.heading).toHaveText('This request is not here');
    },
  },
  {
    name: 'for-another',
    show: async ({ app, agent, assent }) => {
      await app.pair('Grace Hopper');
      await app.page.getByRole('button', { name: /Grace Hopper.*switch person/ }).click();
      await app.page.getByRole('dialog').getByRole('button', { name: 'Ada Lovelace' }).click();
      await app.page.getByRole('button', { name: 'Pair this browser' }).click();
      await expect(app.heading).toHaveText('Nothing is waiting');
      await agent.ask({ userId: GRACE });
      await app.open(`requests/${(await assent.control.request('latest')).id}`);
      await expect(app.heading).toHaveText('This request is for Grace Hopper');
    },
  },
  {
    name: 'who-am-i',
    show: async ({ app }) => {
      await app.pair();
      await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
      await expect(app.page.getByRole('button', { name: 'Grace Hopper' })).toBeVisible();
    },
  },
  {
    name: 'unpair',
    show: async ({ app }) => {
      await app.pair();
      await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
      await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
      await expect(app.page.getByRole('button', { name: 'Keep' })).toBeVisible();
    },
  },
  {
    name: 'settings',
    show: async ({ app }) => {
      await app.pair();
      await app.page.getByRole('link', { name: 'Settings' }).click();
      await expect(app.heading).toHaveText('Settings');
    },
  },
  ...deviceTour,
  ...passkeyTour,
  ...loginTour,
  ...rarTour,
  ...mailboxTour,
  {
    name: 'shortcuts',
    show: async ({ app }) => {
      await app.pair();
      await app.page.keyboard.press('?');
      await expect(app.page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'offline-request',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.assent.close();
      await expect(tourist.app.page.getByText('No connection to the server since')).toBeVisible();
    },
  },
  {
    name: 'offline-start',
    show: async (tourist) => {
      await openRequest(tourist);
      await tourist.app.workerIsReady();
      await tourist.assent.close();
      await tourist.app.page.reload();
      await expect(tourist.app.page.getByText('No connection to the server since')).toBeVisible();
    },
  },
  {
    name: 'offline-inbox',
    show: async ({ app, assent }) => {
      await app.pair();
      await assent.close();
      await expect(app.page.getByText('No connection to the server since')).toBeVisible();
    },
  },
];
