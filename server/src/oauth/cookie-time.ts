// Cookies that end by the tenant's clock. Browsers take the `Date` of an answer for the time of whoever sent it, and reckon
// from there when a cookie ends (RFC 6265 §5.2.1 leaves that to them; Chromium does). So both must be of one time.
import type { ServerResponse } from 'node:http';

/** Makes the `Expires` of all cookies that `response` sets later by so many seconds. */
export function dateCookies(response: ServerResponse, leadSeconds: number): void {
  const cookies = response.getHeader('set-cookie');
  if (leadSeconds === 0 || cookies === undefined || response.headersSent) return;
  response.setHeader(
    'set-cookie',
    [cookies]
      .flat()
      .map((cookie) =>
        String(cookie).replace(
          /(; expires=)([^;]+)/gi,
          (_all, name: string, text: string) =>
            name + new Date(Date.parse(text) + leadSeconds * 1000).toUTCString(),
        ),
      ),
  );
}
