// JSON Schema → Markdown: one table for each object, its nested objects after it.
import { z } from 'zod';

/** The part of JSON Schema that zod writes for our shapes. */
const schemaNode = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  format: z.string().optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), schemaNode]).optional();
  },
  get anyOf() {
    return z.array(schemaNode).optional();
  },
  get oneOf() {
    return z.array(schemaNode).optional();
  },
});
export type SchemaNode = z.output<typeof schemaNode>;

/** @param io `input` for what people write, `output` for what the server sends */
export function describeSchema(schema: z.ZodType, io: 'input' | 'output'): SchemaNode {
  return schemaNode.parse(z.toJSONSchema(schema, { io }));
}

export interface Section {
  /** `clients[].refresh_token` */
  path: string;
  node: SchemaNode;
}

/** The object at `node` and every object under it, outermost first; of a choice that a member decides, each. */
export function listSections(path: string, node: SchemaNode): Section[] {
  const properties = Object.entries(node.properties ?? {});
  return [
    { path, node },
    ...properties.flatMap(([name, member]) => {
      const full = `${path === '' ? '' : `${path}.`}${name}`;
      const inner = objectWithin(member);
      if (inner) return listSections(`${full}${inner.suffix}`, inner.node);
      const tag = tagOf(member);
      return (tag === undefined ? [] : (member.oneOf ?? [])).flatMap((variant) =>
        listSections(`${full}, ${tag}: ${JSON.stringify(variant.properties?.[tag ?? '']?.const)}`, variant),
      );
    }),
  ];
}

/** The member that tells the variants of a choice apart; undefined for what is no such choice. */
function tagOf({ oneOf: [first, ...others] = [] }: SchemaNode): string | undefined {
  const names = Object.keys(first?.properties ?? {});
  return names.find((name) =>
    [first, ...others].every((variant) => variant?.properties?.[name]?.const !== undefined),
  );
}

function objectWithin(node: SchemaNode): { node: SchemaNode; suffix: string } | undefined {
  if (hasMembers(node)) return { node, suffix: '' };
  if (node.items && hasMembers(node.items)) return { node: node.items, suffix: '[]' };
  const { additionalProperties: any } = node;
  if (typeof any === 'object' && hasMembers(any)) return { node: any, suffix: '.*' };
  return undefined;
}

function hasMembers(node: SchemaNode): boolean {
  return Object.keys(node.properties ?? {}).length > 0;
}

/** One more column of a table of members. */
export interface MemberColumn {
  head: string;
  of(name: string): string;
}

/** A table of the members of an object. */
export function formatMembers(node: SchemaNode, io: 'input' | 'output', more?: MemberColumn): string {
  const rows = Object.entries(node.properties ?? {})
    .filter(([name]) => name !== '$schema')
    .map(([name, member]) => [
      `\`${name}\``,
      formatType(member),
      formatPresence(member, node.required?.includes(name) ?? false, io),
      [member.description, member.items?.description].filter(Boolean).join(' '),
      ...(more === undefined ? [] : [more.of(name)]),
    ]);
  const head = ['Member', 'Type', io === 'input' ? 'Default' : 'Present', 'Meaning'];
  return formatTable(more === undefined ? head : [...head, more.head], rows);
}

function formatPresence(node: SchemaNode, isRequired: boolean, io: 'input' | 'output'): string {
  if (io === 'output') return isRequired ? 'always' : 'sometimes';
  if (node.default !== undefined && !hasMembers(node)) return `\`${JSON.stringify(node.default)}\``;
  return isRequired ? '**required**' : '';
}

export function formatTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function formatType(node: SchemaNode): string {
  const choices = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  if (choices) return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(' | ');
  const tag = tagOf(node);
  if (tag !== undefined) {
    const tags = (node.oneOf ?? []).map(
      (variant) => `\`${JSON.stringify(variant.properties?.[tag]?.const)}\``,
    );
    return `members by \`${tag}\`: ${tags.join(' | ')}`;
  }
  const variants = node.anyOf ?? node.oneOf;
  if (variants) return variants.map(formatType).join(' | ');
  if (node.items) return `list of ${formatType(node.items)}`;
  if (node.type === 'object') return isRecord(node) ? 'members with any name' : 'members';
  const range = formatRange(node);
  const word = Array.isArray(node.type)
    ? node.type.join(' | ')
    : (TYPE_WORDS[node.type ?? ''] ?? node.type ?? 'anything');
  return node.format === 'date-time' ? 'date and time' : `${word}${range}`;
}

function isRecord(node: SchemaNode): boolean {
  return !hasMembers(node) && node.additionalProperties !== false;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
};

function formatRange({ minimum, exclusiveMinimum, maximum, minLength, maxLength }: SchemaNode): string {
  const bounds = [
    exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`,
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : `from ${minimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : `up to ${maximum}`,
    minLength === undefined || minLength < 2 ? undefined : `at least ${minLength} characters`,
    maxLength === undefined ? undefined : `up to ${maxLength} characters`,
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? '' : `, ${bounds.join(', ')}`;
}
