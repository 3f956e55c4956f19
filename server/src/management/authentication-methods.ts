// /users/{id}/authentication-methods: the devices of a person, as the newer part of the Management API tells them. Each is
// there twice, since programs look for either: as a push, and as the Guardian app that receives it.
// auth0: Management API, Authentication Methods.
import { z } from 'zod';
import type { EnrolledDevice } from '../tenant/index.ts';
import { listOf, listQuerySchema } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';
import { unenrol, unenrolAll } from './unenrol.ts';
import { findUser } from './users.ts';

const PATH = '/users/:id/authentication-methods';
const READ = ['read:authentication_methods'];
const DELETE = ['delete:authentication_methods'];

export const authenticationMethodRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: PATH,
    scopes: READ,
    purpose: 'list the authentication methods of a person',
    answer: async (call) => {
      const methods = (await enrolledDevices(call)).flatMap(showMethods);
      return listOf(methods, call.query(listQuerySchema), { name: 'authenticators', idOf: ({ id }) => id });
    },
  },
  {
    method: 'POST',
    path: PATH,
    scopes: ['create:authentication_methods'],
    purpose: 'refuse to enrol for somebody else',
    answer: (call) => {
      findUser(call);
      throw cannotEnrol();
    },
  },
  {
    method: 'PUT',
    path: PATH,
    scopes: ['update:authentication_methods'],
    purpose: 'take all authentication methods from a person',
    answer: async (call) => {
      const devices = await enrolledDevices(call);
      const wanted = call.body(z.array(z.looseObject({ type: z.string() })));
      if (wanted.length > 0) throw cannotEnrol();
      for (const device of devices) await unenrol(call, device);
      return [];
    },
  },
  {
    method: 'DELETE',
    path: PATH,
    scopes: DELETE,
    purpose: 'un-enrol all devices of a person',
    answer: (call) => unenrolAll(call, findUser(call).user_id),
  },
  {
    method: 'GET',
    path: `${PATH}/:method`,
    scopes: READ,
    purpose: 'read an authentication method',
    answer: async (call) => {
      const wanted = call.parameter('method');
      const methods = (await enrolledDevices(call)).flatMap(showMethods);
      const method = methods.find(({ id }) => id === wanted);
      if (!method)
        throw inexistent('authentication_method', `The authentication method does not exist: ${wanted}`);
      return method;
    },
  },
  {
    method: 'PATCH',
    path: `${PATH}/:method`,
    scopes: ['update:authentication_methods'],
    purpose: 'rename a device',
    answer: renameMethod,
  },
  {
    method: 'DELETE',
    path: `${PATH}/:method`,
    scopes: DELETE,
    purpose: 'un-enrol a device',
    answer: async (call) => {
      // The two methods of a device end together, so a program that deletes both finds one gone.
      const device = await findDevice(call);
      if (device) await unenrol(call, device);
    },
  },
  {
    method: 'DELETE',
    path: '/users/:id/authenticators',
    scopes: ['update:users', ...DELETE],
    purpose: 'un-enrol all devices of a person, older way',
    answer: (call) => unenrolAll(call, findUser(call).user_id),
  },
  {
    method: 'DELETE',
    path: '/users/:id/multifactor/:provider',
    scopes: ['update:users'],
    purpose: 'take a provider of second factors from a person',
    answer: async (call) => {
      const provider = call.parameter('provider');
      if (provider === 'guardian') return unenrolAll(call, findUser(call).user_id);
      if (provider === 'duo' || provider === 'google-authenticator') return void findUser(call);
      throw new ManagementError(
        400,
        'invalid_uri',
        `Path validation error: 'No enum match for: ${provider}, expected one of guardian, duo, google-authenticator' on property provider.`,
      );
    },
  },
];

/** Pending enrolments are no methods yet. auth0: enrolments list them. */
async function enrolledDevices(call: ManagementCall): Promise<EnrolledDevice[]> {
  const { user_id: userId } = findUser(call);
  return (await call.tenant.devices.of(userId)).filter(({ status }) => status === 'confirmed');
}

function showMethods({ id, name, enrolledAtMs }: EnrolledDevice) {
  const createdAt = new Date(enrolledAtMs).toISOString();
  const common = { confirmed: true, name, created_at: createdAt, enrolled_at: createdAt };
  const push = { id: `push|${id}`, type: 'push' };
  return [
    { ...push, ...common, link_id: id },
    { id: `guardian|${id}`, type: 'guardian', ...common, authentication_methods: [push] },
  ];
}

async function findDevice(call: ManagementCall): Promise<EnrolledDevice | undefined> {
  const wanted = call.parameter('method').replace(/^(?:push|guardian)\|/, '');
  return (await enrolledDevices(call)).find(({ id }) => id === wanted);
}

async function renameMethod(call: ManagementCall): Promise<unknown> {
  const { name } = call.body(
    z.strictObject({
      name: z.string().trim().min(1).max(80).optional(),
      preferred_authentication_method: z.string().optional(),
    }),
  );
  const device = await findDevice(call);
  const renamed = device && name !== undefined ? await call.tenant.devices.rename(device.id, name) : device;
  if (!renamed) {
    throw inexistent(
      'authentication_method',
      `The authentication method does not exist: ${call.parameter('method')}`,
    );
  }
  const wanted = call.parameter('method');
  return showMethods(renamed).find(({ id }) => id === wanted) ?? showMethods(renamed)[0];
}

function cannotEnrol(): ManagementError {
  return invalidBody(
    "'A method can only be enrolled by the device that holds its key: POST /guardian/enrollments/ticket and open its ticket_url there' on property type.",
  );
}
