// How the two profiles differ: Auth0's dialect, and the specifications as they are. One member per difference, with both values, and
// in `profile-differences` the sentences and sources that docs/reference/profiles.md is written of. Code never asks for a profile by its
// name: it asks `rulesOf(tenant, client)` for the rule at hand.
import {
  ASSERTION_ALGORITHMS,
  type ClientConfig,
  type DELIVERY_MODES,
  ID_TOKEN_ALGORITHMS,
  type Profile,
  profileOf,
} from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { AUTH0_DETAIL_LIMITS, type DetailLimits, STANDARD_DETAIL_LIMITS } from './detail-limits.ts';

type DeliveryMode = (typeof DELIVERY_MODES)[number];
type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];

export interface ProfileRules {
  readonly discovery: 'auth0' | 'standard';
  readonly errors: 'auth0' | 'standard';
  readonly refusesDetails: 'as ciba.errors says' | 'invalid_authorization_details';
  readonly takesJson: boolean;
  readonly challengesBasic: boolean;
  readonly deliveryModes: readonly DeliveryMode[];
  readonly isFirstPartyOnly: boolean;
  readonly admission: 'auth0' | 'standard';
  readonly refusesUnknownScopes: boolean;
  readonly readsResource: boolean;
  readonly holdsToTarget: boolean;
  readonly refusesUnknownAudiences: 'access_denied' | 'invalid_target';
  readonly redeemsLate: boolean;
  readonly tellsExpiry: 'access_denied' | 'expired_token';
  readonly clientAssertionAudience: 'issuer' | 'endpoints';
  readonly assertionAlgorithms: readonly string[];
  readonly isStrictOnAssertions: boolean;
  readonly takesSignedRequests: boolean;
  readonly accessTokenShape: 'of the API' | 'RFC 9068';
  readonly tellsAuthentication: boolean;
  readonly limitsRequestsPerPerson: boolean;
  readonly idTokenAlgorithms: readonly IdTokenAlgorithm[];
  readonly detailLimits: DetailLimits;
  readonly inspectsTokens: boolean;
  readonly detailsInBrowser: 'pushed' | 'any way';
  readonly asksForThirdParties: boolean;
  readonly requiresPkce: 'never' | 'of public clients';
  readonly takesPlainChallenges: boolean;
  readonly takesRequestObjects: boolean;
  readonly refusesOrganizations: boolean;
  readonly rotatesRefreshTokens: 'as the client says' | 'unless bound to a key';
  readonly narrowsDetails: boolean;
  readonly describesDetailTypes: boolean;
}

const PROFILES: Readonly<Record<Profile, ProfileRules>> = {
  auth0: {
    discovery: 'auth0',
    errors: 'auth0',
    refusesDetails: 'as ciba.errors says',
    takesJson: true,
    challengesBasic: false,
    deliveryModes: ['poll'],
    isFirstPartyOnly: true,
    admission: 'auth0',
    refusesUnknownScopes: false,
    readsResource: false,
    holdsToTarget: false,
    refusesUnknownAudiences: 'access_denied',
    redeemsLate: true,
    tellsExpiry: 'access_denied',
    clientAssertionAudience: 'endpoints',
    assertionAlgorithms: ['RS256', 'RS384', 'PS256'],
    isStrictOnAssertions: false,
    takesSignedRequests: false,
    accessTokenShape: 'of the API',
    tellsAuthentication: false,
    limitsRequestsPerPerson: true,
    idTokenAlgorithms: ['RS256'],
    detailLimits: AUTH0_DETAIL_LIMITS,
    inspectsTokens: false,
    detailsInBrowser: 'pushed',
    asksForThirdParties: false,
    requiresPkce: 'never',
    takesPlainChallenges: true,
    takesRequestObjects: false,
    refusesOrganizations: true,
    rotatesRefreshTokens: 'as the client says',
    narrowsDetails: false,
    describesDetailTypes: false,
  },
  standard: {
    discovery: 'standard',
    errors: 'standard',
    refusesDetails: 'invalid_authorization_details',
    takesJson: false,
    challengesBasic: true,
    deliveryModes: ['poll', 'ping', 'push'],
    isFirstPartyOnly: false,
    admission: 'standard',
    refusesUnknownScopes: true,
    readsResource: true,
    holdsToTarget: true,
    refusesUnknownAudiences: 'invalid_target',
    redeemsLate: false,
    tellsExpiry: 'expired_token',
    clientAssertionAudience: 'endpoints',
    assertionAlgorithms: ASSERTION_ALGORITHMS,
    isStrictOnAssertions: true,
    takesSignedRequests: true,
    accessTokenShape: 'RFC 9068',
    tellsAuthentication: true,
    limitsRequestsPerPerson: false,
    idTokenAlgorithms: ID_TOKEN_ALGORITHMS,
    detailLimits: STANDARD_DETAIL_LIMITS,
    inspectsTokens: true,
    detailsInBrowser: 'any way',
    asksForThirdParties: true,
    requiresPkce: 'of public clients',
    takesPlainChallenges: false,
    takesRequestObjects: true,
    refusesOrganizations: false,
    rotatesRefreshTokens: 'unless bound to a key',
    narrowsDetails: true,
    describesDetailTypes: true,
  },
};

/** The rules for a client; those of the tenant for nobody known. */
export function rulesOf(tenant: Pick<Tenant, 'config'>, client: ClientConfig | undefined): ProfileRules {
  return PROFILES[profileOf(tenant.config.tenant, client)];
}

/** Whether any client of the tenant is answered by the standards: what Auth0 lacks altogether exists only then. */
export function usesStandard(tenant: Tenant): boolean {
  const { config } = tenant;
  return (
    config.tenant.profile === 'standard' ||
    config.registration.enabled ||
    config.clients.some((client) => profileOf(config.tenant, client) === 'standard')
  );
}
