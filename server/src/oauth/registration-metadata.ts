// Client metadata as they are registered (RFC 7591 §2, CIBA Core §4) and the same client in the tenant's configuration, both
// ways. Only translates: whether the client can work is judged by the configuration and by the provider.
import { z } from 'zod';
import { showInvisible } from '../approvals/index.ts';
import {
  CERTIFICATE_SUBJECT_MEMBERS,
  CIBA_GRANT_TYPE,
  type ClientConfig,
  clientSchema,
  IMITATED_GRANT_TYPES,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { Refusal } from './refusal.ts';

/** Metadata that are called the same in the tenant file. */
const SAME_NAMES = [
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'grant_types',
  'jwks',
  'jwks_uri',
  'id_token_signed_response_alg',
  'backchannel_token_delivery_mode',
  'backchannel_client_notification_endpoint',
  'backchannel_authentication_request_signing_alg',
  'backchannel_user_code_parameter',
  ...CERTIFICATE_SUBJECT_MEMBERS,
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'authorization_details_types',
] as const satisfies readonly (keyof ClientConfig)[];

/** Metadata that the tenant file calls otherwise, in the words of Auth0. */
const OTHER_NAMES = {
  client_name: 'name',
  redirect_uris: 'callbacks',
  post_logout_redirect_uris: 'allowed_logout_urls',
} as const satisfies Readonly<Record<string, keyof ClientConfig>>;

/** What a registration does not speak of, and what an update therefore leaves as it is. */
const BEYOND_METADATA = [
  'client_id',
  'client_secret',
  'profile',
  'is_first_party',
  'oidc_conformant',
  'fapi_ciba',
  'resource_server_identifier',
  'async_approval_notification_channels',
  'jwt_configuration',
  'refresh_token',
  'unimitated',
] as const satisfies readonly (keyof ClientConfig)[];

const LONGEST_NAME = 200;

const SECRET_METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'];

/** Read more closely than the others, as there is one right way for each. Whatever else is sent is ignored, RFC 7591 §2. */
const shapeSchema = z.looseObject({
  // Only what is answered here: a client of Auth0 may list more, one that registers need not.
  grant_types: z.array(z.enum(IMITATED_GRANT_TYPES)).optional(),
  response_types: z.array(z.literal('code')).max(1).optional(),
  application_type: z.enum(['web', 'native']).optional(),
  subject_type: z.literal('public').optional(),
});

export function invalidMetadata(description: string): Refusal {
  return new Refusal(400, 'invalid_client_metadata', description);
}

/**
 * The client that a registration asks for.
 *
 * @param kept what it has already: its identifier, and at an update everything that no metadata speak of
 * @param makeSecret called where the client needs a secret and has none
 * @throws Refusal `invalid_client_metadata`, `invalid_redirect_uri`
 */
export function toClient(
  metadata: Readonly<Record<string, unknown>>,
  kept: Pick<ClientConfig, 'client_id'> & Partial<ClientConfig>,
  makeSecret: () => string,
): ClientConfig {
  const { response_types, application_type } = read(shapeSchema, metadata);
  checkName(metadata['client_name']);
  const method = metadata['token_endpoint_auth_method'] ?? 'client_secret_basic';
  const grants = metadata['grant_types'] ?? ['authorization_code'];
  const usesCode = Array.isArray(grants) && grants.includes('authorization_code');
  if (response_types?.length === 1 && !usesCode) {
    throw invalidMetadata('response_types has "code", so grant_types must have "authorization_code".');
  }
  const redirects = metadata['redirect_uris'];
  if (usesCode && (!Array.isArray(redirects) || redirects.length === 0)) {
    throw new Refusal(
      400,
      'invalid_redirect_uri',
      'redirect_uris is missing; the grant type authorization_code needs at least one.',
    );
  }
  // CIBA Core §4: required, and one per client.
  const usesCiba = Array.isArray(grants) && grants.includes(CIBA_GRANT_TYPE);
  if (usesCiba && metadata['backchannel_token_delivery_mode'] === undefined) {
    throw invalidMetadata(
      'backchannel_token_delivery_mode is missing; the CIBA grant needs "poll", "ping" or "push".',
    );
  }
  const isKind = application_type === 'native' ? 'native' : method === 'none' ? 'spa' : 'regular_web';
  return read(clientSchema, {
    ...pick(kept, BEYOND_METADATA),
    ...pick(metadata, SAME_NAMES),
    ...Object.fromEntries(
      Object.entries(OTHER_NAMES).flatMap(([name, ours]) =>
        metadata[name] === undefined ? [] : [[ours, metadata[name]]],
      ),
    ),
    name: metadata['client_name'] ?? kept.client_id,
    token_endpoint_auth_method: method,
    grant_types: grants,
    app_type: usesCode ? isKind : 'non_interactive',
    client_secret: SECRET_METHODS.includes(String(method)) ? (kept.client_secret ?? makeSecret()) : undefined,
  });
}

/** Approvers read it, and nobody vouches for whoever chose it. What is no text is refused with everything else. */
function checkName(name: unknown): void {
  if (typeof name !== 'string') return;
  if (name.length > LONGEST_NAME) {
    throw invalidMetadata(`client_name has ${name.length} characters, expected at most ${LONGEST_NAME}.`);
  }
  if (name !== '' && (name.trim() === '' || showInvisible(name) !== name)) {
    throw invalidMetadata(`client_name has characters that cannot be seen: ${shorten(showInvisible(name))}.`);
  }
}

/** All that is registered of a client, RFC 7591 §3.2.1. */
export function toMetadata(client: ClientConfig): Record<string, unknown> {
  const usesCode = client.grant_types.includes('authorization_code');
  return {
    client_id: client.client_id,
    ...(client.client_secret === undefined
      ? {}
      : { client_secret: client.client_secret, client_secret_expires_at: 0 }),
    ...pick(client, SAME_NAMES),
    ...Object.fromEntries(Object.entries(OTHER_NAMES).map(([name, ours]) => [name, client[ours]])),
    response_types: usesCode ? ['code'] : [],
    application_type: client.app_type === 'native' ? 'native' : 'web',
    subject_type: 'public',
    id_token_signed_response_alg: client.id_token_signed_response_alg ?? 'RS256',
  };
}

/** How the metadata call what a finding of the configuration is about. */
export function metadataName(member: string): string {
  const other = Object.entries(OTHER_NAMES).find(([, ours]) => member.startsWith(ours));
  return other ? member.replace(other[1], other[0]) : member;
}

function pick(from: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

/** @throws Refusal with what was received and what was expected */
function read<S extends z.ZodType>(schema: S, value: Readonly<Record<string, unknown>>): z.output<S> {
  const defined = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
  const result = schema.safeParse(defined);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [member = '', ...inside] = issue?.path ?? [];
  const received = isJsonObject(value) ? value[String(member)] : undefined;
  const name = metadataName([member, ...inside].join('.'));
  throw invalidMetadata(`${name}: received ${shorten(received)}. ${issue?.message ?? ''}`.trim());
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
