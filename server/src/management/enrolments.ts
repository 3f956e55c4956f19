// Enrolments and the tickets they begin with: which devices may be asked for somebody, and how another one joins or leaves.
// auth0: Management API, Guardian enrolments and enrolment tickets; recorded shapes.
import { z } from 'zod';
import type { UserConfig } from '../contract/index.ts';
import type { EnrolledDevice } from '../tenant/index.ts';
import { flag, text } from './entity.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';
import { unenrol } from './unenrol.ts';
import { findUser, findUserIn } from './users.ts';

/** auth0: a ticket that nobody used in five days has ended. */
const TICKET_LIFETIME_MS = 5 * 24 * 60 * 60_000;

const ticketBodySchema = z.strictObject({
  user_id: z.string().min(1).optional(),
  email: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/)
    .optional(),
  send_mail: flag.optional(),
  /** Messages are in English; which language was wanted is taken note of and forgotten. */
  email_locale: text.optional(),
  factor: z
    .enum(['push-notification', 'phone', 'email', 'otp', 'webauthn-roaming', 'webauthn-platform'])
    .optional(),
  allow_multiple_enrollments: flag.optional(),
});

export const enrolmentRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/users/:id/enrollments',
    scopes: ['read:users', 'read:guardian_enrollments'],
    purpose: 'list the enrolments of a person',
    answer: async (call) => {
      const user = findUser(call);
      return (await call.tenant.devices.of(user.user_id)).map(showEnrolment);
    },
  },
  {
    method: 'GET',
    path: '/guardian/enrollments/:id',
    scopes: ['read:guardian_enrollments'],
    purpose: 'read an enrolment',
    answer: async (call) => showEnrolment(await findEnrolment(call)),
  },
  {
    method: 'DELETE',
    path: '/guardian/enrollments/:id',
    scopes: ['delete:guardian_enrollments'],
    purpose: 'end an enrolment',
    answer: async (call) => unenrol(call, await findEnrolment(call)),
  },
  {
    method: 'POST',
    path: '/guardian/enrollments/ticket',
    scopes: ['create:guardian_enrollment_tickets'],
    purpose: 'invite a person to enrol a device',
    status: 200,
    answer: createTicket,
  },
];

function showEnrolment(device: EnrolledDevice) {
  const { id, status, name } = device;
  const isConfirmed = status === 'confirmed';
  return {
    id,
    status,
    type: 'pn',
    auth_method: 'guardian',
    ...(isConfirmed
      ? {
          name,
          identifier: device.guardian?.identifier ?? id,
          enrolled_at: new Date(device.enrolledAtMs).toISOString(),
        }
      : {}),
  };
}

/** Ids are those of devices; with the kind before them, as among authentication methods, they mean the same. */
async function findEnrolment(call: ManagementCall): Promise<EnrolledDevice> {
  const id = call.parameter('id').replace(/^[\w-]+\|/, '');
  const device = await call.tenant.devices.get(id);
  if (!device) throw inexistent('enrollment', `The enrollment does not exist: ${call.parameter('id')}`);
  return device;
}

async function createTicket(call: ManagementCall): Promise<{ ticket_id: string; ticket_url: string }> {
  const body = call.body(ticketBodySchema);
  const { tenant } = call;
  const user = findInvited(call, body);
  if (body.factor !== undefined && body.factor !== 'push-notification') {
    throw new ManagementError(
      400,
      'enrollment_method_disabled',
      `A device is enrolled for push-notification; ${body.factor} is not imitated here. Leave factor out, or send push-notification.`,
    );
  }
  if (!body.allow_multiple_enrollments && (await tenant.devices.isReachable(user.user_id))) {
    throw new ManagementError(
      409,
      'already_enrolled',
      `${user.user_id} has a device. Send allow_multiple_enrollments: true to enrol another one.`,
    );
  }
  const address = body.email ?? user.email;
  if (body.send_mail && address === undefined) {
    throw invalidBody(`'${user.user_id} has no e-mail address, and email names none' on property send_mail.`);
  }
  const ticket = await tenant.tickets.issue(user.user_id, TICKET_LIFETIME_MS);
  const url = `${tenant.issuer}guardian/enroll?ticket=${ticket.id}`;
  if (body.send_mail && address !== undefined) {
    const { expiresAtMs } = ticket;
    const failed = await call.ports.invite({ userName: user.name, address, link: url, expiresAtMs });
    if (failed !== undefined) {
      await tenant.devices.remove(ticket.deviceId);
      throw new ManagementError(
        400,
        'error_sending_email',
        `No ticket was made, since its message was not sent: ${failed}. Set /emails/provider right, or leave send_mail out.`,
      );
    }
  }
  return { ticket_id: ticket.id, ticket_url: url };
}

/** By id, or by address where nothing else is said. */
function findInvited({ tenant }: ManagementCall, body: z.output<typeof ticketBodySchema>): UserConfig {
  if (body.user_id !== undefined) return findUserIn(tenant.config, body.user_id);
  if (body.email === undefined) throw invalidBody("'Missing required property: user_id'.");
  const user = tenant.directory.userByEmail(body.email);
  if (!user) throw inexistent('user', 'The user does not exist.');
  return user;
}
