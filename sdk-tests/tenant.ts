// The tenant of a run: one agent, one API, and people of their own for every test, so that tests may run side by side.
import type { TenantConfigInput } from 'assent/contract';

export const AUDIENCE = 'https://bank.example/transfers';
export const TRANSFER_SCOPE = 'create:transfer';
export const TRANSFER_TYPE = 'transfer_funds';

export const AGENT = { client_id: 'sdk-tests', client_secret: 'not-a-secret:sdk/tests?' } as const;

/** Who a test may ask. */
export interface People {
  /** Has a device. */
  readonly approver: string;
  /** Is known to the tenant but never enrolled a device. */
  readonly withoutDevice: string;
  /** Is not known to the tenant. */
  readonly unknown: string;
}

/** The people of the test numbered `index`. */
export function peopleOf(index: number): People {
  return {
    approver: `auth0|approver${index}`,
    withoutDevice: `auth0|no-device${index}`,
    unknown: `auth0|nobody${index}`,
  };
}

/**
 * @param ciba pacing; everything left out is as at Auth0, except that the limits per minute and person are off
 * @param testCount how many tests get people
 */
export function createTenantConfig(
  ciba: Pick<NonNullable<TenantConfigInput['ciba']>, 'interval' | 'held_poll'>,
  testCount: number,
): TenantConfigInput {
  return {
    tenant: { name: 'sdk-tests' },
    clients: [{ ...AGENT, name: 'SDK tests' }],
    resource_servers: [
      {
        identifier: AUDIENCE,
        name: 'Transfers',
        scopes: [{ value: TRANSFER_SCOPE }],
        authorization_details: [{ type: TRANSFER_TYPE }],
      },
    ],
    users: Array.from({ length: testCount }, (_, index) => {
      const { approver, withoutDevice } = peopleOf(index);
      const id = `dev_${String(index).padStart(16, '0')}`;
      return [
        { user_id: approver, name: `Approver ${index}`, devices: [{ id, name: 'Phone' }] },
        { user_id: withoutDevice, name: `Without device ${index}` },
      ];
    }).flat(),
    ciba: { ...ciba, requests_per_minute_per_user: 0, requests_per_minute_per_tenant: 0 },
  };
}
