// Who may call the control API: programs of this computer, and whoever has the token. It decides for everybody, gives out every
// secret of the tenant and forgets everything, so a server that the network reaches must not leave it open.
import { createHash, timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import { isLoopback } from '../network-addresses.ts';
import { Problem } from '../problem.ts';
import type { RouteShapes } from './control-route.ts';

export interface ControlAccess {
  token: string;
  /** Whether programs of this computer need it as well. */
  onLoopback: boolean;
}

const SHORTEST_TOKEN = 16;

/**
 * Where other computers reach what asks for it, they need a token; this one does where it was asked for.
 *
 * @param token what was given, if anything
 * @param make a new one
 * @throws Problem `usage` for one that is too short, or that no header can carry
 */
export function provideAccess(
  token: string | undefined,
  { host, name, hint, make }: { host: string; name: string; hint: string; make(): string },
): ControlAccess | undefined {
  if (token === undefined) return isLoopback(host) ? undefined : { token: make(), onLoopback: false };
  // RFC 6750 §2.1. What was received is not repeated: it may be a secret with a slip in it.
  if (/^[\w.~+/-]+=*$/.test(token) && token.length >= SHORTEST_TOKEN) return { token, onLoopback: true };
  throw new Problem(
    'usage',
    `${name} has ${token.length} characters, expected at least ${SHORTEST_TOKEN}, of letters, digits and -._~+/ alone.`,
    { hint },
  );
}

/** @param access undefined lets everybody in who gets as far as this: the server listens to this computer only */
export function requireControlToken(
  ctx: Koa.Context,
  access: ControlAccess | undefined,
  shapes: RouteShapes,
): void {
  if (access === undefined || shapes.isOpen) return;
  if (!access.onLoopback && isOfThisComputer(ctx.req.socket.remoteAddress)) return;
  const received = readToken(ctx, shapes);
  if (received !== undefined && isSameToken(received, access.token)) return;
  // RFC 6750 §3: without a token no error code, with a wrong one `invalid_token`.
  ctx.set('WWW-Authenticate', received === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
  throw new Problem(
    'control_token_invalid',
    received === undefined
      ? 'Received a call of the control API without its token.'
      : 'Received another token than that of the control API.',
    {
      status: 401,
      hint: 'Send the header Authorization: Bearer TOKEN. The commands find it in server.json of the data folder; elsewhere: export ASSENT_CONTROL_TOKEN=TOKEN',
    },
  );
}

/** RFC 6750 §2.1, and §2.3 for a caller that can name nothing but an address. */
function readToken(ctx: Koa.Context, shapes: RouteShapes): string | undefined {
  const [, fromHeader] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (fromHeader !== undefined) return fromHeader;
  const fromQuery = shapes.takesTokenInQuery ? ctx.query['control_token'] : undefined;
  return typeof fromQuery === 'string' ? fromQuery : undefined;
}

/** An IPv4 address may come in the clothes of IPv6. RFC 4291 §2.5.5.2. */
export function isOfThisComputer(address: string | undefined): boolean {
  return address !== undefined && isLoopback(address.replace(/^::ffff:/i, ''));
}

/** In a time that tells nothing about where they differ. */
export function isSameToken(one: string, other: string): boolean {
  const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hashOf(one), hashOf(other));
}
