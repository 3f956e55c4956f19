// npm `auth0`, versions 4, 5 and 7: `ManagementClient`, which sets a tenant up. Version 5 renamed and re-sorted everything, so
// each is spelt here once, and the story is the same for all.
import { ManagementClient as Client4 } from 'auth0-4';
import { ManagementClient as Client5 } from 'auth0-5';
import { ManagementClient as Client7 } from 'auth0-7';

/** What an administrator does for the lab. Answers are as the SDK hands them out. */
export interface Administration {
  patchClient(
    id: string,
    change: { grant_types: string[]; async_approval_notification_channels: Array<'guardian-push' | 'email'> },
  ): Promise<unknown>;
  createApi(api: { name: string; identifier: string; scopes: Array<{ value: string }> }): Promise<unknown>;
  createGrant(grant: { client_id: string; audience: string; scope: string[] }): Promise<unknown>;
  setPushFactor(isOn: boolean): Promise<unknown>;
  listFactors(): Promise<unknown>;
  createUser(user: {
    connection: string;
    user_id: string;
    name: string;
    email: string;
    email_verified: boolean;
    password: string;
  }): Promise<unknown>;
  findUsers(query: string): Promise<unknown>;
  createTicket(ticket: {
    user_id: string;
    factor: 'push-notification';
    send_mail: boolean;
    allow_multiple_enrollments: boolean;
  }): Promise<{ ticket_url?: string | undefined }>;
  listEnrolments(userId: string): Promise<unknown>;
  listAuthenticationMethods(userId: string): Promise<unknown>;
  deleteEnrolment(id: string): Promise<unknown>;
  deleteUser(id: string): Promise<unknown>;
  /** Types of the entries, oldest first. */
  listLogTypes(): Promise<string[]>;
}

interface ManagementSettings {
  /** Host and port, without a scheme. */
  domain: string;
  clientId: string;
  clientSecret: string;
}

export interface ManagementDriver {
  /** As in the table of SUPPORT.md and in the names of the tests. */
  readonly name: string;
  /** Folder in node_modules whose version the table states. */
  readonly packageName: string;
  connect(settings: ManagementSettings): Administration;
}

const WHOLE_LOG = { sort: 'date:1', per_page: 100 };

function connect4(settings: ManagementSettings): Administration {
  const { clients, resourceServers, clientGrants, guardian, logs, users } = new Client4(settings);
  return {
    patchClient: async (id, change) => (await clients.update({ client_id: id }, change)).data,
    createApi: async (api) => (await resourceServers.create(api)).data,
    createGrant: async (grant) => (await clientGrants.create(grant)).data,
    setPushFactor: async (enabled) =>
      (await guardian.updateFactor({ name: 'push-notification' }, { enabled })).data,
    listFactors: async () => (await guardian.getFactors()).data,
    createUser: async (user) => (await users.create(user)).data,
    findUsers: async (q) => (await users.getAll({ q, search_engine: 'v3' })).data,
    createTicket: async (ticket) => (await guardian.createEnrollmentTicket(ticket)).data,
    listEnrolments: async (id) => (await users.getEnrollments({ id })).data,
    listAuthenticationMethods: async (id) => (await users.getAuthenticationMethods({ id })).data,
    deleteEnrolment: (id) => guardian.deleteGuardianEnrollment({ id }),
    deleteUser: (id) => users.delete({ id }),
    listLogTypes: async () => (await logs.getAll(WHOLE_LOG)).data.map(({ type }) => type ?? ''),
  };
}

/** Versions 5 and later are generated alike. */
function administrate(client: Client5 | Client7): Administration {
  return {
    patchClient: (id, change) => client.clients.update(id, change),
    createApi: (api) => client.resourceServers.create(api),
    createGrant: (grant) => client.clientGrants.create(grant),
    setPushFactor: (enabled) => client.guardian.factors.set('push-notification', { enabled }),
    listFactors: async () => client.guardian.factors.list(),
    createUser: (user) => client.users.create(user),
    findUsers: async (q) => (await client.users.list({ q, search_engine: 'v3' })).data,
    createTicket: async (ticket) => client.guardian.enrollments.createTicket(ticket),
    listEnrolments: async (id) => client.users.enrollments.get(id),
    listAuthenticationMethods: async (id) => (await client.users.authenticationMethods.list(id)).data,
    deleteEnrolment: (id) => client.guardian.enrollments.delete(id),
    deleteUser: (id) => client.users.delete(id),
    listLogTypes: async () => (await client.logs.list(WHOLE_LOG)).data.map(({ type }) => type ?? ''),
  };
}

export const managementDrivers: readonly ManagementDriver[] = [
  { name: 'auth0 4', packageName: 'auth0-4', connect: connect4 },
  { name: 'auth0 5', packageName: 'auth0-5', connect: (settings) => administrate(new Client5(settings)) },
  { name: 'auth0 7', packageName: 'auth0-7', connect: (settings) => administrate(new Client7(settings)) },
];
