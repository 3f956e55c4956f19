// The rules for `authorization_details`: what Auth0 limits, what the API registered, and what its JSON Schema says.
// auth0: Configure Rich Authorization Requests. The objects themselves are never changed.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {
  AUTH0_DETAIL_TYPE_PREFIX,
  type AuthorizationDetail,
  type ClientGrantConfig,
  type ResourceServerConfig,
  type TenantConfig,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { parseExactJson } from './exact-json.ts';
import { Refusal } from './refusal.ts';

/** auth0: Configure Rich Authorization Requests, limits: objects, properties of one, levels, and bytes of all. */
export const DETAIL_LIMITS = { objects: 5, properties: 10, depth: 5, bytes: 5_120 } as const;
const LONGEST_TEXT = 255;
const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,255}$/;
/** Names that programs take for something else than data, and that some of them would lose. */
const RISKY_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
/** Names that JavaScript moves to the front: carrying them would change the order that was approved. */
const MOVING_NAME = /^(0|[1-9]\d{0,9})$/;
/** RFC 9396 §2.2: common fields and what they hold. */
const TEXT_LIST_FIELDS = ['locations', 'actions', 'datatypes', 'privileges'] as const;

export interface DetailsRules {
  config: TenantConfig;
  resourceServer: ResourceServerConfig | undefined;
  /** The client's grant at this API, where the API requires one. */
  clientGrant: ClientGrantConfig | undefined;
}

/** Checks `authorization_details` against JSON Schemas; each compiled once and apart, so that none can refer to another. */
export class DetailSchemas {
  readonly #compiled = new WeakMap<object, ValidateFunction>();

  /** What is wrong with `detail`, one sentence per finding. */
  findings(schema: Record<string, unknown> | boolean, detail: AuthorizationDetail): string[] {
    if (typeof schema === 'boolean') return schema ? [] : ['this type accepts nothing'];
    let validate = this.#compiled.get(schema);
    if (!validate) {
      validate = formats.default(new Ajv2020({ allErrors: true, strict: false })).compile(schema);
      this.#compiled.set(schema, validate);
    }
    // A schema with `$async` would answer with a promise, which is not a yes. Such a tenant file does not start.
    if (validate(detail) === true) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || '/'} ${error.message ?? 'is invalid'}`,
    );
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
  const { config } = rules;
  const limits = (why: string): Refusal => {
    const answer = config.ciba.errors.authorization_details_limits;
    return new Refusal(answer.status, answer.error, `${answer.error_description}: ${why}`);
  };
  if (Buffer.byteLength(text) > DETAIL_LIMITS.bytes) throw limits(`more than ${DETAIL_LIMITS.bytes} bytes`);
  const entries = parseExactly(text, limits);
  if (!Array.isArray(entries)) throw limits('expected a JSON array of objects');
  if (entries.length === 0) throw limits('expected at least one object');
  const most = config.guardian.consumer === 'guardian-app' ? 1 : DETAIL_LIMITS.objects;
  if (entries.length > most) throw limits(`at most ${most}, received ${entries.length}`);
  return entries.map((entry: unknown, index) => {
    if (!isDetail(entry)) throw limits(`entry ${index} must be an object with a text member "type"`);
    checkLimits(entry, index, limits);
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

function checkLimits(detail: AuthorizationDetail, index: number, limits: (why: string) => Refusal): void {
  const visit = (value: unknown, depth: number, where: string): void => {
    if (depth > DETAIL_LIMITS.depth)
      throw limits(`${where} is nested more than ${DETAIL_LIMITS.depth} levels`);
    if (typeof value === 'string' && value.length > LONGEST_TEXT) {
      throw limits(`${where} has ${value.length} characters, at most ${LONGEST_TEXT}`);
    }
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((entry, at) => {
        visit(entry, depth + 1, `${where}/${at}`);
      });
      return;
    }
    const members = Object.entries(value);
    if (members.length > DETAIL_LIMITS.properties) {
      throw limits(`${where} has ${members.length} properties, at most ${DETAIL_LIMITS.properties}`);
    }
    for (const [name, member] of members) {
      if (!PROPERTY_NAME.test(name)) {
        throw limits(`${where} has a property "${name}"; names are letters, digits, "_", "." and "-"`);
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
    new Refusal(
      400,
      'invalid_authorization_details',
      `authorization_details entry ${index}: "${field}" must be ${expected}`,
    );
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
  const { config, resourceServer, clientGrant } = rules;
  const answer = config.ciba.errors.authorization_details_type;
  const refuse = (hint: string): Refusal =>
    new Refusal(answer.status, answer.error, answer.error_description, hint);
  const registered = resourceServer?.authorization_details.map((known) => known.type) ?? [];
  if (!registered.includes(detail.type)) {
    const where = resourceServer ? `API "${resourceServer.identifier}"` : 'request, which names no API';
    throw refuse(
      `entry ${index} has type "${detail.type}". Types of the ${where}: ${registered.join(', ') || 'none'}. Register the type on the API.`,
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
    throw new Refusal(
      400,
      'invalid_authorization_details',
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

function isDetail(entry: unknown): entry is AuthorizationDetail {
  return isJsonObject(entry) && typeof entry['type'] === 'string';
}
