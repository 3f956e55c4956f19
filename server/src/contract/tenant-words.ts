// Words and values that tenant files and the code that reads them go by, without the schemas: whoever needs a word does not load those.
import type { QuickAnswersInput } from './quick-answers.ts';

export const PROFILE_NAMES = ['auth0', 'standard'] as const;
export type Profile = (typeof PROFILE_NAMES)[number];

/** The profile that a client is answered in: its own, else that of its tenant. */
export function profileOf(
  tenant: { profile: Profile },
  client: { profile?: Profile | undefined } | undefined,
): Profile {
  return client?.profile ?? tenant.profile;
}

/** The CIBA grant type. CIBA Core §10.1. */
export const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba';

/** The grant type of the device flow. RFC 8628 §3.4. */
export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Grant types that this server answers. */
export const IMITATED_GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  CIBA_GRANT_TYPE,
  DEVICE_GRANT_TYPE,
] as const;

/** CIBA Core §5. */
export const DELIVERY_MODES = ['poll', 'ping', 'push'] as const;

/** Ways by which a client may prove itself. RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2. */
export const CLIENT_AUTHENTICATION_METHODS = [
  'client_secret_post',
  'client_secret_basic',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const;

/** RFC 7518 §3.1 and RFC 8037 §3.1: what an ID token may be signed with. */
export const ID_TOKEN_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** CIBA Core §7.1.1: signed requests are signed asymmetrically. */
export const REQUEST_ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'RS256'] as const;

/** What a client assertion may be signed with; the first three are Auth0's, the last one is of a shared secret. */
export const ASSERTION_ALGORITHMS = ['RS256', 'RS384', 'PS256', 'ES256', 'EdDSA', 'HS256'] as const;

/** FAPI-CIBA §7.10, FAPI 1.0 Advanced §8.6: for requests, assertions and ID tokens alike. */
export const FAPI_ALGORITHMS = ['PS256', 'ES256'] as const;

/** RFC 8705 §2.1.2: exactly one of them names the certificate of a `tls_client_auth` client. */
export const CERTIFICATE_SUBJECT_MEMBERS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const;

/** Types under this prefix follow Auth0's own consent schema. auth0: Configure Rich Authorization Requests. */
export const AUTH0_DETAIL_TYPE_PREFIX = 'urn:auth0:schemas:authorization-details:v1:';

/** An amount, with or without its currency. Decimal, so that no amount is rounded before it is compared. */
export const AMOUNT_BOUND = /^(?<amount>\d{1,30}(?:\.\d{1,30})?)(?: ?(?<currency>[A-Za-z]{1,16}))?$/;

/**
 * What `--quick-answers` and `quickAnswers: true` ask for. Who polls at once waits in the held poll, who waits first does so
 * for one interval. Four seconds are less than every time-out known of an SDK: five seconds of `auth0-python` and of
 * `@auth0/nextjs-auth0`, ten of `auth0` and what is built on it, thirty of `openid-client`.
 */
export const QUICK_ANSWERS: Readonly<Required<QuickAnswersInput>> = Object.freeze({
  interval: 0.05,
  held_poll: 4,
});

/** For a request that asks for none by name. */
export const DEFAULT_ACR_VALUES = ['urn:assent:acr:answered', 'phr'] as const;

/** A client as far as it says whether it needs a certificate. */
export interface CertificateNeeds {
  readonly token_endpoint_auth_method?: string | undefined;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  readonly fapi_ciba?: boolean | undefined;
}

/** RFC 8705 §2. */
export const MUTUAL_TLS_METHODS: readonly string[] = ['tls_client_auth', 'self_signed_tls_client_auth'];

/** Whether access tokens of a client are bound to its certificate, RFC 8705 §3. FAPI-CIBA §5.2.2 wants that, said or not. */
export function hasCertificateBoundTokens(client: CertificateNeeds): boolean {
  return client.tls_client_certificate_bound_access_tokens === true || client.fapi_ciba === true;
}

export function needsCertificate(client: CertificateNeeds): boolean {
  return (
    MUTUAL_TLS_METHODS.includes(client.token_endpoint_auth_method ?? '') || hasCertificateBoundTokens(client)
  );
}
