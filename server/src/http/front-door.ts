// What stands before the APIs: the way in for people, the way in for programs, and the certificate to trust.

import type { Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';

export interface FrontDoorParts {
  tenant: Tenant;
  version: string;
  /** Undefined on plain http. */
  caPem: string | undefined;
}

export function frontDoorRoutes({ tenant, version, caPem }: FrontDoorParts): Route[] {
  const routes: Route[] = [
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
  if (caPem !== undefined) {
    routes.push({
      method: 'GET',
      path: '/ca.pem',
      purpose: 'fetch the certificate authority to trust',
      answer: (ctx) => {
        ctx.attachment('assent-ca.pem');
        ctx.type = 'application/x-pem-file';
        ctx.body = caPem;
      },
    });
  }
  return routes;
}
