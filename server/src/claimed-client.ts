// Which client asks, as far as a request says so itself. Nothing is verified: it is for what is done on purpose to the requests
// of a client, and for saying whose they are.

/** Parameters of a protocol request by name, the first one where there are several. */
export type ReadParameter = (name: string) => string | undefined;

/** @param ctx Koa's context, or whatever has headers */
export function clientOf(ctx: { get(header: string): string }, parameter: ReadParameter): string | undefined {
  return (
    parameter('client_id') ??
    basicUser(ctx.get('authorization')) ??
    claim(parameter('client_assertion'), 'sub') ??
    tokenClient(ctx.get('authorization'))
  );
}

/** RFC 6749 §2.3.1: user and password are form-encoded before they are encoded for Basic. */
function basicUser(header: string): string | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return new URLSearchParams(`user=${user}`).get('user') || undefined;
}

/** Tokens name their client: `azp` in Auth0's profile, `client_id` in that of RFC 9068 §2.2. RFC 9449 §7.1: bound ones come as DPoP. */
function tokenClient(header: string): string | undefined {
  const [, token] = /^(?:Bearer|DPoP) +(\S+)$/i.exec(header) ?? [];
  return claim(token, 'azp') ?? claim(token, 'client_id');
}

function claim(token: string | undefined, name: string): string | undefined {
  const [, payload] = token?.split('.') ?? [];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const value = typeof claims === 'object' && claims !== null ? Reflect.get(claims, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    // Not a JWT; then it names nobody.
    return undefined;
  }
}
