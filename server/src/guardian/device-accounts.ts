// PATCH and DELETE /appliance-mfa/api/device-accounts/{id}: a device changes or ends its enrolment. Older SDKs authenticate
// with the token of the enrolment, current ones with a JWT by the device's key. auth0: Guardian SDKs, device account.
import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { EnrolledDevice, GuardianAccount } from '../tenant/index.ts';
import { nowOfSigner, verifyByKey } from './device-key.ts';
import type { GuardianCall } from './guardian-call.ts';
import { GuardianError } from './guardian-error.ts';
import { pushCredentialsSchema, pushOf } from './push-credentials.ts';
import { hashOf } from './transactions.ts';

const patchSchema = z.object({
  identifier: z.string().min(1).max(255).optional(),
  name: z.string().trim().min(1).max(80).optional(),
  push_credentials: pushCredentialsSchema.optional(),
});

/** Longest life of the JWT of current SDKs, with a margin for clocks. In seconds. */
const LONGEST_LIFETIME_SECONDS = 2 * 60 * 60 + 60;

export async function changeDevice(call: GuardianCall): Promise<object> {
  const device = await authenticate(call);
  const change = call.body(patchSchema);
  const changed = await call.tenant.devices.update(device.id, {
    ...(change.name === undefined ? {} : { name: change.name }),
    // A token that reaches nobody from here is no reason to go on with the one before it.
    ...(change.push_credentials === undefined ? {} : { push: pushOf(change.push_credentials) }),
    guardian: {
      ...(change.identifier === undefined ? {} : { identifier: change.identifier }),
      ...(change.push_credentials === undefined ? {} : { pushCredentials: change.push_credentials }),
    },
  });
  if (!changed?.guardian) throw unknownDevice();
  const { identifier, pushCredentials } = changed.guardian;
  return { id: changed.id, identifier, name: changed.name, push_credentials: pushCredentials };
}

export async function removeDevice(call: GuardianCall): Promise<undefined> {
  const { tenant } = call;
  const device = await authenticate(call);
  if (!(await tenant.devices.remove(device.id))) throw unknownDevice();
  tenant.log.append({
    type: 'device.removed',
    user_id: device.userId,
    user_name: tenant.directory.user(device.userId)?.name ?? device.userId,
    device: device.name,
  });
}

type GuardianDevice = EnrolledDevice & { guardian: GuardianAccount };

async function authenticate(call: GuardianCall): Promise<GuardianDevice> {
  const token = call.bearer();
  const device = await call.tenant.devices.get(call.parameter('id'));
  if (!device?.guardian) throw unknownDevice();
  if (isJwt(token)) await verifyDeviceJwt(token, device, call);
  else if (hashOf(token) !== device.guardian.tokenHash) {
    throw new GuardianError(401, 'invalid_token', 'The token is not the one of this enrolment.');
  }
  return { ...device, guardian: device.guardian };
}

async function verifyDeviceJwt(jwt: string, device: EnrolledDevice, call: GuardianCall): Promise<void> {
  if (!device.publicKey) throw unknownDevice();
  const nowMs = nowOfSigner(jwt, call.tenant.clock);
  const claims = await verifyByKey(jwt, {
    publicKey: device.publicKey,
    type: 'JWT',
    nowMs,
    errorCode: 'invalid_token',
  });
  const expected = { iss: device.id, sub: device.userId, aud: call.urlOf('device-accounts') };
  for (const [claim, value] of Object.entries(expected)) {
    if (claims[claim] === value) continue;
    // Texts alone: what is nested too deeply cannot be written at all.
    const received = typeof claims[claim] === 'string' ? JSON.stringify(claims[claim]) : 'no text';
    throw new GuardianError(401, 'invalid_token', `${claim} is ${received}, expected ${value}.`);
  }
  const { exp = Number.POSITIVE_INFINITY } = claims;
  if (exp - nowMs / 1000 > LONGEST_LIFETIME_SECONDS) {
    throw new GuardianError(401, 'invalid_token', 'The token is good for longer than two hours.');
  }
}

function isJwt(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg !== undefined;
  } catch {
    return false;
  }
}

function unknownDevice(): GuardianError {
  return new GuardianError(
    404,
    'device_account_not_found',
    'There is no such enrolment; it may have been removed.',
  );
}
