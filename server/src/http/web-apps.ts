// Serves the built approver app under /approve. Files whose name carries a hash may be kept for ever, all others never;
// a path without a file is a screen of the app, so it gets the app's page.
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { send } from '@koa/send';
import type Koa from 'koa';
import type { RouteSummary } from '../routes.ts';

const APP_PATH = '/approve';
const APP_PAGE = 'phone.html';

/** No foreign code, no frame, no form, and no address but our own. Inline styles are what the component kit needs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The bundler puts eight characters of the content's hash before the extension. */
const HASHED_ASSET = /^\/assets\/[^/]+-[\w-]{8}\.\w+$/;

export const webAppRoutes: readonly RouteSummary[] = [
  { method: 'GET', path: APP_PATH, purpose: 'open the approver app' },
];

/** @param folder what the bundler wrote; may be missing when running from source */
export function serveWebApps(folder: string): Koa.Middleware {
  return async (ctx, next) => {
    const isOurs = ctx.path === APP_PATH || ctx.path.startsWith(`${APP_PATH}/`);
    if (!isOurs || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    // The service worker answers for what is below the slash, and for no page that was opened without it.
    if (ctx.path === APP_PATH) return ctx.redirect(`${APP_PATH}/${ctx.search}`);
    ctx.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    ctx.set('Referrer-Policy', 'no-referrer');
    const file = ctx.path.slice(APP_PATH.length);
    ctx.set('Cache-Control', HASHED_ASSET.test(file) ? 'public, max-age=31536000, immutable' : 'no-store');
    // A name with an extension asks for a file; everything else is a screen.
    const isScreen = extname(file) === '';
    if (await sendFile(ctx, folder, isScreen ? `/${APP_PAGE}` : file)) return;
    ctx.set('Cache-Control', 'no-store');
    if (!isScreen && (await isBuilt(folder))) return next();
    ctx.status = 503;
    ctx.type = 'text/plain';
    ctx.body =
      'The approver app has not been built yet.\n\nBuild and start everything:  npm start\nOr answer from the terminal:  assent approve latest\n';
  };
}

/** False if there is no such file. Never leaves the folder and never shows hidden files (resolve-path). */
async function sendFile(ctx: Koa.Context, folder: string, file: string): Promise<boolean> {
  try {
    return (await send(ctx, file, { root: folder })) !== undefined;
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return false;
    throw error;
  }
}

async function isBuilt(folder: string): Promise<boolean> {
  return stat(join(folder, APP_PAGE)).then(
    () => true,
    () => false,
  );
}
