import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** A browser that is already there saves a download. The same search as in scripts/install-browser.mjs. */
const folders = (process.env['PATH'] ?? '').split(delimiter);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const executablePath =
  process.env['ASSENT_CHROMIUM'] ??
  names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));

const phone = { width: 390, height: 844 };

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['CI'] ? [['list'], ['html', { open: 'never' }]] : 'list',
  use: {
    viewport: phone,
    // The local certificate authority is made anew for each server.
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    },
  },
  projects: [
    { name: 'app', testIgnore: 'screenshots.spec.ts' },
    // For looking at, beside the design: `playwright test --project screenshots`.
    { name: 'screenshots', testMatch: 'screenshots.spec.ts' },
  ],
});
