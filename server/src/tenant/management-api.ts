// The Management API seen as one of the tenant's APIs: tokens for it are asked for like any others.
// auth0: Management API access tokens.
import {
  MANAGEMENT_API,
  MANAGEMENT_SCOPES,
  type ResourceServerConfig,
  resourceServerSchema,
} from '../contract/index.ts';

/** @param issuer with a slash at the end */
export function managementApi(issuer: string): ResourceServerConfig {
  return resourceServerSchema.parse({
    identifier: MANAGEMENT_API.replace('{issuer}', issuer),
    name: 'Auth0 Management API',
    scopes: MANAGEMENT_SCOPES.map((value) => ({ value })),
    // auth0: a token of a person for this API only reads that person; not imitated.
    subject_type_authorization: { user: { policy: 'deny_all' } },
  });
}
