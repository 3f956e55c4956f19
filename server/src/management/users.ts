// /users and /users-by-email: the people of the tenant. auth0: Management API, Users; recorded shapes.
import { z } from 'zod';
import {
  DATABASE_CONNECTION,
  SHORTEST_PASSWORD,
  type TenantConfig,
  type UserConfig,
  userSchema,
} from '../contract/index.ts';
import {
  anything,
  derivedObjectId,
  flag,
  keepMembers,
  text,
  unimitatedMembers,
  withUnimitated,
} from './entity.ts';
import { NAMING_FIELDS, searchItems, sortItems } from './list-search.ts';
import { fieldsQuery, fieldsQuerySchema, listOf, listQuery, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, insufficientScope, invalidBody, ManagementError } from './management-error.ts';
import { booleanText } from './payload.ts';
import { unenrolAll } from './unenrol.ts';
import { showUser } from './user-profile.ts';

/** Kept and given back; nothing acts on them. */
const UNIMITATED = unimitatedMembers({ username: z.string().min(1).max(128), phone_verified: flag });
const KEPT = Object.keys(UNIMITATED);

/** One @ with something around it, as the sign-up page takes it. */
const email = z.string().regex(/^[^\s@]+@[^\s@]+$/);
const shown = z.string().min(1).max(300);
const MEMBERS = {
  email: email.nullable().optional(),
  email_verified: flag.optional(),
  phone_number: z
    .string()
    .regex(/^\+[0-9]{1,15}$/)
    .nullable()
    .optional(),
  name: shown.optional(),
  nickname: shown.nullable().optional(),
  given_name: z.string().min(1).max(150).nullable().optional(),
  family_name: z.string().min(1).max(150).nullable().optional(),
  picture: z.url().nullable().optional(),
  password: z.string().min(1).nullable().optional(),
  blocked: flag.optional(),
  user_metadata: anything.nullable().optional(),
  app_metadata: anything.nullable().optional(),
  /** Nothing is sent: Assent writes no mails but those of requests and enrolments. */
  verify_email: flag.optional(),
};
/** Members whose `null` takes the value away. */
const CLEARABLE = [
  'email',
  'phone_number',
  'nickname',
  'given_name',
  'family_name',
  'picture',
  'password',
] as const;

const createSchema = z.strictObject({
  ...MEMBERS,
  ...UNIMITATED,
  connection: z.string().min(1),
  user_id: z
    .string()
    .regex(/^[^\s|]+(?:\|[^\s|]+)*$/)
    .max(255)
    .optional(),
});
const patchSchema = z.strictObject({
  ...MEMBERS,
  ...UNIMITATED,
  verify_password: flag.optional(),
  verify_phone_number: flag.optional(),
  /** Whose rules to go by where a person has several; here everybody has one. */
  connection: text.optional(),
  client_id: text.optional(),
});
type UserChange = Omit<z.output<typeof patchSchema>, 'connection' | 'client_id'>;

export const userRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/users',
    scopes: ['read:users', 'read:user_idp_tokens'],
    purpose: 'list and search people',
    answer: listUsers,
  },
  {
    method: 'POST',
    path: '/users',
    scopes: ['create:users'],
    purpose: 'create a person',
    kept: KEPT,
    answer: createUser,
  },
  {
    method: 'GET',
    path: '/users-by-email',
    scopes: ['read:users'],
    purpose: 'find people by e-mail address',
    answer: (call) => {
      const query = call.query(z.object({ ...fieldsQuery, email: z.string().min(1) }));
      const user = call.tenant.directory.userByEmail(query.email);
      return user ? [pickFields(showUser(user, call.startedAt), query)] : [];
    },
  },
  {
    method: 'GET',
    path: '/users/:id',
    scopes: ['read:users', 'read:current_user'],
    purpose: 'read a person',
    answer: (call) => pickFields(showUser(findUser(call), call.startedAt), call.query(fieldsQuerySchema)),
  },
  {
    method: 'PATCH',
    path: '/users/:id',
    scopes: ['update:users', 'update:users_app_metadata'],
    purpose: 'change a person',
    kept: KEPT,
    answer: changeUser,
  },
  {
    method: 'DELETE',
    path: '/users/:id',
    scopes: ['delete:users'],
    purpose: 'delete a person and their devices',
    answer: async (call) => {
      const id = call.parameter('id');
      // First, so that the story still knows whose they were.
      await unenrolAll(call, id);
      await call.change((draft) => {
        draft.users = draft.users.filter((user) => user.user_id !== id);
      });
    },
  },
];

/** @throws ManagementError 404 `inexistent_user` */
export function findUser(call: ManagementCall): UserConfig {
  return findUserIn(call.tenant.config, call.parameter('id'));
}

/** @throws ManagementError 404 `inexistent_user` */
export function findUserIn({ users }: TenantConfig, id: string): UserConfig {
  const user = users.find((one) => one.user_id === id);
  if (!user) throw inexistent('user', 'The user does not exist.');
  return user;
}

const usersQuerySchema = z.object({
  ...listQuery,
  q: text.optional(),
  search_engine: z.enum(['v1', 'v2', 'v3']).optional(),
  sort: text.optional(),
  connection: text.optional(),
  primary_order: booleanText.optional(),
});

function listUsers(call: ManagementCall): unknown {
  const query = call.query(usersQuerySchema);
  const connection = query.connection?.toLowerCase();
  const users = call.tenant.directory.users().map((user) => showUser(user, call.startedAt));
  const ofConnection = users.filter(
    ({ identities }) =>
      connection === undefined ||
      (identities as Array<{ connection: string }>).some(
        (one) => one.connection.toLowerCase() === connection,
      ),
  );
  const found = sortItems(searchItems(ofConnection, query.q, NAMING_FIELDS), query.sort);
  // auth0: this list is always paged.
  const isCheckpoint = query.take !== undefined || query.from !== undefined;
  return listOf(found, isCheckpoint ? query : { ...query, page: query.page ?? 0 }, {
    name: 'users',
    idOf: ({ user_id: id }) => id,
  });
}

async function createUser(call: ManagementCall): Promise<unknown> {
  const body = call.body(createSchema);
  const { tenant } = call;
  const provider = providerOf(tenant.config, body.connection);
  for (const name of neededFor(provider)) {
    if (body[name] === undefined || body[name] === null) {
      throw invalidBody(`'Missing required property: ${name}'.`);
    }
  }
  const id = body.user_id ?? derivedObjectId('user', tenant.ids.make('', 22));
  const { connection, user_id: _given, ...change } = body;
  const now = new Date(tenant.clock.now()).toISOString();
  const begun = userSchema.parse({
    user_id: `${provider}|${id}`,
    // auth0: without a name, the address serves as one.
    name: body.name ?? body.email ?? body.phone_number ?? body.username ?? id,
    email_verified: false,
    created_at: now,
    ...(connection === DATABASE_CONNECTION ? {} : { connection }),
  });
  const user = applyChange(begun, change, now);
  await call.change((draft) => {
    if (draft.users.some((one) => one.user_id === user.user_id)) throw alreadyExists();
    refuseTakenAddress(draft, user);
    draft.users.push(user);
  });
  return showUser(user, call.startedAt);
}

async function changeUser(call: ManagementCall): Promise<unknown> {
  const { connection: _connection, client_id: _clientId, ...change } = call.body(patchSchema);
  if (Object.values(change).every((value) => value === undefined)) {
    throw invalidBody("'Too few properties defined (0), minimum 1'.");
  }
  // auth0: Management API, Update a User: the narrower scope is for app_metadata alone.
  const isMetadataAlone = Object.entries(change).every(
    ([name, value]) => name === 'app_metadata' || value === undefined,
  );
  if (!isMetadataAlone && !call.isAllowed(['update:users'])) throw insufficientScope(['update:users']);
  const now = new Date(call.tenant.clock.now()).toISOString();
  const changed = await call.change((draft) => {
    const user = findUserIn(draft, call.parameter('id'));
    const next = applyChange(user, change, now);
    refuseTakenAddress(draft, next);
    draft.users[draft.users.indexOf(user)] = next;
    return next;
  });
  return showUser(changed, call.startedAt);
}

function applyChange(user: UserConfig, change: UserChange, now: string): UserConfig {
  if (change.password && change.password.length < SHORTEST_PASSWORD) {
    throw new ManagementError(
      400,
      'invalid_body',
      `PasswordStrengthError: Password is too weak: at least ${SHORTEST_PASSWORD} characters`,
    );
  }
  const next: UserConfig = { ...user, updated_at: now };
  for (const name of CLEARABLE) {
    const value = change[name];
    if (value === null) delete next[name];
    else if (value !== undefined) next[name] = value;
  }
  if (change.name !== undefined) next.name = change.name;
  if (change.blocked !== undefined) next.blocked = change.blocked;
  // auth0: whoever gets another address has yet to show that it is theirs.
  if (next.email !== user.email) next.email_verified = false;
  if (change.email_verified !== undefined) next.email_verified = change.email_verified;
  for (const name of ['user_metadata', 'app_metadata'] as const) {
    const merged = mergeMetadata(user[name], change[name]);
    if (merged === undefined) delete next[name];
    else next[name] = merged;
  }
  return withUnimitated(next, keepMembers(user.unimitated, change, UNIMITATED));
}

/**
 * First-level members are merged, deeper ones replaced; `null` takes one away, and an empty object all of them.
 * auth0: Manage Metadata Using the Management API.
 */
function mergeMetadata(
  kept: UserConfig['user_metadata'],
  change: Record<string, unknown> | null | undefined,
): UserConfig['user_metadata'] {
  if (change === undefined) return kept;
  if (change === null || Object.keys(change).length === 0) return undefined;
  const merged = Object.entries({ ...kept, ...change }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

/** What stands before the "|" of a user_id. auth0: only databases and passwordless connections take people by API. */
function providerOf({ connections }: TenantConfig, name: string): 'auth0' | 'email' | 'sms' {
  const { strategy } = connections.find((connection) => connection.name === name) ?? {};
  if (strategy === 'auth0' || strategy === 'email' || strategy === 'sms') return strategy;
  if (strategy !== undefined) {
    throw new ManagementError(
      400,
      'invalid_body',
      `People of ${name} come from ${strategy}; only a connection of the strategy auth0, email or sms takes them here.`,
    );
  }
  const known = connections.map((connection) => connection.name).join(', ');
  throw new ManagementError(
    400,
    'inexistent_connection',
    `The connection does not exist: ${name}. This tenant has ${known || 'none'}.`,
  );
}

/** auth0: Create a User: what each kind of connection requires. */
function neededFor(
  provider: ReturnType<typeof providerOf>,
): ReadonlyArray<'email' | 'password' | 'phone_number'> {
  if (provider === 'auth0') return ['email', 'password'];
  return provider === 'sms' ? ['phone_number'] : ['email'];
}

/** One person per address, as in one database of Auth0. */
function refuseTakenAddress({ users }: TenantConfig, { user_id: id, email: address }: UserConfig): void {
  if (address === undefined) return;
  const isTaken = users.some(
    (other) => other.user_id !== id && other.email?.trim().toLowerCase() === address.trim().toLowerCase(),
  );
  if (isTaken) throw alreadyExists();
}

function alreadyExists(): ManagementError {
  return new ManagementError(409, 'auth0_idp_error', 'The user already exists.');
}
