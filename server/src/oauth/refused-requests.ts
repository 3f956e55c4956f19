// What the trace tells of a CIBA request that nobody is asked about, and of whatever cannot be read.
import type { Context } from 'koa';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import type { RequestParameters } from './parameters.ts';

/** @param ctx answered; one that was not refused is recorded elsewhere */
export function recordRefusedRequest(
  tenant: Tenant,
  ctx: Context,
  parameters: RequestParameters,
  { clientId, hint }: { clientId: string | undefined; hint?: string | undefined },
): void {
  const body = ctx.body as Record<string, unknown> | undefined;
  if (typeof body?.['error'] !== 'string') return;
  const description = body['error_description'];
  tenant.log.append({
    type: 'request.refused',
    ...(clientId === undefined ? {} : { client_id: clientId }),
    error: body['error'],
    ...(typeof description === 'string' ? { error_description: description } : {}),
    ...(hint === undefined ? {} : { hint }),
    exchange: tenant.exchanges.describe(ctx, parameters),
  });
}

/** A request that never got to the provider is part of the story, too. */
export function recordUnread(
  tenant: Tenant,
  ctx: Context,
  { error, error_description: description }: { error: string; error_description?: string | undefined },
  { client, hint }: { client: ClientConfig | undefined; hint: string | undefined },
): void {
  const told = {
    ...(client === undefined ? {} : { client_id: client.client_id }),
    error,
    ...(description === undefined ? {} : { error_description: description }),
  };
  if (ctx.path === ROUTES.backchannel_authentication) {
    tenant.log.append({ type: 'request.refused', ...told, ...(hint === undefined ? {} : { hint }) });
  }
  if (ctx.path === ROUTES.token) tenant.log.append({ type: 'token.refused', ...told });
}
