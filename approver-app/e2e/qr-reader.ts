// A camera for QR codes on the screen: paints the modules that are drawn, and has them decoded.
import type { Locator } from '@playwright/test';
import decodeQR from 'qr/decode.js';

const PIXELS_PER_MODULE = 4;

export async function readQrCode(picture: Locator): Promise<string> {
  const modules = Number((await picture.getAttribute('viewBox'))?.split(' ')[2]);
  const path = (await picture.locator('path').getAttribute('d')) ?? '';
  const size = modules * PIXELS_PER_MODULE;
  const data = new Uint8Array(size * size * 3).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
    for (let line = 0; line < PIXELS_PER_MODULE; line += 1) {
      const start = ((Number(y) * PIXELS_PER_MODULE + line) * size + Number(x) * PIXELS_PER_MODULE) * 3;
      data.fill(0, start, start + PIXELS_PER_MODULE * 3);
    }
  }
  return decodeQR({ width: size, height: size, data });
}
