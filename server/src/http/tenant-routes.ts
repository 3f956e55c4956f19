// The tenant as a file, while it runs: fetch it, replace it, lay something over it. Part of the control API.
import {
  CONTROL_API,
  type TenantChange,
  tenantChangeSchema,
  tenantExportQuerySchema,
  tenantFileSchema,
  tenantLocksSchema,
} from '../contract/index.ts';
import { formatTenantFile, mergeTenantFiles, type Tenant, toTenantFile } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson, readQuery } from './request-body.ts';

/** A tenant with a thousand people is about half of it. */
const LONGEST_TENANT_BYTES = 1024 * 1024;

export function tenantRoutes(tenant: Tenant): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/tenant`,
      purpose: 'export the tenant as a tenant file',
      shapes: {
        query: tenantExportQuerySchema,
        answer: tenantFileSchema,
        otherType: 'application/yaml',
        note: 'As it is now, without what holds anyway. As YAML, what is not as at the start carries a comment. With `secrets`, the default, it holds secrets and passwords.',
      },
      answer: (ctx) => {
        const { format, of, secrets } = readQuery(ctx, tenantExportQuerySchema);
        const { current, start, file } = tenant.configuration;
        const shown = { now: current, start, file }[of];
        if (format === 'json') ctx.body = toTenantFile(shown, { secrets });
        else {
          ctx.type = 'application/yaml';
          ctx.body = formatTenantFile(shown, start, { secrets });
        }
      },
    },
    {
      method: 'PUT',
      path: `${CONTROL_API}/tenant`,
      purpose: 'put another tenant file in place',
      shapes: {
        body: tenantFileSchema,
        answer: tenantChangeSchema,
        note: 'A whole tenant file. 400 names every finding, and then nothing has changed. What only a start can change is refused.',
      },
      answer: async (ctx) => {
        const file = await readJson(ctx, tenantFileSchema, LONGEST_TENANT_BYTES);
        await tenant.configuration.replace(() => file, { isFile: true });
        ctx.body = count(tenant);
      },
    },
    {
      method: 'PATCH',
      path: `${CONTROL_API}/tenant`,
      purpose: 'lay a part of a tenant file over the tenant',
      shapes: {
        body: tenantFileSchema,
        answer: tenantChangeSchema,
        note: 'Clients, APIs, client grants, roles, people and connections of the same name are replaced member by member.',
      },
      answer: async (ctx) => {
        const change = await readJson(ctx, tenantFileSchema, LONGEST_TENANT_BYTES);
        await tenant.configuration.replace((current) =>
          mergeTenantFiles({ ...toTenantFile(current, { secrets: true }) }, change),
        );
        ctx.body = count(tenant);
      },
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/tenant/filed`,
      purpose: 'say that the file has what the tenant is now',
      shapes: {
        answer: tenantChangeSchema,
        note: 'The body is `{}`. For somebody who took the export and put it into the file. Nothing of the tenant changes: `GET /control/tenant?of=file` answers this from now on, also after a restart with the same data file.',
      },
      answer: async (ctx) => {
        await tenant.configuration.markAsFile();
        ctx.body = count(tenant);
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/tenant/locks`,
      purpose: 'list what of the tenant only another start can change',
      shapes: { answer: tenantLocksSchema },
      answer: (ctx) => {
        ctx.body = { locks: tenant.configuration.locks };
      },
    },
  ];
}

function count({ config }: Tenant): TenantChange {
  return {
    tenant: config.tenant.name,
    clients: config.clients.length,
    resource_servers: config.resource_servers.length,
    client_grants: config.client_grants.length,
    users: config.users.length,
  };
}
