// What stands before the APIs: the way in for people and the way in for programs.
import type { Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';

export interface FrontDoorParts {
  tenant: Tenant;
  version: string;
}

export function frontDoorRoutes({ tenant, version }: FrontDoorParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      purpose: 'find the way in',
      answer: (ctx) => {
        if (ctx.accepts('json', 'html') === 'html') return ctx.redirect('/approve');
        ctx.body = {
          name: 'assent',
          version,
          issuer: tenant.issuer,
          discovery: `${tenant.issuer}.well-known/openid-configuration`,
          approver_app: `${tenant.issuer}approve`,
          health: `${tenant.issuer}control/health`,
        };
      },
    },
  ];
}
