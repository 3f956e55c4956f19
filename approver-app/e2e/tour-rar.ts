// The part of the tour with the examples of RFC 9396, some of which the approver may change.
import { rarSample, rarTenant } from './rar-tenant.ts';
import type { Stop, Tourist } from './tour-devices.ts';
import { expect } from './world.ts';

type Example = Parameters<typeof rarSample>;

async function openExample({ app, agent }: Tourist, ...example: Example): Promise<void> {
  const { audience, authorization_details: details } = rarSample(...example);
  await app.pair();
  await agent.ask({ audience, scope: 'openid', details });
  await app.openRequest();
  await expect(app.page.getByTestId('end-of-content')).toBeAttached();
}

const opened = (...example: Example): Stop => ({
  name: `rar-${example[0]}`,
  config: rarTenant,
  show: (tourist) => openExample(tourist, ...example),
});

export const rarTour: readonly Stop[] = [
  opened('payment-initiation'),
  opened('tax-data', 1),
  opened('signing'),
  {
    name: 'rar-account-information',
    config: rarTenant,
    show: async (tourist) => {
      await openExample(tourist, 'account-information', 1);
      const { page } = tourist.app;
      await page.getByText('Savings ··9700').click();
      await page.getByRole('checkbox', { name: 'List your accounts' }).uncheck();
      await page.getByRole('checkbox', { name: 'See your transactions' }).uncheck();
    },
  },
  {
    name: 'rar-struck-out',
    config: rarTenant,
    show: async (tourist) => {
      await openExample(tourist, 'payment-initiation', 1);
      await tourist.app.page.getByRole('checkbox', { name: 'Grant this one: Payment' }).first().uncheck();
    },
  },
  {
    name: 'rar-outcome',
    config: rarTenant,
    show: async ({ app, agent, assent }) => {
      const { audience, authorization_details: details } = rarSample('account-information', 1);
      await app.pair();
      const { authReqId } = await agent.ask({ audience, scope: 'openid', details });
      await app.openRequest();
      await assent.control.approve(authReqId, [
        {
          ...details[0],
          actions: ['read_balances'],
          access: { accounts: [{ iban: 'DE89370400440532013000' }] },
        },
      ]);
      await expect(app.page.getByText('Struck out')).toBeVisible();
    },
  },
];
