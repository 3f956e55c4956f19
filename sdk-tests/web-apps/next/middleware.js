// Mounts /auth/login, /auth/logout and /auth/callback.
import { auth0 } from './auth0.js';

/** @param {import('next/server').NextRequest} request */
export function middleware(request) {
  return auth0.middleware(request);
}

export const config = { matcher: ['/((?!_next/static|favicon.ico).*)'] };
