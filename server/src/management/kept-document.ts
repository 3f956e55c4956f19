// Settings of a tenant that nothing here acts on: kept in the tenant file under their path, and given back as they were.
import type { z } from 'zod';
import { type Kept, keepMembers } from './entity.ts';
import { fieldsQuerySchema, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { ManagementError } from './management-error.ts';

export interface KeptDocument {
  /** Below /api/v2; segments that begin with a colon are names. */
  path: string;
  /** Token scopes: to read, and to write. */
  scopes: { read: readonly string[]; write: readonly string[] };
  /** PATCH changes members, PUT writes all of them. */
  write: 'PATCH' | 'PUT';
  /** What it is, after "read the" and "keep the". */
  what: string;
  /** Of a body that is written. */
  schema: z.ZodType<Record<string, unknown>>;
  /** What Auth0 answers where nobody has written anything yet. */
  initial: Readonly<Record<string, unknown>>;
  /** True where it can be deleted, and is missing until somebody writes it. */
  isOptional?: boolean;
}

export function routesOf(document: KeptDocument): ManagementRoute[] {
  const { path, scopes, what, write } = document;
  return [
    {
      method: 'GET',
      path,
      scopes: scopes.read,
      purpose: `read the ${what}`,
      answer: (call) => {
        const query = call.query(fieldsQuerySchema);
        const kept = readKept(call, keyOf(call, path));
        if (kept === undefined && document.isOptional) throw missing(what);
        return pickFields({ ...document.initial, ...kept }, query);
      },
    },
    {
      method: write,
      path,
      scopes: scopes.write,
      purpose: `keep the ${what}`,
      kept: 'everything',
      answer: (call) => writeDocument(call, document),
    },
    ...(document.isOptional
      ? [
          {
            method: 'DELETE' as const,
            path,
            scopes: scopes.write,
            purpose: `forget the ${what}`,
            answer: (call: ManagementCall) => keep(call, keyOf(call, path), () => undefined),
          },
        ]
      : []),
  ];
}

/** What is kept under `key`. */
export function readKept(call: ManagementCall, key: string): Record<string, unknown> | undefined {
  return call.tenant.config.unimitated?.[key] as Record<string, unknown> | undefined;
}

/** Writes under `key` what `edit` makes of what is there, and gives it back; undefined forgets it. */
export function keep(call: ManagementCall, key: string, edit: (earlier: Kept) => Kept): Promise<Kept> {
  return call.change((draft) => {
    const { [key]: earlier, ...rest } = draft.unimitated ?? {};
    const document = edit(earlier as Kept);
    const next = document === undefined ? rest : { ...rest, [key]: document };
    if (Object.keys(next).length > 0) draft.unimitated = next;
    else delete draft.unimitated;
    return document;
  });
}

async function writeDocument(call: ManagementCall, document: KeptDocument): Promise<unknown> {
  const key = keyOf(call, document.path);
  const body = call.body(document.schema);
  const kept = await keep(call, key, (earlier) => {
    const next = document.write === 'PUT' ? body : (keepMembers(earlier, body, body) ?? {});
    return Object.keys(next).length === 0 && !document.isOptional ? undefined : next;
  });
  return { ...document.initial, ...kept };
}

/** `prompts/login/custom-text/en`. */
function keyOf(call: ManagementCall, path: string): string {
  return path.slice(1).replaceAll(/:(\w+)/g, (_segment, name: string) => {
    const value = call.parameter(name);
    if (/^[A-Za-z0-9_-]{1,80}$/.test(value)) return value;
    throw new ManagementError(
      400,
      'invalid_uri',
      `Path validation error: 'Invalid value "${value}"' on property ${name}: expected letters, digits and hyphens.`,
    );
  });
}

function missing(what: string): ManagementError {
  return new ManagementError(404, 'not_found', `The ${what} has not been set.`);
}
