// Who can be asked in the lab, and the APIs that they are asked about.
import type { TenantConfigInput } from 'assent/contract';

export const ADA = 'auth0|ada';
export const GRACE = 'auth0|grace';
/** Protected by a user code. */
export const CAROL = 'auth0|carol';
export const CAROLS_CODE = '4711';

export const PAYMENTS_API = 'https://api.lab.example/payments';
export const ACCOUNTS_API = 'https://api.lab.example/accounts';

export const PEOPLE: NonNullable<TenantConfigInput['users']> = [
  person(ADA, 'Ada Lovelace', 'dev_AAAAAAAAAAAAAAAA'),
  person(GRACE, 'Grace Hopper', 'dev_GGGGGGGGGGGGGGGG'),
  person(CAROL, 'Carol Shaw', 'dev_CCCCCCCCCCCCCCCC'),
];

function person(userId: string, name: string, deviceId: string) {
  return {
    user_id: userId,
    name,
    email: emailOf(userId),
    password: 'password-of-the-lab',
    devices: [{ id: deviceId, name: 'Phone of the tenant file' }],
  };
}

export function emailOf(userId: string): string {
  return `${userId.replace(/^.*\|/, '')}@lab.example`;
}

const texts = { type: 'array', items: { type: 'string' } } as const;

/** RFC 9396 §2: a payment, closed against everything that it does not name. */
const PAYMENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'instructedAmount'],
  properties: {
    type: { const: 'payment_initiation' },
    locations: texts,
    actions: texts,
    datatypes: texts,
    privileges: texts,
    identifier: { type: 'string' },
    instructedAmount: {
      type: 'object',
      additionalProperties: false,
      required: ['currency', 'amount'],
      properties: {
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        amount: { type: 'string', pattern: '^[0-9]+(\\.[0-9]{2})?$' },
      },
    },
    creditorName: { type: 'string', maxLength: 140 },
  },
};

const ACCOUNT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'actions'],
  properties: {
    type: { const: 'account_information' },
    actions: { type: 'array', items: { enum: ['list_accounts', 'read_balances', 'read_transactions'] } },
    locations: texts,
  },
};

export const PAYMENT = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
} as const;

export const ACCOUNT_ACCESS = {
  type: 'account_information',
  actions: ['list_accounts', 'read_balances'],
} as const;

export const APIS: NonNullable<TenantConfigInput['resource_servers']> = [
  {
    identifier: PAYMENTS_API,
    name: 'Payments API',
    scopes: [
      { value: 'payments', description: 'Make payments' },
      { value: 'accounts', description: 'See accounts' },
    ],
    token_dialect: 'rfc9068_profile',
    token_lifetime: 600,
    allow_offline_access: true,
    authorization_details: [
      { type: 'payment_initiation', name: 'Payment', schema: PAYMENT_SCHEMA, approver_may: { remove: true } },
      {
        type: 'account_information',
        name: 'Account access',
        schema: ACCOUNT_SCHEMA,
        approver_may: { remove: true, shorten: ['/actions'] },
      },
    ],
  },
  {
    identifier: ACCOUNTS_API,
    name: 'Accounts API',
    scopes: [{ value: 'accounts:read', description: 'Read accounts' }],
    token_dialect: 'rfc9068_profile',
  },
];
