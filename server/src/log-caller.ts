// Who sends a request, for the log: address, program and SDK.
import { z } from 'zod';
import type { LogCaller } from './contract/index.ts';

const LONGEST_HEADER = 2_000;

/** Every SDK of Auth0 sends base64 of this. Whatever else is in it is left out. */
const auth0ClientSchema = z.object({
  name: z.string().max(100).optional(),
  version: z.string().max(100).optional(),
  env: z.record(z.string().max(100), z.string().max(200)).optional().catch(undefined),
});

/** @param request Koa's context, or whatever has an address and headers */
export function describeCaller(request: { ip: string; get(header: string): string }): LogCaller {
  const userAgent = request.get('User-Agent').slice(0, LONGEST_HEADER);
  const sdk = decodeClient(request.get('Auth0-Client'));
  return {
    // RFC 4291 §2.5.5.2: IPv4 on a socket that takes both.
    ip: request.ip.replace(/^::ffff:(?=\d+\.)/, ''),
    ...(userAgent === '' ? {} : { user_agent: userAgent }),
    ...(sdk === undefined ? {} : { auth0_client: sdk }),
  };
}

function decodeClient(header: string): LogCaller['auth0_client'] {
  if (header === '' || header.length > LONGEST_HEADER) return undefined;
  try {
    const parsed = auth0ClientSchema.safeParse(
      JSON.parse(Buffer.from(header, 'base64').toString('utf8')),
    ).data;
    if (!parsed) return undefined;
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
  } catch {
    // Anybody may send anything in a header; what cannot be read is not told.
    return undefined;
  }
}
