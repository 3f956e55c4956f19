// What a request with these authorization details would come to: the refusal, or the question as the approver reads it.
// Judged by the rules of a real one, with a client that may ask for every type of the API.
import { buildConsentView } from '../approvals/index.ts';
import type {
  ClientGrantConfig,
  ConsentPreview,
  ConsentPreviewInput,
  ResourceServerConfig,
} from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { DetailSchemas, parseAuthorizationDetails } from './authorization-details.ts';
import { rulesOf } from './profiles.ts';
import { Refusal } from './refusal.ts';

/** Whoever asks, where nobody is named. */
const NOBODY = 'An agent';

/** @returns undefined where the tenant has no such API */
export function previewConsent(tenant: Tenant, input: ConsentPreviewInput): ConsentPreview | undefined {
  const { authorization_details: text, client_name: clientName = NOBODY, scope } = input;
  const known = tenant.directory.resourceServer(input.audience);
  if (!known) return undefined;
  const resourceServer = withType(known, input);
  const measures = measure(text, tenant);
  try {
    const authorizationDetails = parseAuthorizationDetails(
      text,
      {
        config: tenant.config,
        client: undefined,
        resourceServer,
        clientGrant: grantOfAll(resourceServer),
      },
      new DetailSchemas(),
    );
    const consent = buildConsentView({
      clientName,
      scope: ['openid', ...scope],
      authorizationDetails,
      resourceServer,
    });
    return { consent, measures };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { error_description: finding, hint } = error;
    return { finding, ...(hint === undefined ? {} : { hint }), measures };
  }
}

function withType(api: ResourceServerConfig, { type }: ConsentPreviewInput): ResourceServerConfig {
  if (!type) return api;
  const others = api.authorization_details.filter((one) => one.type !== type.type);
  return { ...api, authorization_details: [...others, type] };
}

function grantOfAll(api: ResourceServerConfig): ClientGrantConfig {
  return {
    client_id: '',
    audience: api.identifier,
    scope: [],
    subject_type: 'user',
    authorization_details_types: api.authorization_details.map(({ type }) => type),
  };
}

function measure(text: string, tenant: Tenant): ConsentPreview['measures'] {
  const found = { properties: 0, depth: 0 };
  const visit = (value: unknown, depth: number): void => {
    found.depth = Math.max(found.depth, depth);
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) found.properties = Math.max(found.properties, Object.keys(value).length);
    for (const member of Object.values(value)) visit(member, depth + 1);
  };
  const entries = readList(text);
  for (const entry of entries) visit(entry, 0);
  const { objects, properties, depth, bytes } = rulesOf(tenant, undefined).detailLimits;
  const isForGuardianApp = tenant.config.guardian.consumer === 'guardian-app';
  return {
    objects: { is: entries.length, most: isForGuardianApp ? 1 : objects },
    properties: { is: found.properties, most: properties },
    depth: { is: found.depth, most: depth },
    bytes: { is: Buffer.byteLength(text), most: bytes },
  };
}

function readList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
