import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** A browser that is there already saves a download: `ASSENT_CHROMIUM`, else one on the path. */
function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(
    (name) => folders.map((folder) => join(folder, name)),
  );
  return [process.env['ASSENT_CHROMIUM'], ...installed].find((path) => path && existsSync(path));
}

const executablePath = findBrowser();

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  // What a busy machine may need. No test waits for time to pass.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['CI'] ? [['list'], ['html', { open: 'never' }]] : 'list',
  use: {
    viewport: { width: 390, height: 844 },
    // The local certificate authority is made anew for each server.
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        // Service workers are stricter than pages: `ignoreHTTPSErrors` does not reach them.
        '--ignore-certificate-errors',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'app', testIgnore: 'screenshots.spec.ts' },
    // For looking at, beside the design: `pnpm run screenshots`.
    { name: 'screenshots', testMatch: 'screenshots.spec.ts' },
  ],
});
