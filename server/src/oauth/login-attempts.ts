// Which logins this browser has begun. A form is taken only from the browser that was sent to it: else somebody could have
// another person log in on their behalf (RFC 6749 §10.12). One signed cookie holds the last few, so that several tabs can
// log in side by side; the provider's own cookie knows only the newest.
import type { Context } from 'koa';

/** Where the login and sign-up pages live. */
export const PAGES_PATH = '/u';
export const ATTEMPT_LIFETIME_SECONDS = 3_600;

const MOST_TABS = 8;

type Cookies = Context['cookies'];

export function rememberAttempt(cookies: Cookies, cookieName: string, uid: string): void {
  const attempts = [uid, ...readAttempts(cookies, cookieName)].slice(0, MOST_TABS);
  cookies.set(cookieName, attempts.join('.'), {
    // Not just the pages: /authorize adds to it.
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    overwrite: true,
    maxAge: ATTEMPT_LIFETIME_SECONDS * 1000,
  });
}

export function isOwnAttempt(cookies: Cookies, cookieName: string, uid: string): boolean {
  return readAttempts(cookies, cookieName).includes(uid);
}

function readAttempts(cookies: Cookies, cookieName: string): string[] {
  return cookies.get(cookieName)?.split('.') ?? [];
}
