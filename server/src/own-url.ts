// The address under which a caller reached us, as its signatures name it.
import type { Context } from 'koa';

/**
 * Scheme, host and port under which the caller reached us. Where that is the issuer's host, the issuer knows the scheme
 * better than the socket does: TLS may end in front of us.
 */
export function ownOrigin(ctx: Context, issuer: string): string {
  const { host, origin } = new URL(issuer);
  const asked = ctx.host.toLowerCase();
  return asked === host ? origin : `${ctx.protocol}://${asked}`;
}

/** The address of this very call, as its caller wrote it. Without query. */
export function ownUrl(ctx: Context, tenant: { readonly issuer: string }): string {
  return `${ownOrigin(ctx, tenant.issuer)}${ctx.path}`;
}
