// Which words an error gets: those of the profile of the client that called.
import type { Context } from 'koa';
import { clientOf } from '../claimed-client.ts';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { type OAuthErrorBody, type ProviderError, slowDown, toAuth0Error } from './auth0-dialect.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { type ProfileRules, rulesOf } from './profiles.ts';
import { slowDownByStandard, toStandardError } from './standard-dialect.ts';

const DIALECTS: Readonly<
  Record<
    ProfileRules['errors'],
    {
      toError(error: ProviderError, grantType: string | undefined): OAuthErrorBody;
      slowDown(intervalSeconds: number): OAuthErrorBody;
    }
  >
> = {
  auth0: { toError: toAuth0Error, slowDown },
  standard: { toError: toStandardError, slowDown: slowDownByStandard },
};

/** Who calls, as far as they say so themselves: an error is told in their words before they have proven anything. */
export function claimedClient(
  tenant: Tenant,
  ctx: { get(header: string): string },
  parameters: RequestParameters,
): ClientConfig | undefined {
  const id = clientOf(ctx, (name) => parameter(parameters, name));
  return id === undefined ? undefined : tenant.directory.client(id);
}

export function dialectOf(tenant: Tenant, client: ClientConfig | undefined) {
  return DIALECTS[rulesOf(tenant, client).errors];
}

/** RFC 6749 §5.2: whoever failed with HTTP Basic is told that it is asked for. */
export function challengeBasic(tenant: Tenant, client: ClientConfig | undefined, ctx: Context): void {
  const hasTried = /^Basic\b/i.test(ctx.get('authorization'));
  if (ctx.status !== 401 || !hasTried || !rulesOf(tenant, client).challengesBasic) return;
  ctx.set('WWW-Authenticate', `Basic realm="${tenant.issuer}", charset="UTF-8"`);
}
