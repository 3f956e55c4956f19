// The configuration as a tenant file: what somebody would have written, without the members that say only what holds anyway.
// Reading the result gives the same configuration again.
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isSeq, type YAMLMap } from 'yaml';
import { z } from 'zod';
import {
  TENANT_LIST_NAMES,
  type TenantConfig,
  type TenantConfigInput,
  tenantConfigSchema,
} from '../contract/index.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';

/** Members that let their reader in: of the tenant, and of the providers that tools set up for it. */
const SECRETS = new Set([
  ...['client_secret', 'signing_secret', 'password', 'signing_keys'],
  ...['user_code', 'initial_access_token'],
  ...['p12', 'server_key', 'server_credentials', 'aws_secret_access_key', 'auth_token', 'skey'],
]);

export interface ExportOptions {
  /** False leaves out secrets; a file without them has mistakes to be filled in. */
  secrets: boolean;
}

export function toTenantFile(config: TenantConfig, { secrets }: ExportOptions): TenantConfigInput {
  const schema = z.toJSONSchema(tenantConfigSchema, { io: 'input' }) as JsonObject;
  const pruned = withoutDefaults(config, schema);
  const { $schema: _schema, ...file } = isJsonObject(pruned) ? pruned : {};
  return (secrets ? file : withoutSecrets(file)) as TenantConfigInput;
}

/**
 * As YAML, with a comment at everything that is not as the server was started with.
 *
 * @param start what the server was started with
 */
export function formatTenantFile(config: TenantConfig, start: TenantConfig, options: ExportOptions): string {
  const now = toTenantFile(config, options);
  const then = toTenantFile(start, options) as JsonObject;
  const document = new Document(now);
  if (isMap(document.contents)) {
    for (const { key, value } of document.contents.items) {
      const name = String(isScalarLike(key) ? key.value : key);
      markChanges(name, value, (now as JsonObject)[name], then[name], document.contents);
    }
  }
  return document.toString({ lineWidth: 100 });
}

const MARK = ' not as at the start';

function markChanges(name: string, node: unknown, now: unknown, then: unknown, parent: YAMLMap): void {
  if (isDeepStrictEqual(now, then)) return;
  const names = TENANT_LIST_NAMES[name];
  if (names && isSeq(node) && Array.isArray(now)) {
    const earlier = Array.isArray(then) ? then : [];
    for (const [place, item] of node.items.entries()) {
      const isKnown = earlier.some((one) => isDeepStrictEqual(one, now[place]));
      if (!isKnown && isMap(item)) item.commentBefore = MARK;
    }
    return;
  }
  const pair = parent.items.find(({ key }) => String(isScalarLike(key) ? key.value : key) === name);
  if (pair && isScalarLike(pair.key)) pair.key.commentBefore = MARK;
}

function isScalarLike(node: unknown): node is { value: unknown; commentBefore?: string | null } {
  return typeof node === 'object' && node !== null && 'value' in node;
}

/**
 * What `base` becomes when `change` is laid over it: things with the same name are replaced member by member, lists without
 * names and single values as a whole.
 */
export function mergeTenantFiles(base: JsonObject, change: JsonObject): JsonObject {
  // Not written member by member: `__proto__` is a name like any other.
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    const earlier = merged.get(key);
    const names = Object.hasOwn(TENANT_LIST_NAMES, key) ? TENANT_LIST_NAMES[key] : undefined;
    if (names && Array.isArray(value) && Array.isArray(earlier))
      merged.set(key, mergeNamed(earlier, value, names));
    else if (isJsonObject(value) && isJsonObject(earlier)) merged.set(key, mergeTenantFiles(earlier, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function mergeNamed(
  base: readonly unknown[],
  change: readonly unknown[],
  names: readonly string[],
): unknown[] {
  const nameOf = (thing: unknown): string =>
    JSON.stringify(
      names.map((name) => (isJsonObject(thing) ? (thing[name] ?? DEFAULT_NAMES[name]) : undefined)),
    );
  const merged = new Map(base.map((thing) => [nameOf(thing), thing]));
  for (const thing of change) {
    const earlier = merged.get(nameOf(thing));
    merged.set(
      nameOf(thing),
      isJsonObject(thing) && isJsonObject(earlier) ? mergeTenantFiles(earlier, thing) : thing,
    );
  }
  return [...merged.values()];
}

/** Parts of names that a file may leave out. */
const DEFAULT_NAMES: Readonly<Record<string, string>> = { subject_type: 'client' };

/** `value` without the members that the schema would fill in. */
function withoutDefaults(value: unknown, schema: JsonObject): unknown {
  if (Array.isArray(value)) {
    const items = isJsonObject(schema['items']) ? schema['items'] : {};
    return value.map((item) => withoutDefaults(item, items));
  }
  const properties = schema['properties'];
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const property = properties[name];
      if (!isJsonObject(property)) return [[name, member]];
      const rest = withoutDefaults(member, property);
      const usual = property['default'];
      const isUsual =
        usual !== undefined &&
        (isDeepStrictEqual(rest, usual) || isDeepStrictEqual(rest, withoutDefaults(usual, property)));
      return isUsual && !required.includes(name) ? [] : [[name, rest]];
    }),
  );
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      SECRETS.has(name) ? [] : [[name, withoutSecrets(member)]],
    ),
  );
}
