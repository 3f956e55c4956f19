// Which host a request is for: one, named once. Whoever is asked for two could be taken for one by whoever stands in front of
// us, and for the other by us. Everything that judges the `Host` header (`http/same-origin`, `own-url`) reads it after this.
import type { IncomingMessage } from 'node:http';

/** No part of a host and a port. RFC 3986 §3.2.2; the comma would make two of one (Koa reads lists). */
const NO_HOST = /[@,/\\?#]/;

/**
 * False for a request that is to be refused with 400. RFC 9112 §3.2: several Host fields, or one that no host can be.
 * A target that is a whole URL says itself which host it is for, and the header no longer counts. RFC 9112 §3.2.2.
 */
export function namesOneHost(request: IncomingMessage): boolean {
  const { rawHeaders, headers, url = '' } = request;
  let fields = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') fields += 1;
  }
  if (fields > 1 || NO_HOST.test(headers.host ?? '')) return false;
  if (!url.startsWith('/')) {
    const target = URL.parse(url);
    if (target !== null && target.host !== '') headers.host = target.host;
  }
  return true;
}
