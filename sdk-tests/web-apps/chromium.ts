// The browser of a person who uses a web application: Chromium, found as in the other browser tests.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** One that is there already saves a download: `ASSENT_CHROMIUM`, else one on the path, else Playwright's. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [process.env['ASSENT_CHROMIUM'], ...installed].find((path) => path && existsSync(path));
}

/** @param resolverRules which host names lead where, as `--host-resolver-rules` has them */
export async function launchChromium(resolverRules: string): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      `--host-resolver-rules=${resolverRules}`,
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
}
