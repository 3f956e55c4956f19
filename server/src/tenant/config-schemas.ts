// Whether a JSON Schema of the tenant will check what it says: compiled as the requests are, and asked what it would ignore.
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { namesInPointer } from '../json-pointer.ts';
import { findNearest } from '../nearest.ts';
import type { ConfigMistake, ConfigPath } from './config-path.ts';

/** How Ajv says that it will not check a format; the second part is a JSON Pointer. */
const IGNORED_FORMAT = /^unknown format "(?<format>.*)" ignored in schema at path ".*?#(?<pointer>.*)"$/;

export function findSchemaMistakes(
  path: ConfigPath,
  schema: Readonly<Record<string, unknown>>,
): ConfigMistake[] {
  if (schema['$async'] !== undefined)
    return [{ path: [...path, '$async'], text: 'is of Ajv and no part of JSON Schema. Leave it out.' }];
  const warnings = new Set<string>();
  const logger = {
    log: () => undefined,
    warn: (text: string) => warnings.add(text),
    error: () => undefined,
  };
  const ajv = formats.default(new Ajv2020({ strict: false, logger }));
  try {
    ajv.compile(schema);
  } catch (error) {
    // Ajv lists every way in which the schema fails; the first one says enough.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(', ');
    return [{ path, text: `expected a JSON Schema (2020-12), but ${reason}.` }];
  }
  // Ajv may come by a place more than once.
  return [...warnings].flatMap((warning) => {
    const { format, pointer } = IGNORED_FORMAT.exec(warning)?.groups ?? {};
    if (format === undefined || pointer === undefined) return [];
    const known = Object.keys(ajv.formats);
    const guess = findNearest(format, known);
    const advice =
      guess === undefined ? `one of ${known.join(', ')}.` : `a known format. Did you mean "${guess}"?`;
    return [
      {
        path: [...path, ...followPointer(schema, pointer), 'format'],
        text: `received "${format}", expected ${advice}`,
      },
    ];
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
