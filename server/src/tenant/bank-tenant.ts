// The tenant that runs when nothing is configured: the bank of the lab, a broker, two agents and three people.
// Nothing in it is secret. `startAssent` reads it; the lab and the documentation rely on its names.
import {
  AUTH0_DETAIL_TYPE_PREFIX,
  CIBA_GRANT_TYPE,
  MANAGEMENT_API,
  type TenantConfigInput,
} from '../contract/index.ts';

const ACCOUNTS_API = 'http://localhost:3000/api/accounts/transfers';
const BROKER_API = 'https://broker.example/api/orders';

// Repeats in plain sight that a password of this tenant protects nothing.
const PASSWORD = 'password-not-real';

export const bankTenant: TenantConfigInput = {
  tenant: { name: 'bank', friendly_name: 'the bAInk' },
  clients: [
    {
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
      name: 'Aiya',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', CIBA_GRANT_TYPE],
      callbacks: ['http://localhost:3000/auth/callback', 'https://localhost:3000/auth/callback'],
      allowed_logout_urls: ['http://localhost:3000'],
    },
    {
      client_id: 'night-trader',
      client_secret: 'night-trader-secret-not-real',
      name: 'Night trader',
      app_type: 'non_interactive',
      grant_types: ['refresh_token', 'client_credentials', CIBA_GRANT_TYPE],
    },
    {
      // For whoever sets the tenant up by the Management API. An agent must not have it: it could grant itself anything.
      client_id: 'administrator',
      client_secret: 'administrator-secret-not-real',
      name: 'Administrator',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
    },
  ],
  resource_servers: [
    {
      identifier: ACCOUNTS_API,
      name: 'Accounts API',
      scopes: [
        { value: 'create:transfer', description: 'Transfer money from your accounts' },
        { value: 'create:small_transfer', description: 'Transfer up to 30.00 EUR at a time without asking' },
      ],
      token_dialect: 'rfc9068_profile',
      allow_offline_access: true,
      authorization_details: [
        {
          type: 'transfer_funds',
          name: 'Transfer',
          display: {
            action: 'Transfer',
            amount: '/amount',
            currency: '/currency',
            to: '/to',
            labels: {
              '/amount': 'Amount',
              '/currency': 'Currency',
              '/from': 'From account',
              '/to': 'To',
              '/to_account': 'Account of the recipient',
              '/reference': 'Reference',
            },
          },
        },
        { type: `${AUTH0_DETAIL_TYPE_PREFIX}transfer`, name: 'Transfer' },
        {
          // The payment of RFC 9396 §2.
          type: 'payment_initiation',
          name: 'Payment',
          display: {
            action: 'Pay',
            amount: '/instructedAmount/amount',
            currency: '/instructedAmount/currency',
            to: '/creditorName',
            labels: {
              '/instructedAmount': 'Amount',
              '/instructedAmount/amount': 'Amount',
              '/instructedAmount/currency': 'Currency',
              '/creditorName': 'To',
              '/creditorAccount': 'Account of the recipient',
              '/creditorAccount/iban': 'IBAN',
              '/remittanceInformationUnstructured': 'Reference',
            },
          },
        },
        {
          // The account access of RFC 9396 §2.
          type: 'account_information',
          name: 'Account access',
          display: {
            action: 'Read your accounts',
            labels: { '/actions': 'What it may do', '/locations': 'Where', '/datatypes': 'What it may see' },
          },
        },
      ],
    },
    {
      identifier: BROKER_API,
      name: 'Broker API',
      scopes: [{ value: 'create:order', description: 'Place orders in your name' }],
      authorization_details: [
        {
          type: 'stock_order',
          name: 'Stock order',
          display: {
            action: 'Buy',
            amount: '/quantity',
            to: '/symbol',
            preposition: 'of',
            labels: {
              '/symbol': 'Share',
              '/quantity': 'Quantity',
              '/price': 'Price',
              '/currency': 'Currency',
            },
          },
        },
      ],
    },
  ],
  client_grants: [
    { client_id: 'aiya', audience: ACCOUNTS_API, scope: ['create:transfer'] },
    { client_id: 'night-trader', audience: BROKER_API, scope: ['create:order'] },
    {
      // What an agent needs to have somebody enrol who has no device yet.
      client_id: 'aiya',
      audience: MANAGEMENT_API,
      scope: [
        'read:users',
        'read:authentication_methods',
        'read:guardian_factors',
        'read:guardian_enrollments',
        'create:guardian_enrollment_tickets',
      ],
    },
    { client_id: 'administrator', audience: MANAGEMENT_API, allow_all_scopes: true },
  ],
  users: [
    {
      user_id: 'auth0|ada',
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      nickname: 'ada',
      email: 'ada@bank.example',
      password: PASSWORD,
      permissions: [{ audience: ACCOUNTS_API, scopes: ['create:transfer'] }],
      devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Ada’s phone' }],
    },
    {
      user_id: 'auth0|grace',
      name: 'Grace Hopper',
      given_name: 'Grace',
      family_name: 'Hopper',
      nickname: 'grace',
      email: 'grace@bank.example',
      password: PASSWORD,
      permissions: [{ audience: ACCOUNTS_API, scopes: ['create:transfer'] }],
      devices: [{ id: 'dev_GraceHopperPhon1', name: 'Grace’s phone' }],
    },
    {
      // Without a device, so that an agent's answer to "not enrolled" can be tried.
      user_id: 'auth0|charles',
      name: 'Charles Babbage',
      given_name: 'Charles',
      family_name: 'Babbage',
      nickname: 'charles',
      email: 'charles@bank.example',
      password: PASSWORD,
      permissions: [{ audience: ACCOUNTS_API, scopes: ['create:transfer'] }],
    },
  ],
};
