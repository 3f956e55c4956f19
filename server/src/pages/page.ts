// The frame around every page that the server itself writes, and the headers that keep it safe: no script, no foreign
// content, no frame, nothing to store. Called by login, sign-up, logout, consent and error pages, and for unknown paths.
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { html, Markup } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';

export interface Page {
  title: string;
  /** Whose page it is: the friendly name of the tenant. */
  owner: string;
  content: Markup;
  /** Rules beyond those that all pages have. Fixed text, like those. */
  style?: string;
}

/**
 * `form-action` is left out on purpose: browsers apply it to every redirect after a form too, and a login ends at the
 * application's address, which may redirect further. CSP Level 3 §6.4.2. Nothing on these pages could add a form.
 */
function contentSecurityPolicy(styles: readonly string[]): string {
  const hashes = styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  return [
    "default-src 'none'",
    `style-src ${hashes.join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const MARK = html`<svg viewBox="0 0 48 48" aria-hidden="true"><path d="M9.500 25.500c2.300-1.300 4.300-.3 6.200 3.300 1.600 3.100 2.900 4.600 4.200 2.100C24.300 22.300 30 14.800 39 8.200" stroke-width="5"/><path d="M9 40h30" stroke-width="3"/></svg>`;

// The mark on a tile, as an address: no request of its own.
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" fill="none" stroke-linecap="round" stroke-linejoin="round"><rect width="512" height="512" rx="112" fill="#1f3d99"/><g transform="translate(64 52) scale(8)"><path d="M9.500 25.500c2.300-1.300 4.300-.3 6.200 3.300 1.600 3.100 2.900 4.600 4.200 2.100C24.300 22.300 30 14.800 39 8.200" stroke="#fff" stroke-width="5"/><path d="M9 40h30" stroke="#a9bdff" stroke-width="3"/></g></svg>',
)}`;

/** Writes the page as the answer. */
export function sendPage(ctx: Context, status: number, page: Page): void {
  ctx.status = status;
  ctx.set('Content-Security-Policy', contentSecurityPolicy(stylesOf(page)));
  ctx.set('Cache-Control', 'no-store');
  // `no-referrer` would also turn the Origin of our own forms into "null". Fetch Standard §3.2.
  ctx.set('Referrer-Policy', 'same-origin');
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.type = 'html';
  ctx.body = frame(page).text;
}

/** Whether the caller would rather read a page than JSON: browsers say so, programs do not. */
export function prefersPage(ctx: Context): boolean {
  return ctx.accepts('json', 'html') === 'html';
}

function stylesOf({ style }: Page): string[] {
  return style === undefined ? [PAGE_STYLE] : [PAGE_STYLE, style];
}

function frame(page: Page): Markup {
  const { title, owner, content } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${owner}</title>
<link rel="icon" href="${ICON}">
${stylesOf(page).map((style) => html`<style>${new Markup(style)}</style>\n`)}</head>
<body>
<header class="brand">${MARK}<span>${owner}</span></header>
<main>
${content}
</main>
<footer class="foot">Assent, a test server. Nothing here is secret: never type a password that you use elsewhere.</footer>
</body>
</html>
`;
}
