// A link as a QR code for the terminal: two modules in each character. Black on white where there are colours, so that it is
// the right way round on every background; without them, as on a dark one. Quiet zone as in ISO/IEC 18004 §5.3.8.
import { encodeQR } from 'qr';
import type { Paint } from './output.ts';

const QUIET_ZONE = 4;

export interface QrDrawing {
  lines: readonly string[];
  /** Columns. */
  width: number;
}

export function drawQrCode(text: string, paint: Paint): QrDrawing {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: QUIET_ZONE });
  const hasColours = paint('code', '█') !== '█';
  const width = rows[0]?.length ?? 0;
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const halves = Array.from({ length: width }, (_, x) => {
      // Below the last row there is nothing: light, like the quiet zone.
      const [upper, lower] = [rows[y]?.[x] ?? false, rows[y + 1]?.[x] ?? false];
      return hasColours ? character(upper, lower) : character(!upper, !lower);
    });
    lines.push(paint('code', halves.join('')));
  }
  return { lines, width };
}

function character(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
