// What the folders that answer with a page may use.
export { html, type Markup } from './markup.ts';
export { prefersPage, sendPage } from './page.ts';
export { drawQrCode, QR_STYLE } from './qr-drawing.ts';
export { redirectInPlainText } from './redirects.ts';
