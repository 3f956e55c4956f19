// The Management API is loaded when somebody asks for something below /api/v2: it is large, and many a server never is.
import type { Middleware } from 'koa';
import { MANAGEMENT_PATH } from '../contract/index.ts';
import type { RouteSummary } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import type { Management } from './management.ts';
import type { ManagementPorts } from './management-call.ts';

export interface LazyManagement {
  /** Answers everything below /api/v2 and passes the rest on. */
  readonly middleware: Middleware;
  /** What it answers, for suggestions. */
  routes(): Promise<readonly RouteSummary[]>;
}

export function openManagement(tenant: Tenant, ports: ManagementPorts): LazyManagement {
  const startedAt = new Date(tenant.clock.now()).toISOString();
  let loading: Promise<Management> | undefined;
  const load = async (): Promise<Management> => {
    const { createManagement } = await import('./management.ts');
    return createManagement(tenant, ports, startedAt);
  };
  const loaded = (): Promise<Management> => {
    loading ??= load();
    return loading;
  };
  return {
    async middleware(ctx, next) {
      const isBelow = ctx.path === MANAGEMENT_PATH || ctx.path.startsWith(`${MANAGEMENT_PATH}/`);
      if (!isBelow) return next();
      await (await loaded()).middleware(ctx, next);
    },
    routes: async () => (await loaded()).routes,
  };
}
