// POST /appliance-mfa/api/enroll: a device turns a ticket into an enrolment. auth0: Guardian SDKs, enroll.
import { z } from 'zod';
import type { EnrolledDevice } from '../tenant/index.ts';
import { guardianBase } from './barcode-uri.ts';
import { normalizeKey, publicKeySchema } from './device-key.ts';
import type { GuardianCall } from './guardian-call.ts';
import { GuardianError } from './guardian-error.ts';
import { pushCredentialsSchema, pushOf } from './push-credentials.ts';
import { hashOf } from './transactions.ts';

const enrolSchema = z.object({
  identifier: z.string().min(1).max(255),
  name: z.string().trim().min(1).max(255),
  push_credentials: pushCredentialsSchema,
  public_key: publicKeySchema,
});

const DEVICE_TOKEN_LENGTH = 64;
const LONGEST_NAME = 80;

export async function enrolDevice(call: GuardianCall): Promise<object> {
  const { tenant } = call;
  const transactionId = readTicket(call.authorization);
  const body = call.body(enrolSchema);
  const publicKey = normalizeKey(body.public_key);
  if (!publicKey) {
    throw new GuardianError(
      400,
      'invalid_body',
      'public_key: expected an RSA key of 2048 to 8192 bits, its exponent of at most 64.',
    );
  }
  const ticket = await tenant.tickets.findByTransaction(transactionId);
  const user = ticket && tenant.directory.user(ticket.userId);
  if (!user) throw unknownTransaction();
  const token = tenant.ids.make('', DEVICE_TOKEN_LENGTH);
  const name = body.name.slice(0, LONGEST_NAME);
  const push = pushOf(body.push_credentials);
  const device: EnrolledDevice | undefined = await tenant.tickets.redeem(ticket.id, {
    name,
    publicKey,
    ...(push === undefined ? {} : { push }),
    guardian: {
      identifier: body.identifier,
      tokenHash: hashOf(token),
      pushCredentials: body.push_credentials,
    },
  });
  // Somebody else used the same ticket a moment before.
  if (!device) throw unknownTransaction();
  tenant.log.append({
    type: 'device.paired',
    user_id: device.userId,
    user_name: user.name,
    device: device.name,
  });
  return {
    id: device.id,
    url: guardianBase(tenant),
    issuer: tenant.displayName,
    user_id: device.userId,
    token,
  };
}

/** `Authorization: Ticket id="…"`, with the quotes, as both SDKs send it. */
function readTicket(authorization: string): string {
  const [, id] = /^Ticket\s+id="?([^"]+)"?$/i.exec(authorization) ?? [];
  if (id !== undefined) return id;
  throw new GuardianError(
    401,
    'invalid_token',
    'Expected the header Authorization: Ticket id="<enrollment_tx_id>".',
  );
}

function unknownTransaction(): GuardianError {
  return new GuardianError(
    404,
    'enrollment_transaction_not_found',
    'The enrolment was used, has ended or never was. Make a new ticket.',
  );
}
