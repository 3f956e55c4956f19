// A link as a QR code on a page, for the camera of a phone. Drawn on the server: these pages have no scripts and fetch nothing.
import { encodeQR } from 'qr';
import { html, type Markup } from './markup.ts';

/** Rules that a page with a code brings along. */
export const QR_STYLE = `.qr { justify-self: center; inline-size: min(16rem, 100%); border-radius: 8px; background: #ffffff; line-height: 0; }
.qr svg { inline-size: 100%; block-size: auto; }
`;

/** ISO/IEC 18004 §7.4.10, table 7: version 40 with error correction level L. */
const MOST_QR_BYTES = 2_953;

/** Dark on light in every scheme, or cameras would not read it. ISO/IEC 18004 §5.3.8: four modules around it stay light. */
export function drawQrCode(text: string, label: string): Markup {
  // A name may be as long as its tenant likes.
  if (Buffer.byteLength(text) > MOST_QR_BYTES)
    return html`<p class="note">This is too long for a QR code.</p>`;
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 4 });
  const size = rows.length;
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return html`<div class="qr"><svg role="img" aria-label="${label}" viewBox="0 0 ${String(size)} ${String(size)}" shape-rendering="crispEdges"><path d="${path}" fill="#000000"/></svg></div>`;
}
