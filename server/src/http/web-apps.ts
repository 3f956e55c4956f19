// Serves the built web apps: the approver app under /approve, the sequence view and the console beside it. The files of all
// three lie below /approve. Those whose name carries a hash may be kept for ever, all others never; a path without a file is
// a screen, so it gets the page of its app.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { send } from '@koa/send';
import type Koa from 'koa';
import type { RouteSummary } from '../routes.ts';

/** Each kind of reader has a page of its own, so that a phone never loads the developer's tools. */
const ENTRIES = [
  { path: '/approve', page: 'phone.html', purpose: 'open the approver app' },
  { path: '/sequence', page: 'sequence.html', purpose: 'watch requests, arrow by arrow' },
  { path: '/console', page: 'console.html', purpose: 'see and change the tenant' },
] as const;
type Entry = (typeof ENTRIES)[number];

/** Also the folder of everything that the bundler wrote. */
const APP_PATH = '/approve';

/** No foreign code, no frame, no form, and no address but our own. Inline styles are what messages of the mailbox need, whose frame inherits this. */
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

export const webAppRoutes: readonly RouteSummary[] = ENTRIES.map(({ path, purpose }) => ({
  method: 'GET',
  path,
  purpose,
}));

/** The web apps that a reader of a terminal can open beside the approver app. */
export interface DeskPages {
  sequence: boolean;
  console: boolean;
}

/** Which of them have been built. */
export function findDeskPages(folder: string): DeskPages {
  return {
    sequence: existsSync(join(folder, 'sequence.html')),
    console: existsSync(join(folder, 'console.html')),
  };
}

/** @param folder what the bundler wrote; may be missing when running from source */
export function serveWebApps(folder: string): Koa.Middleware {
  return async (ctx, next) => {
    const entry = findEntry(ctx.path);
    if (entry === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    // The service worker answers for what is below the slash, and for no page that was opened without it.
    if (ctx.path === APP_PATH) return ctx.redirect(`${APP_PATH}/${ctx.search}`);
    ctx.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    ctx.set('Referrer-Policy', 'no-referrer');
    const file = ctx.path.slice(entry.path.length);
    ctx.set('Cache-Control', HASHED_ASSET.test(file) ? 'public, max-age=31536000, immutable' : 'no-store');
    // A name with an extension asks for a file; everything else is a screen. Only one of the folders is there.
    const isScreen = extname(file) === '' || entry.path !== APP_PATH;
    if (await sendFile(ctx, folder, isScreen ? `/${entry.page}` : file)) return;
    ctx.set('Cache-Control', 'no-store');
    if (!isScreen && (await isBuilt(folder, entry))) return next();
    ctx.status = 503;
    ctx.type = 'text/plain';
    ctx.body =
      'This app has not been built yet.\n\nBuild and start everything:  npm start\nOr answer from the terminal:  assent approve latest\n';
  };
}

function findEntry(path: string): Entry | undefined {
  return ENTRIES.find((entry) => path === entry.path || path.startsWith(`${entry.path}/`));
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

async function isBuilt(folder: string, { page }: Entry): Promise<boolean> {
  return stat(join(folder, page)).then(
    () => true,
    () => false,
  );
}
