// The rules for `authorization_details`: what a profile limits, what the API registered, and what its JSON Schema says.
// RFC 9396 §2 and §5; auth0: Configure Rich Authorization Requests. The objects themselves are never changed.
import {
  AUTH0_DETAIL_TYPE_PREFIX,
  type AuthorizationDetail,
  type ClientConfig,
  type ClientGrantConfig,
  type ResourceServerConfig,
  type TenantConfig,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { compileSchema, type SchemaCheck } from '../json-schema.ts';
import type { DetailLimits } from './detail-limits.ts';
import { parseExactJson } from './exact-json.ts';
import { rulesOf } from './profiles.ts';
import { Refusal } from './refusal.ts';

/** Names that programs take for something else than data, and that some of them would lose. */
const RISKY_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
/** Names that JavaScript moves to the front: carrying them would change the order that was approved. */
const MOVING_NAME = /^(0|[1-9]\d{0,9})$/;
/** RFC 9396 §2.2: common fields and what they hold. */
const TEXT_LIST_FIELDS = ['locations', 'actions', 'datatypes', 'privileges'] as const;

export interface DetailsRules {
  config: TenantConfig;
  /** Whoever asks; its profile has the limits, and its metadata may name the types. */
  client: ClientConfig | undefined;
  resourceServer: ResourceServerConfig | undefined;
  /** The client's grant at this API, where the API requires one. */
  clientGrant: ClientGrantConfig | undefined;
}

/** Checks `authorization_details` against JSON Schemas, each compiled once. */
export class DetailSchemas {
  readonly #compiled = new WeakMap<object, SchemaCheck>();

  /** What is wrong with `detail`, one sentence per finding. */
  findings(schema: Record<string, unknown> | boolean, detail: AuthorizationDetail): string[] {
    if (typeof schema === 'boolean') return schema ? [] : ['this type accepts nothing'];
    const check = this.#compiled.get(schema) ?? compileSchema(schema);
    this.#compiled.set(schema, check);
    return check(detail);
  }
}

/**
 * Parses and checks `authorization_details`. RFC 9396 §2 and §5; auth0: limits.
 * @throws Refusal naming the first entry and rule that is broken
 */
export function parseAuthorizationDetails(
  text: string,
  rules: DetailsRules,
  schemas: DetailSchemas,
): AuthorizationDetail[] {
  const { config, client } = rules;
  const { detailLimits: most, refusesDetails } = rulesOf(rules, client);
  const limits = (why: string): Refusal => {
    if (refusesDetails === 'invalid_authorization_details')
      return unusableDetails(`authorization_details: ${why}`);
    const answer = config.ciba.errors.authorization_details_limits;
    return new Refusal(answer.status, answer.error, `${answer.error_description}: ${why}`);
  };
  if (Buffer.byteLength(text) > most.bytes) throw limits(`more than ${most.bytes} bytes`);
  const entries = parseExactly(text, limits);
  if (!Array.isArray(entries)) throw limits('expected a JSON array of objects');
  if (entries.length === 0) throw limits('expected at least one object');
  const objects = config.guardian.consumer === 'guardian-app' ? 1 : most.objects;
  if (entries.length > objects) throw limits(`at most ${objects}, received ${entries.length}`);
  return entries.map((entry: unknown, index) => {
    if (!isDetail(entry)) throw limits(`entry ${index} must be an object with a text member "type"`);
    checkLimits(entry, index, most, limits);
    checkCommonFields(entry, index);
    checkType(entry, index, rules);
    checkSchema(entry, index, rules, schemas);
    return entry;
  });
}

function parseExactly(text: string, limits: (why: string) => Refusal): unknown {
  try {
    return parseExactJson(text, limits);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw limits('expected valid JSON');
  }
}

function checkLimits(
  detail: AuthorizationDetail,
  index: number,
  most: DetailLimits,
  limits: (why: string) => Refusal,
): void {
  const visit = (value: unknown, depth: number, where: string): void => {
    if (depth > most.depth) throw limits(`${where} is nested more than ${most.depth} levels`);
    if (typeof value === 'string' && value.length > most.text) {
      throw limits(`${where} has ${value.length} characters, at most ${most.text}`);
    }
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((entry, at) => {
        visit(entry, depth + 1, `${where}/${at}`);
      });
      return;
    }
    const members = Object.entries(value);
    if (members.length > most.properties) {
      throw limits(`${where} has ${members.length} properties, at most ${most.properties}`);
    }
    for (const [name, member] of members) {
      if (!most.name.test(name)) {
        throw limits(`${where} has a property "${name}"; ${most.nameRule}`);
      }
      if (RISKY_NAMES.has(name) || MOVING_NAME.test(name)) {
        throw limits(
          `${where} has a property "${name}", which cannot be carried unchanged; choose another name`,
        );
      }
      visit(member, depth + 1, `${where}/${name}`);
    }
  };
  visit(detail, 0, `entry ${index}`);
}

/** RFC 9396 §2.2. The provider insists on these when it makes the token; then it would be too late to say so. */
function checkCommonFields(detail: AuthorizationDetail, index: number): void {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const invalid = (field: string, expected: string): Refusal =>
    unusableDetails(`authorization_details entry ${index}: "${field}" must be ${expected}`);
  if (detail.type === '') throw invalid('type', 'a text that is not empty');
  for (const field of TEXT_LIST_FIELDS) {
    if (!Object.hasOwn(detail, field)) continue;
    const value = detail[field];
    if (!Array.isArray(value) || !value.every(isText))
      throw invalid(field, 'a list of texts that are not empty');
  }
  if (Object.hasOwn(detail, 'identifier') && !isText(detail['identifier'])) {
    throw invalid('identifier', 'a text that is not empty');
  }
}

function checkType(detail: AuthorizationDetail, index: number, rules: DetailsRules): void {
  const { config, client, resourceServer, clientGrant } = rules;
  const refuse = (hint: string): Refusal => {
    if (rulesOf(rules, client).refusesDetails === 'invalid_authorization_details')
      return unusableDetails(hint);
    const answer = config.ciba.errors.authorization_details_type;
    return new Refusal(answer.status, answer.error, answer.error_description, hint);
  };
  const registered = resourceServer?.authorization_details.map((known) => known.type) ?? [];
  if (!registered.includes(detail.type)) {
    const where = resourceServer ? `API "${resourceServer.identifier}"` : 'request, which names no API';
    throw refuse(
      `entry ${index} has type "${detail.type}". Types of the ${where}: ${registered.join(', ') || 'none'}. Register the type on the API.`,
    );
  }
  // RFC 9396 §10: a client that registered its types is held to them.
  const own = client?.authorization_details_types;
  if (own !== undefined && !own.includes(detail.type)) {
    throw refuse(
      `entry ${index} has type "${detail.type}". The client is registered for: ${own.join(', ') || 'none'}. Add it to authorization_details_types of the client.`,
    );
  }
  if (
    resourceServer?.subject_type_authorization.user.policy === 'require_client_grant' &&
    !clientGrant?.authorization_details_types.includes(detail.type)
  ) {
    throw refuse(`the client grant for "${resourceServer.identifier}" does not list type "${detail.type}"`);
  }
}

function checkSchema(
  detail: AuthorizationDetail,
  index: number,
  rules: DetailsRules,
  schemas: DetailSchemas,
): void {
  const { config, resourceServer } = rules;
  const schema = resourceServer?.authorization_details.find((known) => known.type === detail.type)?.schema;
  const findings = [
    ...(schema === undefined ? [] : schemas.findings(schema, detail)),
    ...(config.guardian.consumer === 'guardian-app' ? guardianFindings(detail) : []),
  ];
  if (findings.length > 0) {
    // RFC 9396 §5: unknown fields, wrong types or invalid values are `invalid_authorization_details`.
    throw unusableDetails(
      `authorization_details entry ${index} of type "${detail.type}" is invalid: ${findings.join('; ')}`,
    );
  }
}

/** auth0: Configure Rich Authorization Requests, schema for the Guardian app. */
function guardianFindings(detail: AuthorizationDetail): string[] {
  if (!detail.type.startsWith(AUTH0_DETAIL_TYPE_PREFIX)) {
    return [`the Guardian app shows only types that start with ${AUTH0_DETAIL_TYPE_PREFIX}`];
  }
  const findings: string[] = [];
  if (typeof detail['instruction'] !== 'string') findings.push('/instruction must be text');
  const properties = detail['properties'];
  if (!isJsonObject(properties)) return [...findings, '/properties must be an object'];
  for (const [key, property] of Object.entries(properties)) {
    const members = isJsonObject(property) ? property : {};
    if (typeof members['display'] !== 'boolean')
      findings.push(`/properties/${key}/display must be true or false`);
    if (!['string', 'number', 'boolean'].includes(typeof members['value'])) {
      findings.push(`/properties/${key}/value must be text, a number, true or false`);
    }
  }
  return findings;
}

/** RFC 9396 §5. */
export function unusableDetails(description: string, hint?: string): Refusal {
  return new Refusal(400, 'invalid_authorization_details', description, hint);
}

function isDetail(entry: unknown): entry is AuthorizationDetail {
  return isJsonObject(entry) && typeof entry['type'] === 'string';
}
