import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { type Paint, paintNothing } from './output.ts';
import { drawQrCode, type QrDrawing } from './qr-code.ts';

const LINK = 'http://192.168.100.200:44443/ca';

/** What a camera reads, when a filled half of a character looks dark or light. */
function readAsCamera({ lines, width }: QrDrawing, isFilledDark: boolean): string {
  const SCALE = 4;
  const rows = lines.flatMap((line) => [
    [...line].map((character) => '█▀'.includes(character) === isFilledDark),
    [...line].map((character) => '█▄'.includes(character) === isFilledDark),
  ]);
  const height = rows.length * SCALE;
  const data = new Uint8Array(width * SCALE * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width * SCALE; x += 1) {
      const isDark = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === true;
      if (isDark) data.fill(0, (y * width * SCALE + x) * 4, (y * width * SCALE + x) * 4 + 3);
    }
  }
  return decodeQR({ width: width * SCALE, height, data });
}

test('with colours a camera reads the link in black on white', () => {
  const asPainted: Paint = (_style, text) => `<${text}>`;
  const drawing = drawQrCode(LINK, asPainted);
  const lines = drawing.lines.map((line) => line.slice(1, -1));
  expect(readAsCamera({ ...drawing, lines }, true)).toBe(LINK);
});

test('without colours a camera reads it from a dark terminal, whose characters are light', () => {
  expect(readAsCamera(drawQrCode(LINK, paintNothing), false)).toBe(LINK);
});

test('it fits into a terminal of 80 columns and 24 rows', () => {
  const { width, lines } = drawQrCode(LINK, paintNothing);
  expect(width).toBeLessThan(76);
  expect(lines.length).toBeLessThan(24);
});
