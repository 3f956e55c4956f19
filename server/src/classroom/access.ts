// Who somebody is to a class: the student whose browser has the key of a place, or the teacher. A teacher is whoever sits at
// the computer of the class, or has shown its token; where the class listens to that computer only, everybody there is.
import { createHash } from 'node:crypto';
import type Koa from 'koa';
import { type ControlAccess, isOfThisComputer, isSameToken } from '../http/index.ts';

// `__Host-`: no page under another name can set it. RFC 6265bis §4.1.3.2. Cookies know no ports, so their names say whose they are.
const PLACE_COOKIE = '__Host-assent-class-place';
const TEACHER_COOKIE = '__Host-assent-class-teacher';

/** As long as a course may last. */
const PLACE_SECONDS = 90 * 86_400;

export function placeKeyOf(ctx: Koa.Context): string | undefined {
  return ctx.cookies.get(PLACE_COOKIE);
}

/** `Lax`: a link from elsewhere leads back to one's own place. */
export function givePlaceKey(ctx: Koa.Context, key: string): void {
  setCookie(ctx, PLACE_COOKIE, key, `Max-Age=${PLACE_SECONDS}; SameSite=Lax`);
}

export function takePlaceKey(ctx: Koa.Context): void {
  setCookie(ctx, PLACE_COOKIE, '', 'Max-Age=0; SameSite=Lax');
}

/** @param access undefined: the class listens to this computer only, and nobody asked for a token */
export function isTeacher(ctx: Koa.Context, access: ControlAccess | undefined): boolean {
  if (access === undefined) return true;
  if (!access.onLoopback && isOfThisComputer(ctx.req.socket.remoteAddress)) return true;
  const [, fromHeader] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (isSame(fromHeader, access.token)) return true;
  return isSame(ctx.cookies.get(TEACHER_COOKIE), passOf(access.token));
}

/** Lets this browser in until it is closed. False for a wrong token. */
export function enterAsTeacher(ctx: Koa.Context, token: string | undefined, access: ControlAccess): boolean {
  if (!isSame(token?.trim(), access.token)) return false;
  setCookie(ctx, TEACHER_COOKIE, passOf(access.token), 'SameSite=Strict');
  return true;
}

/** What the cookie holds: the token itself also opens other things. */
function passOf(token: string): string {
  return createHash('sha256').update(`teacher of a class ${token}`).digest('base64url');
}

function setCookie(ctx: Koa.Context, name: string, value: string, attributes: string): void {
  ctx.append('Set-Cookie', `${name}=${value}; Path=/; Secure; HttpOnly; ${attributes}`);
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && isSameToken(one, other);
}
