// What would make every request of a client of the profile `standard` fail: metadata that contradict each other, or lack what
// they need. A part of config-references, and as lenient: members of the wrong type are the schema's finding, and absent here.
import { isIP } from 'node:net';
import { CERTIFICATE_SUBJECT_MEMBERS, FAPI_ALGORITHMS, MUTUAL_TLS_METHODS } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { judgeDestination } from '../outbound/index.ts';
import type { Outline } from './config-outline.ts';
import type { ConfigMistake, ConfigPath } from './config-path.ts';

/** A client as far as it could be read. */
type StandardClientOutline = NonNullable<Outline['clients'][number]>;

export interface StandardTenantOutline {
  profile: string | undefined;
  notificationHosts: readonly string[];
}

const FAPI_METHODS = ['private_key_jwt', ...MUTUAL_TLS_METHODS];

/** How an RFC 4514 name begins; `/CN=agent` is of another notation. */
const RELATIVE_NAME = /^\s*(?:OID\.)?(?:[A-Za-z][\w-]*|\d+(?:\.\d+)+)\s*=/;

export function findStandardMistakes(
  tenant: StandardTenantOutline,
  clients: ReadonlyArray<StandardClientOutline | undefined>,
): ConfigMistake[] {
  return clients.flatMap((client, i) => {
    if (!client) return [];
    const path = ['clients', i];
    return [
      ...findProfileMistakes(path, tenant, client),
      ...findDeliveryMistakes(path, tenant, client),
      ...findKeyMistakes(path, client),
      ...(client.fapi_ciba ? findFapiMistakes(path, client) : []),
    ];
  });
}

/** What Auth0 does not have needs the other profile. */
function findProfileMistakes(
  path: ConfigPath,
  tenant: StandardTenantOutline,
  client: StandardClientOutline,
): ConfigMistake[] {
  if ((client.profile ?? tenant.profile ?? 'auth0') !== 'auth0') return [];
  const {
    backchannel_token_delivery_mode: mode,
    backchannel_authentication_request_signing_alg: requestAlgorithm,
    id_token_signed_response_alg: idTokenAlgorithm,
  } = client;
  const needsStandard = (member: string, received: string): ConfigMistake => ({
    path: [...path, member],
    text: `received ${received}, which needs the client’s profile to be "standard".`,
  });
  return [
    ...(client.fapi_ciba ? [needsStandard('fapi_ciba', 'true')] : []),
    ...(mode === 'ping' || mode === 'push'
      ? [needsStandard('backchannel_token_delivery_mode', `"${mode}"`)]
      : []),
    ...(client.token_endpoint_auth_method === 'client_secret_jwt'
      ? [needsStandard('token_endpoint_auth_method', '"client_secret_jwt"')]
      : []),
    ...(idTokenAlgorithm !== undefined && idTokenAlgorithm !== 'RS256'
      ? [needsStandard('id_token_signed_response_alg', `"${idTokenAlgorithm}"`)]
      : []),
    // Requests are not read as signed there, so the promise would be broken in silence.
    ...(requestAlgorithm === undefined
      ? []
      : [needsStandard('backchannel_authentication_request_signing_alg', `"${requestAlgorithm}"`)]),
  ];
}

/** CIBA Core §4: who is called back says where. */
function findDeliveryMistakes(
  path: ConfigPath,
  { notificationHosts }: StandardTenantOutline,
  client: StandardClientOutline,
): ConfigMistake[] {
  const { backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint } =
    client;
  const isMissing = (mode === 'ping' || mode === 'push') && endpoint === undefined;
  return [
    ...(isMissing
      ? [
          {
            path: [...path, 'backchannel_client_notification_endpoint'],
            text: `is missing, the mode "${mode}" needs one.`,
          },
        ]
      : []),
    ...(mode === 'push' ? findBoundPush(path, client) : []),
    ...findClosedAddress([...path, 'backchannel_client_notification_endpoint'], endpoint, notificationHosts),
    ...findClosedAddress([...path, 'jwks_uri'], client.jwks_uri, notificationHosts),
  ];
}

/** Where tokens are brought, nobody shows the key or the certificate that they would be bound to. */
function findBoundPush(path: ConfigPath, client: StandardClientOutline): ConfigMistake[] {
  const members = ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'] as const;
  return members
    .filter((member) => client[member])
    .map((member) => ({
      path: [...path, member],
      text: 'stands beside the mode "push", in which nobody proves a key. Leave out one of them.',
    }));
}

/** What is never going to be called is said now. */
function findClosedAddress(
  path: ConfigPath,
  address: string | undefined,
  hosts: readonly string[],
): ConfigMistake[] {
  const destination = address === undefined ? undefined : judgeDestination(address, hosts);
  return destination?.allowed === false ? [{ path, text: `received "${address}". ${destination.why}` }] : [];
}

function findKeyMistakes(path: ConfigPath, client: StandardClientOutline): ConfigMistake[] {
  const { token_endpoint_auth_method: method, jwks, jwks_uri: jwksUri } = client;
  const mistakes: ConfigMistake[] = [];
  if (jwks !== undefined && jwksUri !== undefined) {
    mistakes.push({ path: [...path, 'jwks_uri'], text: 'stands beside jwks. Leave out one of them.' });
  }
  const hasKeys = jwksUri !== undefined || (jwks?.keys.length ?? 0) > 0;
  const mustSign = client.fapi_ciba || client.backchannel_authentication_request_signing_alg !== undefined;
  const needsKeys =
    method === 'self_signed_tls_client_auth'
      ? 'self_signed_tls_client_auth'
      : mustSign
        ? 'a client that signs its requests'
        : undefined;
  if (needsKeys !== undefined && !hasKeys) {
    mistakes.push({ path: [...path, 'jwks'], text: `is missing or empty, ${needsKeys} needs public keys.` });
  }
  // RFC 8705 §2.2: the certificate itself is registered.
  if (
    method === 'self_signed_tls_client_auth' &&
    hasKeys &&
    jwksUri === undefined &&
    !jwks?.keys.some(hasCertificate)
  ) {
    mistakes.push({
      path: [...path, 'jwks'],
      text: 'has no certificate: "self_signed_tls_client_auth" needs a key with "x5c". assent certificate CLIENT --format json makes one.',
    });
  }
  // RFC 8705 §2.1.2.
  const named = CERTIFICATE_SUBJECT_MEMBERS.filter((member) => client[member] !== undefined);
  const [, second] = named;
  if (method === 'tls_client_auth' && named.length === 0) {
    mistakes.push({
      path: [...path, CERTIFICATE_SUBJECT_MEMBERS[0]],
      text: `is missing, "tls_client_auth" needs it or one of ${CERTIFICATE_SUBJECT_MEMBERS.slice(1).join(', ')}.`,
    });
  }
  if (second !== undefined) {
    mistakes.push({ path: [...path, second], text: `stands beside ${named[0]}. Leave out one of them.` });
  }
  mistakes.push(...findNameMistakes(path, client));
  if (client.dpop_bound_access_tokens && client.tls_client_certificate_bound_access_tokens) {
    mistakes.push({
      path: [...path, 'dpop_bound_access_tokens'],
      text: 'stands beside tls_client_certificate_bound_access_tokens. Leave out one of them.',
    });
  }
  return mistakes;
}

function findFapiMistakes(path: ConfigPath, client: StandardClientOutline): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const expect = (member: keyof StandardClientOutline, expected: readonly string[]): void => {
    const received = client[member];
    if (typeof received === 'string' && !expected.includes(received)) {
      mistakes.push({
        path: [...path, member],
        text: `received "${received}", expected ${expected.join(' or ')}, as fapi_ciba is set.`,
      });
    }
  };
  // FAPI-CIBA §5.2.2 and §7.10.
  expect('backchannel_token_delivery_mode', ['poll', 'ping']);
  expect('token_endpoint_auth_method', FAPI_METHODS);
  expect('token_endpoint_auth_signing_alg', FAPI_ALGORITHMS);
  expect('backchannel_authentication_request_signing_alg', FAPI_ALGORITHMS);
  expect('id_token_signed_response_alg', FAPI_ALGORITHMS);
  // FAPI 1.0 Advanced §5.2.2.
  if (client.dpop_bound_access_tokens) {
    mistakes.push({
      path: [...path, 'dpop_bound_access_tokens'],
      text: 'received true, but fapi_ciba binds access tokens to the certificate of the client.',
    });
  }
  return mistakes;
}

/** What no certificate could ever be known by. RFC 8705 §2.1.2. */
function findNameMistakes(path: ConfigPath, client: StandardClientOutline): ConfigMistake[] {
  const { tls_client_auth_subject_dn: subject, tls_client_auth_san_ip: address } = client;
  return [
    ...(subject === undefined || RELATIVE_NAME.test(subject)
      ? []
      : [
          {
            path: [...path, 'tls_client_auth_subject_dn'],
            text: `received "${subject}", expected a name as RFC 4514 writes it: "CN=agent,O=Example". openssl x509 -noout -subject -nameopt RFC2253 -in FILE`,
          },
        ]),
    ...(address === undefined || isIP(address) !== 0
      ? []
      : [
          {
            path: [...path, 'tls_client_auth_san_ip'],
            text: `received "${address}", expected an IP address.`,
          },
        ]),
  ];
}

function hasCertificate(key: unknown): boolean {
  return isJsonObject(key) && Array.isArray(key['x5c']) && typeof key['x5c'][0] === 'string';
}
