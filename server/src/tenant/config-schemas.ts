// Whether a JSON Schema of the tenant will check what it says: compiled as the requests are, and asked what it would ignore.
import { namesInPointer } from '../json-pointer.ts';
import { inspectSchema } from '../json-schema.ts';
import { findNearest } from '../nearest.ts';
import type { ConfigMistake, ConfigPath } from './config-path.ts';

export function findSchemaMistakes(
  path: ConfigPath,
  schema: Readonly<Record<string, unknown>>,
): ConfigMistake[] {
  if (schema['$async'] !== undefined)
    return [{ path: [...path, '$async'], text: 'is of Ajv and no part of JSON Schema. Leave it out.' }];
  const { unusable, ignoredFormats, knownFormats } = inspectSchema(schema);
  if (unusable !== undefined) return [{ path, text: `expected a JSON Schema (2020-12), but ${unusable}.` }];
  return ignoredFormats.map(({ format, pointer }) => {
    const guess = findNearest(format, knownFormats);
    const advice =
      guess === undefined ? `one of ${knownFormats.join(', ')}.` : `a known format. Did you mean "${guess}"?`;
    return {
      path: [...path, ...followPointer(schema, pointer), 'format'],
      text: `received "${format}", expected ${advice}`,
    };
  });
}

/** A pointer (RFC 6901 §6, as a fragment) as a path, in which places of lists are numbers. */
function followPointer(schema: unknown, pointer: string): ConfigPath {
  let value = schema;
  return namesInPointer(decodeURIComponent(pointer)).map((name) => {
    const segment = Array.isArray(value) ? Number(name) : name;
    value = typeof value === 'object' && value !== null ? Reflect.get(value, segment) : undefined;
    return segment;
  });
}
