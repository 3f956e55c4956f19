// Where another device reaches this server: what a QR code must say.
import type { Context } from 'koa';
import { isLoopback } from '../network-addresses.ts';
import { ownOrigin } from '../own-url.ts';
import { CA_PATH } from './ca-routes.ts';

export interface Reach {
  /** Where other computers reach this server, the likeliest address first. */
  networkUrls: readonly string[];
  /** Whether there is a certificate to trust. */
  hasAuthority: boolean;
}

export interface Way {
  /** Without a slash at the end. */
  origin: string;
  /** Where the other device learns to trust this server; undefined where it need not, or cannot. */
  trustUrl: string | undefined;
}

/** The origin of this call, or the network's where that one is a name of this computer alone. */
export function wayForOthers(
  ctx: Context,
  { issuer }: { readonly issuer: string },
  { networkUrls, hasAuthority }: Reach,
): Way {
  // A Host header may hold anything; what names no host leads nobody anywhere.
  const asked = URL.parse(ownOrigin(ctx, issuer))?.origin ?? new URL(issuer).origin;
  // A name of this computer alone would lead a phone to itself.
  const origin = isLoopback(new URL(asked).hostname) ? (networkUrls.at(0) ?? asked) : asked;
  const isOfNetwork = networkUrls.includes(origin);
  return {
    origin,
    trustUrl: hasAuthority && isOfNetwork ? `${origin.replace(/^https:/, 'http:')}${CA_PATH}` : undefined,
  };
}
