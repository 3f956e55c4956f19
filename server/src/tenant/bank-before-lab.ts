// The bank on the morning of the lab: its agent can log people in and have them enrol, and nothing of asynchronous
// authorization is enabled. What a class begins with; the lessons say what to change, under the names that the lab uses.
import { MANAGEMENT_API, type TenantConfigInput } from '../contract/index.ts';
import { bankTenant } from './bank-tenant.ts';

export const bankBeforeLab: TenantConfigInput = {
  tenant: { name: 'bank-before-lab', friendly_name: 'the bAInk' },
  clients: [
    {
      // One application logs people in, asks for approvals and reads the Management API, as in the lab.
      client_id: 'baink',
      client_secret: 'baink-secret-not-real',
      name: 'the bAInk',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      callbacks: ['http://localhost:3000/auth/callback', 'https://localhost:3000/auth/callback'],
      allowed_logout_urls: ['http://localhost:3000'],
    },
    ...(bankTenant.clients?.filter(({ client_id }) => client_id === 'administrator') ?? []),
  ],
  client_grants: [
    {
      client_id: 'baink',
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
  // Nobody has enrolled a device, and there is no API yet at which they could have permissions.
  users: bankTenant.users?.map(({ devices: _devices, permissions: _permissions, ...user }) => user),
  guardian: { factors: { 'push-notification': false, email: false } },
};
