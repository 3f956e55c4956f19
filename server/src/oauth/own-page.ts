// Whether a form came from a page of this server. OWASP CSRF Prevention: the origin that the browser states, in addition
// to the cookie that only this browser has.
import type { Context } from 'koa';

/** Programs send neither header and pass: they have no cookie that somebody else could ride on. */
export function comesFromOwnPage(ctx: Context, issuer: string): boolean {
  // `same-site` is another origin too, such as another port of localhost. W3C Fetch Metadata §2.3.
  if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) return false;
  const origin = ctx.get('Origin');
  // The host that the browser used, or the issuer: TLS may end in front of us.
  return origin === '' || URL.parse(origin)?.host === ctx.host || origin === new URL(issuer).origin;
}
