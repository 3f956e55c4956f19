// Keeps foreign web pages out of /approver and /control. Neither API uses cookies, so there is nothing to ride on; this
// guard also stops pages that reach the loopback address directly or through a name of theirs (DNS rebinding).
import type Koa from 'koa';
import { ownOrigin } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { requireJson } from './request-body.ts';

export interface SameOriginOptions {
  /** Values of `Host` under which the server is meant to be reached. */
  allowedHosts(): ReadonlySet<string>;
  /** With a slash at the end. */
  issuer: string;
}

/** A guard that lets same-origin pages and programs through, and nobody else. */
export function requireSameOrigin(
  options: SameOriginOptions,
): (ctx: Koa.Context, route?: { isBodiless?: boolean | undefined }) => void {
  return (ctx, { isBodiless = false } = {}) => {
    requireKnownHost(ctx, options.allowedHosts());
    requireOwnOrigin(ctx, options.issuer);
    if (['POST', 'PUT', 'PATCH'].includes(ctx.method) && !isBodiless) requireJson(ctx);
    // Nor may a foreign page embed an answer. Fetch Standard §3.7, "Cross-Origin-Resource-Policy header".
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
  };
}

/**
 * Everywhere, a form or a call of a page that was loaded from here under a name that is not ours (DNS rebinding): it could
 * log somebody in and confirm in their name. With those, browsers state an origin; programs state none. Nor may such a page
 * read who is here.
 */
export function refusePagesOfForeignNames(
  allowedHosts: () => ReadonlySet<string>,
  isPageOfPeople: (path: string) => boolean,
): Koa.Middleware {
  return (ctx, next) => {
    const stated = ctx.get('Origin');
    const origin = stated === '' ? null : URL.parse(stated);
    const isOfThisHost = origin !== null && origin.host === ctx.host.toLowerCase();
    const changesSomething = !['GET', 'HEAD', 'OPTIONS'].includes(ctx.method);
    if ((isOfThisHost && changesSomething) || isPageOfPeople(ctx.path)) requireKnownHost(ctx, allowedHosts());
    return next();
  };
}

export function requireKnownHost(ctx: Koa.Context, allowed: ReadonlySet<string>): void {
  if (allowed.has(ctx.host.toLowerCase())) return;
  throw new Problem(
    'forbidden',
    `Received a request for the host "${ctx.host}", expected one of ${[...allowed].join(', ')}.`,
    { status: 403, hint: 'If the server is meant to be reached by that name, start it with that issuer.' },
  );
}

function requireOwnOrigin(ctx: Koa.Context, issuer: string): void {
  const [origin, site] = [ctx.get('Origin'), ctx.get('Sec-Fetch-Site')];
  // `same-site` is another origin too, such as another port of localhost. W3C Fetch Metadata §2.3.
  const isOfOwnSite = ['', 'same-origin', 'none'].includes(site);
  // Programs state nothing.
  if (origin === '' && isOfOwnSite) return;
  const own = ownOrigin(ctx, issuer);
  if (origin !== '' && origin !== own) {
    throw new Problem('forbidden', `Received a request of a page of ${origin}, expected ${own}.`, {
      status: 403,
      hint: 'Only pages of this server may use this API. Programs send no Origin header.',
    });
  }
  if (isOfOwnSite) return;
  throw new Problem('forbidden', `Received a ${site} request of a web page, expected a page of ${own}.`, {
    status: 403,
    hint: 'Only pages of this server may use this API.',
  });
}
