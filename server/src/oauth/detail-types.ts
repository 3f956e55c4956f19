// What clients can learn of the types of authorization details: their names in the discovery document (RFC 9396 §10), and what an
// object of each looks like at an endpoint of its own (draft-ietf-oauth-rar-metadata-remediation, Authorization Details Types
// Metadata Endpoint).
import { isDeepStrictEqual } from 'node:util';
import type { AuthorizationDetailTypeConfig } from '../contract/index.ts';
import type { DescribedTenant } from './discovery.ts';

export const DETAIL_TYPES_PATH = '/oauth/authorization-details-types';

interface KnownType {
  audience: string;
  config: AuthorizationDetailTypeConfig;
}

/** Types that can be asked for at some API. The provider has them for life: with others it is made anew. */
export function namesOfDetailTypes(tenant: DescribedTenant): string[] {
  return [...new Set(knownTypes(tenant).map(({ config }) => config.type))].sort();
}

/** Members of the discovery document of the profile `standard`. */
export function detailTypesMetadata(tenant: DescribedTenant): Record<string, unknown> {
  return {
    authorization_details_types_supported: namesOfDetailTypes(tenant),
    authorization_details_types_metadata_endpoint: new URL(DETAIL_TYPES_PATH, tenant.issuer).href,
  };
}

/** By type: what it is called and for, at which APIs it may be asked for, and the JSON Schema of one object. */
export function describeDetailTypes(tenant: DescribedTenant): Record<string, unknown> {
  const known = knownTypes(tenant);
  return Object.fromEntries(
    namesOfDetailTypes(tenant).map((type) => {
      const ofType = known.filter(({ config }) => config.type === type);
      const first = (member: 'name' | 'description') => {
        const [found] = ofType.flatMap(({ config }) => config[member] ?? []);
        return found === undefined ? {} : { [member]: found };
      };
      return [
        type,
        {
          ...first('name'),
          ...first('description'),
          audiences: ofType.map(({ audience }) => audience),
          schema: schemaOf(type, ofType),
        },
      ];
    }),
  );
}

function knownTypes(tenant: DescribedTenant): KnownType[] {
  return tenant.directory.resourceServers().flatMap((api) =>
    api.authorization_details
      // Such a type accepts nothing.
      .filter(({ schema }) => schema !== false)
      .map((config) => ({ audience: api.identifier, config })),
  );
}

/** RFC 9396 §2.2: what the common fields hold, whatever a type says. */
const TEXTS = { type: 'array', items: { type: 'string', minLength: 1 } };

function schemaOf(type: string, known: readonly KnownType[]): Record<string, unknown> {
  const own = known.map(({ config }) => config.schema ?? true);
  const different = own.filter((schema, at) => own.findIndex((one) => isDeepStrictEqual(one, schema)) === at);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['type'],
    properties: {
      type: { const: type },
      locations: TEXTS,
      actions: TEXTS,
      datatypes: TEXTS,
      privileges: TEXTS,
      identifier: { type: 'string', minLength: 1 },
    },
    // At another API the same type may be another thing.
    ...(different.includes(true) ? {} : different.length === 1 ? { allOf: different } : { anyOf: different }),
  };
}
