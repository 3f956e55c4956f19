// What these tests need of this computer. Nothing is replaced by something else: where one thing is missing, there is no
// result. On Debian, as root, scripts/install-browser.mjs installs all of it.
import { accessSync, constants } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Programs {
  firefox: string;
  chromium: string;
  /** A message bus of our own. */
  dbusDaemon: string;
}

interface Wanted {
  names: readonly string[];
  /** Variable that names another one. */
  variable?: string;
  debianPackage: string;
}

const WANTED: Record<keyof Programs, Wanted> = {
  firefox: { names: ['firefox-esr', 'firefox'], variable: 'ASSENT_FIREFOX', debianPackage: 'firefox-esr' },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'ASSENT_CHROMIUM',
    debianPackage: 'chromium',
  },
  dbusDaemon: { names: ['dbus-daemon'], debianPackage: 'dbus-daemon' },
};

/** All of them, or what is missing and how to get it. */
export function findPrograms(): { programs: Programs } | { missing: string } {
  const missing: Wanted[] = [];
  const find = (wanted: Wanted): string => {
    const named = wanted.variable === undefined ? undefined : process.env[wanted.variable];
    const path = (named ? [named] : candidates(wanted.names)).find(isExecutable);
    if (path === undefined) missing.push(wanted);
    return path ?? '';
  };
  const programs: Programs = {
    firefox: find(WANTED.firefox),
    chromium: find(WANTED.chromium),
    dbusDaemon: find(WANTED.dbusDaemon),
  };
  if (missing.length === 0) return { programs };
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ');
  return {
    missing: [
      `${missing.map(({ names }) => names[0]).join(', ')} not found: sudo apt-get install --no-install-recommends ${packages}`,
      ...missing.flatMap(({ names, variable }) =>
        variable === undefined ? [] : [`or name another ${names[0]}: export ${variable}=/path/to/it`],
      ),
    ].join('; '),
  };
}

/** What keeps Chromium from opening its push connection here. Firefox needs no more than loopback. */
export function missingForChromiumPush(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  if (addresses.some(({ internal }) => !internal)) return undefined;
  return 'Chromium opens no push connection while loopback is the only network interface; one without a route is enough';
}

function candidates(names: readonly string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
