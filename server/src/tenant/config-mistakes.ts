// Turns what is wrong with a tenant into lines that a person can act on. Pure: the caller read the file and knows where
// each member stands.
import { z } from 'zod';
import { type TenantConfig, tenantConfigSchema } from '../contract/index.ts';
import { findNearest } from '../nearest.ts';
import { readOutline } from './config-outline.ts';
import { type ConfigMistake, type ConfigPath, formatConfigPath } from './config-path.ts';
import { findReferenceMistakes } from './config-references.ts';

/** Where the configuration was read from. */
export interface ConfigSource {
  /** Name shown in each line: `assent.yaml`. */
  name: string;
  /** Line and column, from 1, of a member's value, or of its name. Undefined where nothing was read from a file. */
  locate?: (path: ConfigPath, part: 'name' | 'value') => { line: number; column: number } | undefined;
}

/** Names from other places that lead to a member here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  apis: 'resource_servers',
  audiences: 'resource_servers',
  applications: 'clients',
  apps: 'clients',
  people: 'users',
  persons: 'users',
  redirect_uris: 'callbacks',
  post_logout_redirect_uris: 'allowed_logout_urls',
};

/** A longer list of choices would hide what is wrong. */
const MOST_CHOICES = 6;

/** Nobody reads more at once, and the first ones say what is wrong with the others. */
const MOST_MISTAKES = 100;

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'members with names',
  record: 'members with names',
};

/** One line for every mistake, in the order of the file; empty when `input` is a usable tenant. */
export function explainConfigIssues(input: unknown, source: ConfigSource): string[] {
  return inspectConfig(input, source).findings;
}

/** The same, and what the schema made of `input`: a tenant where there are no findings. */
export function inspectConfig(
  input: unknown,
  source: ConfigSource,
): { findings: string[]; config: TenantConfig | undefined } {
  // Code that is made for a schema pays off when it runs often; a start reads a tenant once.
  const { error, data: config } = tenantConfigSchema.safeParse(input, { jitless: true });
  return { findings: explainIssues(error?.issues ?? [], input, source), config };
}

function explainIssues(issues: readonly z.core.$ZodIssue[], input: unknown, source: ConfigSource): string[] {
  const outline = readOutline(input);
  const mistakes = [
    ...issues.slice(0, MOST_MISTAKES).flatMap((issue) => explainIssue(issue, input)),
    ...(outline ? findReferenceMistakes(outline) : []).slice(0, MOST_MISTAKES),
  ];
  return mistakes
    .map((mistake) => ({ mistake, place: source.locate?.(mistake.path, partOf(mistake)) }))
    .sort(
      (a, b) =>
        (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    )
    .map(({ mistake, place }) => {
      const where = place ? `${source.name}:${place.line}:${place.column}` : source.name;
      return `${where}  ${formatConfigPath(mistake.path)}  ${mistake.text}`;
    });
}

function partOf(mistake: ConfigMistake): 'name' | 'value' {
  return mistake.concernsName ? 'name' : 'value';
}

function explainIssue(issue: z.core.$ZodIssue, input: unknown): ConfigMistake[] {
  const path = issue.path.filter((segment) => typeof segment !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = membersAt(path);
    return issue.keys.slice(0, MOST_MISTAKES).map((key) => ({
      path: [...path, key],
      concernsName: true,
      text: explainUnknownMember(key, known),
    }));
  }
  const value = valueAt(input, path);
  const expected = expectationOf(issue);
  if (value === undefined) return [{ path, text: `is missing, expected ${expected}.` }];
  const advice = issue.code === 'invalid_value' ? adviceFor(value, issue.values.map(String)) : '';
  return [{ path, text: `received ${describeValue(value, path)}, expected ${expected}.${advice}` }];
}

function explainUnknownMember(key: string, known: readonly string[]): string {
  const synonym = SYNONYMS[key];
  const guess = synonym !== undefined && known.includes(synonym) ? synonym : findNearest(key, known);
  if (guess !== undefined) return `is not a member here. Did you mean "${guess}"?`;
  return `is not a member here, expected ${known.length === 0 ? 'none' : `one of ${known.join(', ')}`}.`;
}

function adviceFor(value: unknown, candidates: readonly string[]): string {
  const guess = typeof value === 'string' ? findNearest(value, candidates) : undefined;
  return guess === undefined ? '' : ` Did you mean "${guess}"?`;
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map((value) => JSON.stringify(value)));
    case 'too_small':
      return boundOf(issue.origin, issue.minimum, issue.inclusive ?? true, 'at least', 'more than');
    case 'too_big':
      return boundOf(issue.origin, issue.maximum, issue.inclusive ?? true, 'at most', 'less than');
    case 'invalid_union':
      return oneOf(issue.errors.flat().map(expectationOf));
    default:
      return issue.message.replace(/^expected /, '');
  }
}

function oneOf(choices: readonly string[]): string {
  const [only, ...others] = choices;
  if (others.length === 0) return String(only);
  const shown = choices.length > MOST_CHOICES ? choices.slice(0, MOST_CHOICES) : choices;
  const rest = choices.length - shown.length;
  return `one of ${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`;
}

function boundOf(
  origin: string,
  bound: number | bigint,
  isInclusive: boolean,
  inclusiveWord: string,
  exclusiveWord: string,
): string {
  if (origin === 'string' && bound === 1 && inclusiveWord === 'at least') return 'text that is not empty';
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
  return `${isInclusive ? inclusiveWord : exclusiveWord} ${bound}${unit}`;
}

/** What was received, short enough for one line. Never a secret: terminals and CI logs are read by others. */
function describeValue(value: unknown, path: ConfigPath): string {
  const isSecret = /secret|password|signing_keys|jwks/.test(path.join('.'));
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'members with names';
  if (isSecret) return typeof value === 'string' ? `text of ${value.length} characters` : `a ${typeof value}`;
  // JSON has no word for infinity, nor for the BigInt of a program.
  const shown = (typeof value === 'string' && JSON.stringify(value)) || String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…"` : shown;
}

function valueAt(input: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, segment) : undefined,
    input,
  );
}

const schemaNode = z.object({
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional().catch(undefined);
  },
  get additionalProperties() {
    return schemaNode.optional().catch(undefined);
  },
});

let knownMembers: z.output<typeof schemaNode> | undefined;

/** Names that the schema knows under `path`. */
function membersAt(path: ConfigPath): string[] {
  // Made at the first mistake, once: that takes longer than everything else here.
  knownMembers ??= schemaNode.parse(z.toJSONSchema(tenantConfigSchema, { io: 'input' }));
  let node: typeof knownMembers | undefined = knownMembers;
  for (const segment of path) {
    node =
      typeof segment === 'number' ? node?.items : (node?.properties?.[segment] ?? node?.additionalProperties);
  }
  return Object.keys(node?.properties ?? {}).filter((name) => name !== '$schema');
}
