// Writes the schemas of a tenant, of its outline and of quick answers, in the few words of src/tenant/shape.ts. What these have no word for is
// "unsure": whoever says such a thing is checked by the schemas themselves, and nothing is left out.
import type { z } from 'zod';
import { quickAnswersInputSchema, tenantConfigSchema } from '../../src/contract/index.ts';
import { outlineSchema } from '../../src/tenant/config-outline.ts';
import type { Node } from '../../src/tenant/shape.ts';

const HEAD = `// Written by \`pnpm generate\` (server/scripts/reference/tenant-shapes.ts) from the schemas of a tenant. Do not edit.
import type { QuickAnswersInput, TenantConfig } from '../contract/index.ts';
import type { Outline } from './config-outline.ts';
import type { Shape } from './shape.ts';`;

type Checks = readonly z.core.$ZodCheck<never>[] | undefined;
type Bounds = { least?: number; most?: number; above?: number; like?: RegExp };

const UNSURE: Node = { is: 'unsure' };

/** The text of server/src/tenant/config-shapes.ts. */
export function writeTenantShapes(): string {
  return `${HEAD}

export const TENANT_SHAPE: Shape<TenantConfig> = { node: ${write(shapeOf(tenantConfigSchema))} };

export const OUTLINE_SHAPE: Shape<Outline> = { node: ${write(shapeOf(outlineSchema))} };

export const QUICK_ANSWERS_SHAPE: Shape<QuickAnswersInput> = { node: ${write(shapeOf(quickAnswersInputSchema))} };
`;
}

function shapeOf(schema: z.core.$ZodType): Node {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  // It takes what is not of its kind, and makes it so.
  if ('coerce' in def && def.coerce) return UNSURE;
  switch (def.type) {
    case 'string':
      return bounded({ is: 'text' }, ownChecks(def));
    case 'number':
      return numberOf(def as z.core.$ZodNumberDef & { format?: string });
    case 'array':
      return bounded({ is: 'list', of: shapeOf(def.element) }, def.checks);
    default:
      return (def.checks ?? []).length > 0 ? UNSURE : uncheckedShapeOf(def);
  }
}

function uncheckedShapeOf(def: z.core.$ZodTypes['_zod']['def']): Node {
  switch (def.type) {
    case 'boolean':
      return { is: 'flag' };
    case 'unknown':
      return { is: 'anything' };
    case 'enum':
      return { is: 'one', of: Object.values(def.entries) };
    case 'literal':
      return { is: 'one', of: def.values };
    case 'object':
      return membersOf(def);
    case 'record': {
      const { def: key } = (def.keyType as z.core.$ZodTypes)._zod;
      const isAnyText = key.type === 'string' && ownChecks(key).length === 0;
      return isAnyText ? { is: 'map', of: shapeOf(def.valueType) } : UNSURE;
    }
    case 'union':
      // One that wants exactly one of them is wrong where two are right.
      return def.inclusive === false ? UNSURE : { is: 'either', of: def.options.map(shapeOf) };
    case 'optional':
    case 'nullable':
      return { is: def.type, of: shapeOf(def.innerType) };
    case 'default':
    case 'prefault':
      return { is: def.type, of: shapeOf(def.innerType), value: def.defaultValue };
    case 'catch':
      return { is: 'catch', of: shapeOf(def.innerType), value: valueOfCatch(def) };
    default:
      return UNSURE;
  }
}

function membersOf(def: z.core.$ZodObjectDef): Node {
  const rest = def.catchall?._zod.def.type ?? 'none';
  const others = { never: 'refused', unknown: 'kept', none: 'dropped' } as const;
  if (!isOneOf(others, rest)) return UNSURE;
  const of = Object.entries(def.shape).map(([name, member]) => [name, shapeOf(member)]);
  return { is: 'members', of: Object.fromEntries(of), others: others[rest] };
}

function isOneOf<T extends object>(members: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(members, name);
}

/** It may look at what is wrong. None does here, and one that did would be found by its refusal. */
function valueOfCatch(def: z.core.$ZodCatchDef): unknown {
  const refuse = () => {
    throw new TypeError('A value that depends on the mistake cannot be written down.');
  };
  return def.catchValue(new Proxy({} as z.core.$ZodCatchCtx, { get: refuse }));
}

/** A format is a check of its own where it is what the schema was made as. */
function ownChecks(def: z.core.$ZodStringDef): z.core.$ZodCheck<never>[] {
  const format = 'format' in def ? [{ _zod: { def } } as unknown as z.core.$ZodCheck<never>] : [];
  return [...format, ...(def.checks ?? [])];
}

function numberOf(def: z.core.$ZodNumberDef & { format?: string }): Node {
  if (def.format !== undefined && def.format !== 'safeint') return UNSURE;
  return bounded({ is: def.format === undefined ? 'number' : 'whole' }, def.checks);
}

function bounded<T extends Node>(node: T, checks: Checks): Node {
  const bounds: Bounds = {};
  for (const { _zod } of checks ?? []) {
    const bound = boundOf(_zod.def);
    // Two of a kind, where one might hide the other.
    if (bound === undefined || Object.keys(bound).some((name) => name in bounds)) return UNSURE;
    Object.assign(bounds, bound);
  }
  return { ...node, ...bounds };
}

function boundOf(def: z.core.$ZodCheckDef): Bounds | undefined {
  switch (def.check) {
    case 'min_length':
      return { least: (def as z.core.$ZodCheckMinLengthDef).minimum };
    case 'max_length':
      return { most: (def as z.core.$ZodCheckMaxLengthDef).maximum };
    case 'greater_than': {
      const { value, inclusive } = def as z.core.$ZodCheckGreaterThanDef;
      return inclusive ? { least: Number(value) } : { above: Number(value) };
    }
    case 'less_than': {
      const { value, inclusive } = def as z.core.$ZodCheckLessThanDef;
      return inclusive ? { most: Number(value) } : undefined;
    }
    case 'string_format': {
      const { format, pattern } = def as z.core.$ZodCheckStringFormatDef;
      const isPattern = pattern !== undefined && !pattern.global && !pattern.sticky;
      return isPattern && (format === 'regex' || format === 'datetime') ? { like: pattern } : undefined;
    }
    default:
      return undefined;
  }
}

function write(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : write(name)}: ${write(member)}`)
      .join(', ')} }`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
