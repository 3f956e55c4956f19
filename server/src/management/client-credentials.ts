// /clients/{id}/credentials: public keys for private_key_jwt. A key is given as PEM and kept as JWK; it counts once
// `client_authentication_methods` names it. auth0: Management API, Client Credentials; Configure Private Key JWT.
import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import type { ClientConfig, ClientCredentialConfig } from '../contract/index.ts';
import { definedMembers, derivedId, flag, text } from './entity.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';

const ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
/** Before any clock of a test, and the same after every start. */
const EPOCH = new Date(0).toISOString();

const postSchema = z.strictObject({
  credential_type: z.literal('public_key'),
  name: z.string().max(128).optional(),
  pem: z.string().min(1).max(4_096),
  alg: z.enum(ALGORITHMS).optional(),
  kid: z.string().min(10).max(64).optional(),
  parse_expiry_from_cert: flag.optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
const patchSchema = z.strictObject({ expires_at: z.iso.datetime({ offset: true }).nullable().optional() });

/** Credentials by id or, where a client is created, with all that makes one. */
export const clientAuthenticationMethodsSchema = z.strictObject({
  private_key_jwt: z
    .strictObject({
      credentials: z
        .array(z.union([z.strictObject({ id: text }), postSchema]))
        .min(1)
        .max(2),
    })
    .optional(),
});
type Methods = z.output<typeof clientAuthenticationMethodsSchema>;
type PostedCredential = z.output<typeof postSchema>;

const PATH = '/clients/:id/credentials';
const READ = ['read:client_credentials', 'read:clients'];
const KEPT = ['expires_at', 'parse_expiry_from_cert'];

export const clientCredentialRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: PATH,
    scopes: READ,
    purpose: 'list the public keys of a client',
    answer: (call) => credentialsOf(findClient(call)).map(showCredential),
  },
  {
    method: 'POST',
    path: PATH,
    scopes: ['create:client_credentials'],
    purpose: 'give a client a public key; client_authentication_methods makes it count',
    kept: KEPT,
    answer: async (call) => {
      const posted = call.body(postSchema);
      findClient(call);
      const credential = await makeCredential(call, posted);
      await editCredentials(call, (credentials, client) => {
        if (credentialsOf(client).some(({ key }) => key.kid === credential.key.kid)) {
          throw new ManagementError(409, 'credential_conflict', 'The client has this key already.');
        }
        return [...credentials, credential];
      });
      return showCredential(credential);
    },
  },
  {
    method: 'GET',
    path: `${PATH}/:credential`,
    scopes: READ,
    purpose: 'read a public key of a client',
    answer: (call) => showCredential(findCredential(call)),
  },
  {
    method: 'PATCH',
    path: `${PATH}/:credential`,
    scopes: ['update:client_credentials'],
    purpose: 'change when a public key of a client ends',
    kept: KEPT,
    answer: async (call) => {
      const { expires_at: expiresAt } = call.body(patchSchema);
      const { expires_at: earlier, ...credential } = findCredential(call);
      const end = expiresAt === undefined ? earlier : expiresAt && new Date(expiresAt).toISOString();
      const changed: ClientCredentialConfig = {
        ...credential,
        ...(end ? { expires_at: end } : {}),
        updated_at: nowOf(call),
      };
      // One that came with the tenant file is written down beside its key by its first change.
      await editCredentials(call, (all) =>
        all.some((one) => one.id === changed.id)
          ? all.map((one) => (one.id === changed.id ? changed : one))
          : [...all, changed],
      );
      return showCredential(changed);
    },
  },
  {
    method: 'DELETE',
    path: `${PATH}/:credential`,
    scopes: ['delete:client_credentials'],
    purpose: 'take a public key from a client',
    answer: async (call) => {
      const { id, key } = findCredential(call);
      if (isUsed(findClient(call), { id, key })) {
        throw new ManagementError(
          409,
          'credential_in_use',
          'The credential is in use. Take it out of client_authentication_methods first.',
        );
      }
      await editCredentials(call, (all) => all.filter((one) => one.id !== id));
    },
  },
];

/** Keys that come with a new client become credentials; what is left names them by id. */
export async function readInlineCredentials(
  call: ManagementCall,
  methods: Methods | null | undefined,
): Promise<{ credentials: ClientCredentialConfig[]; methods: Methods | undefined }> {
  const given = methods?.private_key_jwt?.credentials ?? [];
  const credentials = await Promise.all(
    given.filter((one) => 'pem' in one).map((posted) => makeCredential(call, posted)),
  );
  if (credentials.length === 0) return { credentials, methods: undefined };
  return {
    credentials,
    methods: { private_key_jwt: { credentials: credentials.map(({ id }) => ({ id })) } },
  };
}

/** Has the client prove itself with these keys from now on; `null` and none go back to a secret. */
export function applyMethods(client: ClientConfig, methods: Methods | null): ClientConfig {
  const { jwks: _jwks, ...rest } = client;
  const named = methods?.private_key_jwt?.credentials ?? [];
  if (named.length === 0) {
    const isByKey = client.token_endpoint_auth_method === 'private_key_jwt';
    return { ...rest, ...(isByKey ? { token_endpoint_auth_method: 'client_secret_post' } : {}) };
  }
  const known = credentialsOf(client);
  const keys = named.map((one) => {
    const credential = 'id' in one ? known.find(({ id }) => id === one.id) : undefined;
    // As it was, where it stays: the id of a key of a tenant file is made from it.
    const own = credential && client.jwks?.keys.find((key) => isKeyOf(credential, key, client));
    if (credential) return own ?? { ...credential.key };
    throw invalidBody(
      "'Expected the id of a credential of this client' on property client_authentication_methods.private_key_jwt.credentials.",
    );
  });
  return { ...rest, jwks: { keys }, token_endpoint_auth_method: 'private_key_jwt' };
}

export function showMethods(client: ClientConfig): Methods {
  const credentials = credentialsOf(client)
    .filter((credential) => isUsed(client, credential))
    .map(({ id }) => ({ id }));
  return { private_key_jwt: { credentials } };
}

/** Those of the Management API, and the keys that a tenant file has without them. */
function credentialsOf(client: ClientConfig): ClientCredentialConfig[] {
  const stored = client.credentials ?? [];
  const fromFile = (client.jwks?.keys ?? [])
    .filter((key) => !stored.some((credential) => isKeyOf(credential, key, client)))
    .map((key): ClientCredentialConfig => {
      const id = idOfFileKey(key, client);
      const { kty, kid, alg } = key;
      return {
        id,
        key: { ...key, kty: String(kty), kid: typeof kid === 'string' ? kid : id },
        alg: ALGORITHMS.find((one) => one === alg) ?? 'RS256',
        created_at: EPOCH,
        updated_at: EPOCH,
      };
    });
  return [...stored, ...fromFile];
}

type FileKey = NonNullable<ClientConfig['jwks']>['keys'][number];

function idOfFileKey(key: FileKey, { client_id: clientId }: ClientConfig): string {
  return derivedId('cred_', clientId, JSON.stringify(key));
}

/** A key of a tenant file may be without a `kid`. */
function isKeyOf(
  { id, key: known }: Pick<ClientCredentialConfig, 'id' | 'key'>,
  key: FileKey,
  client: ClientConfig,
): boolean {
  return key['kid'] === known.kid || idOfFileKey(key, client) === id;
}

function isUsed(client: ClientConfig, credential: Pick<ClientCredentialConfig, 'id' | 'key'>): boolean {
  return client.jwks?.keys.some((key) => isKeyOf(credential, key, client)) ?? false;
}

async function makeCredential(
  call: ManagementCall,
  { pem, name, alg = 'RS256', kid, expires_at: expiresAt }: PostedCredential,
): Promise<ClientCredentialConfig> {
  const key = readPem(pem);
  return {
    id: call.tenant.ids.make('cred_', 16),
    ...definedMembers({ name }),
    alg,
    key: { ...key, kty: 'RSA', kid: kid ?? (await calculateJwkThumbprint(key)) },
    created_at: nowOf(call),
    updated_at: nowOf(call),
    ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
  };
}

/** A public RSA key, or the one of a certificate. */
function readPem(pem: string): JWK {
  const isPrivate = pem.includes('PRIVATE KEY');
  try {
    const key = isPrivate ? undefined : createPublicKey(pem);
    if (key?.asymmetricKeyType === 'rsa') return key.export({ format: 'jwk' }) as JWK;
  } catch {
    // What follows says the same of every PEM that cannot be read.
  }
  throw invalidBody(
    isPrivate
      ? "'Received a private key. Leave it with the client; here belongs the public key alone' on property pem."
      : "'Expected a public RSA key or a certificate as PEM' on property pem.",
  );
}

async function editCredentials(
  call: ManagementCall,
  edit: (credentials: ClientCredentialConfig[], client: ClientConfig) => ClientCredentialConfig[],
): Promise<void> {
  await call.change((draft) => {
    const client = draft.clients.find((one) => one.client_id === call.parameter('id'));
    if (!client) throw unknownClient();
    const credentials = edit(client.credentials ?? [], client);
    if (credentials.length > 0) client.credentials = credentials;
    else delete client.credentials;
  });
}

function findClient(call: ManagementCall): ClientConfig {
  const client = call.tenant.directory.client(call.parameter('id'));
  if (!client) throw unknownClient();
  return client;
}

function findCredential(call: ManagementCall): ClientCredentialConfig {
  const id = call.parameter('credential');
  const credential = credentialsOf(findClient(call)).find((one) => one.id === id);
  if (!credential) throw inexistent('credential', 'The credential does not exist');
  return credential;
}

function showCredential({ key, ...credential }: ClientCredentialConfig) {
  return { ...credential, kid: key.kid, credential_type: 'public_key' };
}

function nowOf(call: ManagementCall): string {
  return new Date(call.tenant.clock.now()).toISOString();
}

function unknownClient(): ManagementError {
  return inexistent('client', 'The client does not exist');
}
