// JSON Schema 2020-12 as authorization details are checked by it. Each schema is compiled apart, so that none can refer to
// another, and its patterns run on an engine whose time grows with the text alone: neither a tenant file nor a client can
// find a pair of pattern and text that keeps the server busy.
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';

/** What is wrong with a value, one sentence per finding. */
export type SchemaCheck = (value: unknown) => string[];

type Schema = Readonly<Record<string, unknown>>;

export interface SchemaInspection {
  /** Why the schema cannot be used. */
  unusable?: string;
  /** Formats that would not be checked, each with the JSON Pointer to the place that names it. */
  ignoredFormats: ReadonlyArray<{ format: string; pointer: string }>;
  knownFormats: readonly string[];
}

/** How Ajv says that it will not check a format; the second part is a JSON Pointer. */
const IGNORED_FORMAT = /^unknown format "(?<format>.*)" ignored in schema at path ".*?#(?<pointer>.*)"$/;

/** @throws for a schema that `inspectSchema` finds unusable */
export function compileSchema(schema: Schema): SchemaCheck {
  const validate = createAjv({ allErrors: true }).compile(schema);
  return (value) => {
    // A schema with `$async` would answer with a promise, which is not a yes. Such a tenant file does not start.
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
      const which = typeof name === 'string' ? `: "${name.slice(0, 60)}"` : '';
      return `${instancePath || '/'} ${message ?? 'is invalid'}${which}`;
    });
  };
}

/** Whether a schema will check what it says. */
export function inspectSchema(schema: Schema): SchemaInspection {
  const warnings = new Set<string>();
  const logger = {
    log: () => undefined,
    warn: (text: string) => warnings.add(text),
    error: () => undefined,
  };
  const ajv = createAjv({ logger });
  const knownFormats = Object.keys(ajv.formats);
  try {
    ajv.compile(schema);
  } catch (error) {
    // Ajv lists every way in which the schema fails; the first one says enough.
    const [unusable = ''] = (error instanceof Error ? error.message : String(error)).split(', ');
    return { unusable, ignoredFormats: [], knownFormats };
  }
  // Ajv may come by a place more than once.
  const ignoredFormats = [...warnings].flatMap((warning) => {
    const { format, pointer } = IGNORED_FORMAT.exec(warning)?.groups ?? {};
    return format === undefined || pointer === undefined ? [] : [{ format, pointer }];
  });
  return { ignoredFormats, knownFormats };
}

function createAjv(options: NonNullable<ConstructorParameters<typeof Ajv2020>[0]>): Ajv2020 {
  return formats.default(new Ajv2020({ strict: false, ...options, code: { regExp: linearPattern } }));
}

/**
 * The pattern on RE2's automaton. JSON Schema asks for a regular expression of JavaScript and advises to keep to what every
 * engine has (Core §6.4); look-around and back references, which need backtracking, are none of that.
 */
function linearPattern(pattern: string, flags: string): { test(text: string): boolean; toString(): string } {
  // First as what it claims to be: RE2 knows signs that JavaScript does not.
  new RegExp(pattern, flags);
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    // Ajv tells patterns apart by their text.
    return {
      test: (text) => compiled.matcher(text).find(),
      toString: () => `/${pattern}/${flags}`,
    };
  } catch (cause) {
    const [, why = String(cause)] = /error parsing regexp: (.*)/s.exec(String(cause)) ?? [];
    throw new Error(
      `the pattern ${JSON.stringify(pattern)} has what no engine checks in bounded time (${why.replaceAll(', ', '; ')}): do without look-around and back references and bound long texts by maxLength`,
      { cause },
    );
  }
}
// Ajv can also write code that runs elsewhere, and asks what the engine is called there. Nobody here does.
linearPattern.code = 'new RegExp';
