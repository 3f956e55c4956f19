// The tenant as a file, while it runs: fetch it, replace it, lay something over it. Part of the control API.
import {
  CONTROL_API,
  type TenantChange,
  tenantExportQuerySchema,
  tenantFileSchema,
} from '../contract/index.ts';
import type { Route } from '../routes.ts';
import { formatTenantFile, mergeTenantFiles, type Tenant, toTenantFile } from '../tenant/index.ts';
import { readJson, readQuery } from './request-body.ts';

/** A tenant with a thousand people is about half of it. */
const LONGEST_TENANT_BYTES = 1024 * 1024;

export function tenantRoutes(tenant: Tenant): Route[] {
  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/tenant`,
      purpose: 'export the tenant as a tenant file',
      answer: (ctx) => {
        const { format, secrets } = readQuery(ctx, tenantExportQuerySchema);
        const { current, start } = tenant.configuration;
        if (format === 'json') ctx.body = toTenantFile(current, { secrets });
        else {
          ctx.type = 'application/yaml';
          ctx.body = formatTenantFile(current, start, { secrets });
        }
      },
    },
    {
      method: 'PUT',
      path: `${CONTROL_API}/tenant`,
      purpose: 'put another tenant file in place',
      answer: async (ctx) => {
        const file = await readJson(ctx, tenantFileSchema, LONGEST_TENANT_BYTES);
        await tenant.configuration.replace(() => file);
        ctx.body = count(tenant);
      },
    },
    {
      method: 'PATCH',
      path: `${CONTROL_API}/tenant`,
      purpose: 'lay a part of a tenant file over the tenant',
      answer: async (ctx) => {
        const change = await readJson(ctx, tenantFileSchema, LONGEST_TENANT_BYTES);
        await tenant.configuration.replace((current) =>
          mergeTenantFiles({ ...toTenantFile(current, { secrets: true }) }, change),
        );
        ctx.body = count(tenant);
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
