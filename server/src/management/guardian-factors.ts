// /guardian/factors. Two of them are ways to reach a person and two verify who approves: the next request, and the next
// answer, feel a change.
// auth0: Management API, Guardian; recorded shapes.
import { z } from 'zod';
import type { GuardianFactor } from '../contract/index.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { ManagementError } from './management-error.ts';

/** In the order in which Auth0 lists them. */
const FACTORS: readonly GuardianFactor[] = [
  'sms',
  'push-notification',
  'otp',
  'email',
  'duo',
  'webauthn-roaming',
  'webauthn-platform',
  'recovery-code',
];

export const guardianFactorRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/guardian/factors',
    scopes: ['read:guardian_factors'],
    purpose: 'list factors and whether they are on',
    answer: ({ tenant }) =>
      FACTORS.map((name) => ({
        name,
        enabled: tenant.config.guardian.factors[name],
        trial_expired: false,
      })),
  },
  {
    method: 'PUT',
    path: '/guardian/factors/:name',
    scopes: ['update:guardian_factors'],
    purpose: 'turn a factor on or off',
    answer: turnFactor,
  },
];

async function turnFactor(call: ManagementCall): Promise<{ enabled: boolean }> {
  const received = call.parameter('name');
  const name = FACTORS.find((one) => one === received);
  if (!name) {
    throw new ManagementError(
      400,
      'invalid_uri',
      `Path validation error: 'No enum match for: ${received}, expected one of ${FACTORS.join(', ')}' on property name.`,
    );
  }
  const { enabled } = call.body(z.strictObject({ enabled: z.boolean() }));
  await call.change((draft) => {
    draft.guardian.factors[name] = enabled;
  });
  return { enabled };
}
