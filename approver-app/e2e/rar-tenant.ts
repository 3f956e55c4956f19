// The examples of RFC 9396, as the fixtures have them: their tenant, and the objects that are asked for.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type TenantConfigInput, tenantConfigSchema } from 'assent/contract';
import { parse } from 'yaml';

const fixtures = new URL('../../fixtures/', import.meta.url);
const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, fixtures)), 'utf8');

export const rarTenant: TenantConfigInput = tenantConfigSchema.parse(
  parse(textOf('tenants/rar-examples.yaml')),
);

interface Sample {
  audience: string;
  authorization_details: Array<{ type: string } & Record<string, unknown>>;
}

/** One of the samples of a type. */
export function rarSample(
  name: 'payment-initiation' | 'account-information' | 'tax-data' | 'signing',
  at = 0,
): Sample {
  const { samples } = JSON.parse(textOf(`authorization-details/rar-${name}.json`)) as { samples: Sample[] };
  const sample = samples[at];
  if (sample === undefined) throw new Error(`${name} has no sample ${at}`);
  return sample;
}
