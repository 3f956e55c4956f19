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

/** @param access undefined lets everybody in who gets as far as this: the server listens to this computer only */
export function requireControlToken(
  ctx: Koa.Context,
  access: ControlAccess | undefined,
  shapes: RouteShapes,
): void {
  if (access === undefined || shapes.isOpen) return;
  if (!access.onLoopback && isOfThisComputer(ctx.req.socket.remoteAddress)) return;
  const received = readToken(ctx, shapes);
  if (received !== undefined && isSame(received, access.token)) return;
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
function isSame(one: string, other: string): boolean {
  const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hashOf(one), hashOf(other));
}
