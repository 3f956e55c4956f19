// Writes what the phone needs of the contract in the few words of approver-app/src/wire/schema.ts, member by member. The schema
// library and every description would be ten times as much for a phone to load. What the phone's words cannot say is an error
// here, never a check that is left out.
import { z } from 'zod';
import * as contract from '../../src/contract/index.ts';

/** What reaches a phone. One that is not used any more is found as an unused export. */
const NEEDED = [
  'approvalViewSchema',
  'decisionResultSchema',
  'demoRequestAnswerSchema',
  'deviceSchema',
  'devicesSchema',
  'deviceTransactionSchema',
  'enrolmentTicketSchema',
  'faultNewsSchema',
  'inboxSchema',
  'mailboxEntrySchema',
  'mailboxMessageSchema',
  'ownMailboxSchema',
  'passkeyCreationSchema',
  'passkeyRequestSchema',
  'peopleSchema',
  'pushMessageSchema',
  'pushSetupSchema',
  'pushSubscriptionSchema',
  'quickActionSchema',
  'relayedPushSchema',
  'relaySubscriptionSchema',
  'ticketHolderSchema',
] as const satisfies readonly (keyof typeof contract)[];

/** Single values that both sides must spell alike. */
const CONSTANTS = [
  'APPROVER_API',
  'AUTH0_DETAIL_TYPE_PREFIX',
  'DEVICE_PROOF_TYPE',
] as const satisfies readonly (keyof typeof contract)[];

const HEAD = `// Written by \`pnpm generate\` (server/scripts/reference/phone-contract.ts) from server/src/contract. Do not edit.
import type * as contract from 'assent/contract';
import type { z } from 'zod';`;

/** The text of approver-app/src/wire/contract.ts. */
export function writePhoneContract(): string {
  const writer = new Writer();
  for (const name of NEEDED) writer.declare(name);
  const constants = CONSTANTS.map(
    (name) => `export const ${name}: typeof contract.${name} = ${quote(CONTRACT.get(name))};`,
  );
  const builders = [...writer.builders].sort().join(', ');
  const imports = `import { ${builders} } from './schema.ts';`;
  return `${HEAD}\n${imports}\n\n${[...constants, ...writer.declarations].join('\n')}\n`;
}

const CONTRACT = new Map<string, unknown>(Object.entries(contract));

/** Names of the contract's schemas, so that one which is used in several places is written once. */
const NAMES = new Map<unknown, string>(Object.entries(contract).map(([name, value]) => [value, name]));

/** By what is done with members that an object does not name. */
const BUILDERS_BY_REST: ReadonlyMap<string, string> = new Map([
  ['never', 'exactly'],
  ['unknown', 'open'],
  ['none', 'atLeast'],
]);

class Writer {
  readonly builders = new Set<string>();
  readonly declarations: string[] = [];
  readonly #declared = new Set<string>();
  readonly #patterns = new Map<string, string>();

  declare(name: string): void {
    if (this.#declared.has(name)) return;
    this.#declared.add(name);
    const schema = CONTRACT.get(name);
    if (!(schema instanceof z.core.$ZodType)) throw new TypeError(`${name} is no schema.`);
    const body = this.#write(schema);
    const isNeeded = NEEDED.some((needed) => needed === name);
    this.declarations.push(
      isNeeded
        ? `export const ${name}: ${this.#typeOf(schema)}<z.output<typeof contract.${name}>> = ${body};`
        : `const ${name} = ${body};`,
    );
  }

  #typeOf(schema: z.core.$ZodType): string {
    const name = schema instanceof z.core.$ZodObject ? 'ObjectSchema' : 'Schema';
    this.builders.add(`type ${name}`);
    return name;
  }

  #refer(schema: z.core.$ZodType): string {
    const name = NAMES.get(schema);
    if (name === undefined) return this.#write(schema);
    this.declare(name);
    return name;
  }

  #write(schema: z.core.$ZodType): string {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type !== 'string' && def.type !== 'number') refuseChecks(def);
    switch (def.type) {
      case 'string':
        return this.#text(def as z.core.$ZodStringDef & Partial<z.core.$ZodStringFormatDef>);
      case 'number':
        return this.#number(def as z.core.$ZodNumberDef & { format?: string });
      case 'boolean':
        return this.#call('flag');
      case 'enum':
        return this.#call('one', ...Object.values(def.entries).map(quote));
      case 'literal':
        return this.#call('one', ...def.values.map(quote));
      case 'array':
        return this.#call('list', this.#refer(def.element));
      case 'optional':
        return this.#call(
          schema instanceof z.core.$ZodExactOptional ? 'missable' : 'optional',
          this.#refer(def.innerType),
        );
      case 'object':
        return this.#object(def);
      case 'union':
        return this.#union(def);
      case 'unknown':
        return this.#call('anything');
      case 'nullable':
        throw new TypeError('A value that may be null must be nullish here.');
      default:
        throw new TypeError(`The phone has no word for a schema of the type "${def.type}".`);
    }
  }

  #text(def: z.core.$ZodStringDef & Partial<z.core.$ZodStringFormatDef>): string {
    const checks = (def.checks ?? []).map(({ _zod }) => _zod.def);
    const longest = checks.find(isLongest)?.maximum;
    const others = checks.filter((check) => !isLongest(check));
    if (def.format === 'url') {
      if (others.length > 0) throw unknownCheck(others[0]);
      return this.#call('url', ...(longest === undefined ? [] : [String(longest)]));
    }
    const patterns = [def, ...others].filter(
      (each): each is z.core.$ZodStringFormatDef => 'pattern' in each && each.pattern instanceof RegExp,
    );
    const [pattern] = patterns;
    if (
      longest !== undefined ||
      patterns.length > 1 ||
      others.some((check) => !patterns.includes(check as never))
    )
      throw unknownCheck(others[0] ?? checks[0]);
    if (pattern?.pattern === undefined) return this.#call('text');
    return this.#textLike(pattern.pattern, pattern.format === 'datetime');
  }

  /** Patterns are long, so each is written once. The one of instants is needed beyond the contract as well. */
  #textLike(pattern: RegExp, isInstant: boolean): string {
    const known = this.#patterns.get(String(pattern));
    if (known !== undefined) return known;
    const name = isInstant ? 'instantSchema' : `text${this.#patterns.size + 1}Schema`;
    this.#patterns.set(String(pattern), name);
    const body = this.#call(
      'textLike',
      String(pattern),
      quote(isInstant ? 'an instant' : 'a text of this form'),
    );
    this.declarations.push(`${isInstant ? 'export ' : ''}const ${name} = ${body};`);
    return name;
  }

  #number(def: z.core.$ZodNumberDef & { format?: string }): string {
    const checks = (def.checks ?? []).map(({ _zod }) => _zod.def);
    if (def.format === undefined && checks.length === 0) return this.#call('number');
    if (def.format !== 'safeint') throw unknownCheck(def);
    const bounds = [undefined, undefined] as (string | undefined)[];
    for (const check of checks) {
      if (!('inclusive' in check) || check.inclusive !== true || !('value' in check))
        throw unknownCheck(check);
      bounds[check.check === 'greater_than' ? 0 : 1] = String(check.value);
    }
    const [least, most] = bounds;
    return most === undefined
      ? this.#call('integer', ...(least === undefined ? [] : [least]))
      : this.#call('integer', least ?? 'undefined', most);
  }

  #object(def: z.core.$ZodObjectDef): string {
    const rest = def.catchall?._zod.def.type ?? 'none';
    const builder = BUILDERS_BY_REST.get(rest);
    if (builder === undefined) throw unknownCheck({ check: `catchall ${rest}` });
    return this.#call(builder, this.#members(Object.entries(def.shape)));
  }

  #union(def: z.core.$ZodUnionDef): string {
    const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
    if (discriminator === undefined) throw new TypeError('The phone tells objects apart by a member only.');
    const options = def.options.map((option): [string, z.core.$ZodType] => {
      const [value] = [...(option._zod.propValues?.[discriminator] ?? [])];
      if (typeof value !== 'string')
        throw new TypeError(`An object is told apart by its "${discriminator}".`);
      return [value, option];
    });
    return this.#call('oneBy', quote(discriminator), this.#members(options));
  }

  #members(entries: readonly (readonly [string, z.core.$ZodType])[]): string {
    return `{ ${entries.map(([name, member]) => `${name}: ${this.#member(member)}`).join(', ')} }`;
  }

  /** `nullish` is two wrappings of one value. */
  #member(member: z.core.$ZodType): string {
    const { def } = (member as z.core.$ZodTypes)._zod;
    if (def.type !== 'optional') return this.#refer(member);
    const inner = (def.innerType as z.core.$ZodTypes)._zod.def;
    return inner.type === 'nullable'
      ? this.#call('nullish', this.#refer(inner.innerType))
      : this.#refer(member);
  }

  #call(builder: string, ...parts: string[]): string {
    this.builders.add(builder);
    return `${builder}(${parts.join(', ')})`;
  }
}

function isLongest(check: unknown): check is z.core.$ZodCheckMaxLengthDef {
  return typeof check === 'object' && check !== null && 'check' in check && check.check === 'max_length';
}

function refuseChecks(def: { checks?: readonly z.core.$ZodCheck<never>[] | undefined }): void {
  const [check] = def.checks ?? [];
  if (check !== undefined) throw unknownCheck(check._zod.def);
}

function unknownCheck(check: object | undefined): TypeError {
  return new TypeError(`The phone has no word for ${JSON.stringify(check)}.`);
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}
