// What the standards have beyond Auth0: the two profiles, client metadata as registered (RFC 7591, CIBA Core §4, RFC 8705 §2,
// RFC 9449 §5.2, RFC 9126 §6, RFC 9101 §10.5, RFC 9396 §10), and registration. All of it may be left out, which leaves a tenant as Auth0's.
import { z } from 'zod';
import {
  ASSERTION_ALGORITHMS,
  DELIVERY_MODES,
  ID_TOKEN_ALGORITHMS,
  PROFILE_NAMES,
  REQUEST_ALGORITHMS,
} from './tenant-words.ts';

export const profileSchema = z.enum(PROFILE_NAMES);

const flag = (description: string) => z.boolean().optional().describe(description);
const certificateName = (what: string) =>
  z.string().min(1).optional().describe(`${what} of the certificate, for \`tls_client_auth\`.`);

/** Members of a client. None has a default, so that a client of Auth0 is written without any of them. */
export const standardClientMembers = {
  profile: profileSchema
    .optional()
    .describe('How this client is answered. Left out, as `tenant.profile` says.'),
  fapi_ciba: flag(
    'Hold this client to FAPI-CIBA: signed requests, PS256 or ES256, `private_key_jwt` or a certificate, tokens bound to the client, no push. Needs the profile `standard`.',
  ),
  jwks_uri: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the public keys are, in place of `jwks`.'),
  token_endpoint_auth_signing_alg: z
    .enum(ASSERTION_ALGORITHMS)
    .optional()
    .describe('The only algorithm of its assertions. Left out, any that the server takes.'),
  id_token_signed_response_alg: z
    .enum(ID_TOKEN_ALGORITHMS)
    .optional()
    .describe('What its ID tokens are signed with. Left out: RS256.'),
  backchannel_token_delivery_mode: z
    .enum(DELIVERY_MODES)
    .optional()
    .describe('How it gets the answer. Left out: `poll`, the only one of Auth0.'),
  backchannel_client_notification_endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where `ping` and `push` call it. https, or http at a host that `ciba.notification_hosts` names.',
    ),
  backchannel_authentication_request_signing_alg: z
    .enum(REQUEST_ALGORITHMS)
    .optional()
    .describe('It must sign its requests, with this algorithm.'),
  backchannel_user_code_parameter: flag('It asks people for their user code and sends it.'),
  tls_client_auth_subject_dn: certificateName('Subject (RFC 4514)'),
  tls_client_auth_san_dns: certificateName('DNS name'),
  tls_client_auth_san_uri: certificateName('URI'),
  tls_client_auth_san_ip: certificateName('IP address'),
  tls_client_auth_san_email: certificateName('E-mail address'),
  tls_client_certificate_bound_access_tokens: flag(
    'Its access tokens are bound to the certificate with which it asks for them.',
  ),
  dpop_bound_access_tokens: flag('It must prove its key (DPoP) when it asks for tokens.'),
  require_pushed_authorization_requests: flag('/authorize takes its requests only when they were pushed.'),
  require_signed_request_object: flag('/authorize takes its requests only when they are signed.'),
  resource_server_identifier: z
    .string()
    .min(1)
    .optional()
    .describe('Identifier of the API that this client is: it may introspect the tokens of that API.'),
  authorization_details_types: z
    .array(z.string().min(1))
    .optional()
    .describe('The only types of authorization details it may ask for. Left out, those of the API.'),
} as const;

/** Members of `tenant`. */
export const standardTenantMembers = {
  profile: profileSchema
    .default('auth0')
    .describe(
      '`auth0` answers as Auth0 does, `standard` as the specifications say. A client may differ: `clients[].profile`.',
    ),
  client_assertion_audience: z
    .enum(['issuer', 'endpoints'])
    .optional()
    .describe(
      'Whom a client assertion must be addressed to: `issuer` alone, or also the endpoint that it is sent to. Left out, as the profile says.',
    ),
  acr_values_supported: z
    .array(z.string().regex(/^\S+$/, 'expected a value without white space'))
    .min(1)
    .max(2)
    .optional()
    .describe(
      'Names of how sure an approval is, weakest first: answered by the person at all, and answered with a passkey. Left out: `urn:assent:acr:answered` and `phr`.',
    ),
  dpop_nonce: z
    .boolean()
    .optional()
    .describe('Ask for a nonce of the server in each DPoP proof. Left out: no.'),
} as const;

export const registrationSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Let programs register themselves as clients.'),
    initial_access_token: z
      .string()
      .min(16)
      .optional()
      .describe('Whoever registers must show it. Left out, anybody may who reaches the server.'),
  })
  .describe('Dynamic client registration. Clients come in the profile `standard`.');
