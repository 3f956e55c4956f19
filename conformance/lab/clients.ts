// The clients of the lab: one for each kind that the catalogue speaks of. Each is an entry of the tenant file and the keys that
// go with it.

import type { TenantConfigInput } from 'assent/contract';
import { type CryptoKey, exportJWK, importJWK } from 'jose';
import { type Authority, type ClientCertificate, makeSelfSigned } from '../client/certificates.ts';
import { makeSigningKey, type SigningKey } from '../client/keys.ts';
import { type AuthMethod, CIBA_GRANT, type ClientIdentity } from '../client/relying-party.ts';

export type Profile = 'standard' | 'auth0';
type ClientEntry = NonNullable<TenantConfigInput['clients']>[number];

export interface LabClient extends ClientIdentity {
  entry: ClientEntry;
  delivery: 'poll' | 'ping' | 'push';
  /** Further keys of its set, by algorithm. */
  otherKeys: ReadonlyMap<string, SigningKey>;
}

export interface Kind {
  method: AuthMethod;
  /** Left out: an ES256 key for those who sign. */
  alg?: string;
  /** Algorithm of a second key. */
  otherAlg?: string;
  delivery?: 'poll' | 'ping' | 'push';
  /** One that polls has an address all the same. */
  isReachable?: boolean;
  profiles?: readonly Profile[];
  /** Members of the tenant file beside those of the method. */
  members?: Partial<ClientEntry>;
}

const STANDARD: readonly Profile[] = ['standard'];
const CALLBACK_URL = 'https://client.lab.example/callback';
const GRANTS: ClientEntry['grant_types'] = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  CIBA_GRANT,
];

const KINDS: Readonly<Record<string, Kind>> = {
  agent: { method: 'client_secret_post' },
  other: { method: 'client_secret_post' },
  basic: { method: 'client_secret_basic' },
  jwt: { method: 'private_key_jwt' },
  secret_jwt: { method: 'client_secret_jwt', profiles: STANDARD },
  no_ciba: {
    method: 'client_secret_post',
    members: { grant_types: ['client_credentials', 'refresh_token'] },
  },
  no_refresh: { method: 'client_secret_post', members: { grant_types: [CIBA_GRANT] } },
  rotating: { method: 'client_secret_post', members: { refresh_token: { rotation_type: 'rotating' } } },
  public: {
    method: 'none',
    members: { grant_types: ['authorization_code', 'refresh_token'], app_type: 'native' },
  },
  /** May not exist as one that asks: it has no credentials. */
  public_asking: {
    method: 'none',
    profiles: STANDARD,
    members: { app_type: 'native', grant_types: [CIBA_GRANT] },
  },
  ping: { method: 'client_secret_post', delivery: 'ping', profiles: STANDARD },
  push: { method: 'client_secret_post', delivery: 'push', profiles: STANDARD },
  /** Polls, although it could be called. */
  reachable: { method: 'client_secret_post', isReachable: true, profiles: STANDARD },
  /** May sign its requests, with any algorithm. */
  signing: { method: 'private_key_jwt', profiles: STANDARD },
  signing_eddsa: { method: 'private_key_jwt', alg: 'EdDSA', profiles: STANDARD },
  signing_ping: { method: 'private_key_jwt', delivery: 'ping', profiles: STANDARD },
  must_sign_ps256: {
    method: 'private_key_jwt',
    alg: 'PS256',
    otherAlg: 'ES256',
    profiles: STANDARD,
    members: { backchannel_authentication_request_signing_alg: 'PS256' },
  },
  must_sign_es256: {
    method: 'private_key_jwt',
    otherAlg: 'PS256',
    profiles: STANDARD,
    members: { backchannel_authentication_request_signing_alg: 'ES256' },
  },
  coded: {
    method: 'client_secret_post',
    profiles: STANDARD,
    members: { backchannel_user_code_parameter: true },
  },
  pushed_only: {
    method: 'client_secret_post',
    profiles: STANDARD,
    members: { require_pushed_authorization_requests: true },
  },
  typed: {
    method: 'client_secret_post',
    profiles: STANDARD,
    members: { authorization_details_types: ['payment_initiation'] },
  },
  dpop: { method: 'client_secret_post', profiles: STANDARD, members: { dpop_bound_access_tokens: true } },
  mtls: { method: 'tls_client_auth', profiles: STANDARD },
  mtls_other: { method: 'tls_client_auth', profiles: STANDARD },
  self_signed: { method: 'self_signed_tls_client_auth', profiles: STANDARD },
  fapi: {
    method: 'private_key_jwt',
    alg: 'PS256',
    profiles: STANDARD,
    members: {
      fapi_ciba: true,
      backchannel_authentication_request_signing_alg: 'PS256',
      id_token_signed_response_alg: 'PS256',
      tls_client_certificate_bound_access_tokens: true,
    },
  },
  fapi_other: {
    method: 'private_key_jwt',
    profiles: STANDARD,
    members: {
      fapi_ciba: true,
      backchannel_authentication_request_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      tls_client_certificate_bound_access_tokens: true,
    },
  },
  fapi_mtls: {
    method: 'tls_client_auth',
    profiles: STANDARD,
    members: {
      fapi_ciba: true,
      backchannel_authentication_request_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      tls_client_certificate_bound_access_tokens: true,
    },
  },
};

const SIGNS: ReadonlySet<AuthMethod> = new Set(['private_key_jwt']);

export interface ClientMaterial {
  authority: Authority;
  /** Where ping and push clients are called. */
  callbackUrl(path: string): string;
}

/** Every client that a tenant of this profile has, by name. */
export async function makeClients(
  profile: Profile,
  material: ClientMaterial,
  all: Readonly<Record<string, Kind>> = KINDS,
): Promise<Map<string, LabClient>> {
  const kinds = Object.entries(all).filter(([, kind]) => (kind.profiles ?? [profile]).includes(profile));
  const clients = kinds.map(
    async ([name, kind]) => [name, await makeClient(name, kind, profile, material)] as const,
  );
  return new Map(await Promise.all(clients));
}

async function makeClient(
  name: string,
  { method, alg, otherAlg, delivery = 'poll', isReachable = delivery !== 'poll', members = {} }: Kind,
  profile: Profile,
  { authority, callbackUrl }: ClientMaterial,
): Promise<LabClient> {
  const clientId = `lab-${name.replaceAll('_', '-')}`;
  const isFapi = members.fapi_ciba === true;
  // Auth0 takes RSA keys alone.
  const keyAlgorithm = alg ?? (profile === 'auth0' ? 'RS256' : 'ES256');
  const key = SIGNS.has(method) || isFapi ? await makeSigningKey(keyAlgorithm, `${clientId}-key`) : undefined;
  const otherKeys = new Map(
    otherAlg === undefined ? [] : [[otherAlg, await makeSigningKey(otherAlg, `${clientId}-other-key`)]],
  );
  const certificate = await makeCertificate(clientId, method, isFapi, authority);
  const secret = method.startsWith('client_secret')
    ? `${clientId}-secret-of-at-least-32-characters`
    : undefined;
  const entry: ClientEntry = {
    client_id: clientId,
    name: `Client ${name}`,
    grant_types: GRANTS,
    callbacks: [CALLBACK_URL],
    token_endpoint_auth_method: method,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...keySet(
      [key, ...otherKeys.values()],
      method === 'self_signed_tls_client_auth' ? certificate : undefined,
    ),
    ...(method === 'tls_client_auth' ? { tls_client_auth_subject_dn: `CN=${clientId}` } : {}),
    ...(!isReachable
      ? {}
      : {
          backchannel_token_delivery_mode: delivery,
          backchannel_client_notification_endpoint: callbackUrl(`/${name}`),
        }),
    ...members,
  };
  return { clientId, method, secret, key, certificate, entry, delivery, otherKeys };
}

function makeCertificate(
  clientId: string,
  method: AuthMethod,
  isFapi: boolean,
  authority: Authority,
): Promise<ClientCertificate> | undefined {
  if (method === 'self_signed_tls_client_auth') return makeSelfSigned(`CN=${clientId}`);
  // A FAPI client has one whatever its method: its tokens are bound to it.
  return method === 'tls_client_auth' || isFapi ? authority.issue(`CN=${clientId}`) : undefined;
}

function keySet(
  signing: ReadonlyArray<SigningKey | undefined>,
  certificate: ClientCertificate | undefined,
): Partial<ClientEntry> {
  const keys = [...signing.map((key) => key && withoutAlgorithm(key)), certificate?.jwk].filter(
    (jwk) => jwk !== undefined,
  );
  return keys.length === 0 ? {} : { jwks: { keys: keys as Array<Record<string, unknown>> } };
}

/** An RSA key serves RS256 and PS256, so that a test can choose. */
function withoutAlgorithm({ publicJwk }: SigningKey): Record<string, unknown> {
  const { alg: _alg, ...jwk } = publicJwk;
  return { ...jwk };
}

/** The same RSA key for another algorithm. */
export async function asAlgorithm(key: SigningKey, alg: string): Promise<SigningKey> {
  const { alg: _alg, ...jwk } = await exportJWK(key.privateKey);
  return { ...key, alg, privateKey: (await importJWK(jwk, alg)) as CryptoKey };
}
