// How long refresh tokens live, and what a client gets to see of one that stays the same. auth0: Refresh Token Rotation,
// Configure Refresh Token Expiration.
import type { Provider, RefreshToken } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import { providerNowSeconds } from './provider-time.ts';

/** Seconds. Ten years stand for "never". */
export const NEVER_SECONDS = 3_650 * 86_400;

/** The lifetime is absolute: rotation hands out a successor, not more time. */
export function refreshTokenLifetimeSeconds(
  client: ClientConfig | undefined,
  token: Pick<RefreshToken, 'iiat'>,
  nowSeconds: number = providerNowSeconds(),
): number {
  const settings = client?.refresh_token;
  if (settings?.expiration_type !== 'expiring') return NEVER_SECONDS;
  const ageSeconds = token.iiat === undefined ? 0 : nowSeconds - token.iiat;
  return Math.max(1, settings.token_lifetime - ageSeconds);
}

/** A refresh token that was not rotated is not sent again, as at Auth0; the provider repeats it. RFC 6749 §6 allows both. */
export function hideUnrotatedTokens(provider: Provider): void {
  provider.on('grant.success', (ctx) => {
    const isRotated = ctx.oidc.entities.RotatedRefreshToken !== undefined;
    const { body } = ctx;
    if (ctx.oidc.params?.['grant_type'] !== 'refresh_token' || isRotated) return;
    if (typeof body === 'object' && body !== null && 'refresh_token' in body) delete body.refresh_token;
  });
}
