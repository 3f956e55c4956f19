// The bank of the lab, with more kinds of details than a bank has, and without the limits that a test would run into.
import { bankTenant } from 'assent';
import type { TenantConfigInput } from 'assent/contract';

export const TRANSFERS_API = 'http://localhost:3000/api/accounts/transfers';

export const ADA = 'auth0|ada';
export const GRACE = 'auth0|grace';

/** Five kinds that the tenant has words for, one of them in Auth0's own schema with a field that is not displayed. */
export const FIVE_KINDS = [
  {
    type: 'transfer_funds',
    from: 'checking-1234',
    to: 'Grace Hopper',
    amount: 250.5,
    currency: 'EUR',
    reference: 'Rent, May',
  },
  {
    type: 'urn:auth0:schemas:authorization-details:v1:transfer',
    instruction: 'Release this transfer to Grace Hopper',
    properties: {
      sum: { display: true, display_order: 2, name: 'Sum', value: '120.00 EUR' },
      payee: {
        display: true,
        display_order: 1,
        name: 'Payee',
        description: 'New payee, first payment',
        value: 'Grace B. M. Hopper',
      },
      urgent: { display: true, display_order: 3, name: 'Urgent', value: false },
      invoice: { display: false, name: 'Invoice', value: 'INV-7' },
    },
  },
  {
    type: 'payment_initiation',
    locations: ['https://bank.example/payments'],
    instructedAmount: { currency: 'USD', amount: '123.50' },
    creditorName: 'Merchant A',
    creditorAccount: { bic: 'ABCIDEFFXXX', iban: 'DE02100100109307118603' },
    remittanceInformationUnstructured: 'Ref Number Merchant',
  },
  {
    type: 'account_information',
    actions: ['list_accounts', 'read_balances'],
    locations: [],
    datatypes: ['balances'],
  },
  { type: 'stock_order', symbol: 'ASNT', quantity: 12, price: '41.07', limit: null, currency: 'CHF' },
] as const;

/** A kind without any wording, as deep as Auth0 allows. */
export const UNKNOWN_KIND = {
  type: 'retention_change',
  bucket: 'invoices-2019',
  policy: {
    keep_days: 30,
    notify: ['ops@example.com', 'audit@example.com'],
    when: { idle: { for_days: 91 } },
  },
  irreversible: true,
  nothing: null,
  note: '',
} as const;

export const TRANSFER = FIVE_KINDS[0];

/** Kinds of the bank's other API and the one without wording, registered where the tests ask for them. */
export const tenant: TenantConfigInput = {
  ...bankTenant,
  // Whatever may wait longer than push allows goes by e-mail.
  clients: (bankTenant.clients ?? []).map((client) => ({
    ...client,
    async_approval_notification_channels: ['guardian-push', 'email'],
  })),
  resource_servers: (bankTenant.resource_servers ?? []).map((api, _index, apis) =>
    api.identifier === TRANSFERS_API
      ? {
          ...api,
          authorization_details: [
            ...apis.flatMap((each) => each.authorization_details ?? []),
            { type: UNKNOWN_KIND.type },
          ],
        }
      : api,
  ),
  ciba: { requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 },
};
