// Where the browsers of this computer are. Looks, and starts nothing.
import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { Problem } from '../problem.ts';

export const BROWSER_KINDS = ['chromium', 'firefox'] as const;
export type BrowserKind = (typeof BROWSER_KINDS)[number];

/** As people know it. */
export const BROWSER_NAMES: Readonly<Record<BrowserKind, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
};

interface Whereabouts {
  /** Names in the folders of PATH, most wanted first. */
  commands: readonly string[];
  /** Where macOS has it. */
  applications: readonly string[];
  debianPackage: string;
}

const WHEREABOUTS: Readonly<Record<BrowserKind, Whereabouts>> = {
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    applications: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debianPackage: 'chromium',
  },
  firefox: {
    commands: ['firefox', 'firefox-esr'],
    applications: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debianPackage: 'firefox-esr',
  },
};

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  /** Folder in which the command was typed. */
  folder: string;
  platform: NodeJS.Platform;
}

/**
 * @param named a program that somebody named, instead of those that are looked for
 * @throws Problem `browser_missing`
 */
export async function findBrowser(
  kind: BrowserKind,
  named: string | undefined,
  surroundings: Surroundings,
): Promise<string> {
  const name = BROWSER_NAMES[kind];
  if (named !== undefined) {
    const path = resolve(surroundings.folder, named);
    if (await isExecutable(path)) return path;
    throw new Problem('browser_missing', `${path} is no program that can be run, expected ${name}.`, {
      hint: `Let it be found:   assent browser ${kind}`,
    });
  }
  const { commands, applications, debianPackage } = WHEREABOUTS[kind];
  const found = await findProgram(commands, applications, surroundings);
  if (found !== undefined) return found;
  const places = surroundings.platform === 'darwin' ? applications : [];
  throw new Problem('browser_missing', `No ${name} was found on this computer.`, {
    findings: [
      `looked for ${commands.join(', ')} in PATH: ${surroundings.env['PATH'] ?? ''}`,
      ...places.map((path) => `looked for ${path}`),
    ],
    hint: [
      `Install it:       sudo apt-get install ${debianPackage}`,
      `Or name it:       assent browser ${kind} --path /path/to/${commands[0]}`,
    ].join('\n'),
  });
}

/**
 * Makes a browser profile trust an authority: part of NSS, in Debian's package libnss3-tools. Undefined where there is none;
 * outside Linux the same name is another program.
 */
export async function findCertutil(surroundings: Surroundings): Promise<string | undefined> {
  return surroundings.platform === 'linux' ? findProgram(['certutil'], [], surroundings) : undefined;
}

async function findProgram(
  commands: readonly string[],
  applications: readonly string[],
  { env, platform }: Surroundings,
): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...commands.flatMap((command) => folders.map((folder) => join(folder, command))),
    ...(platform === 'darwin' ? applications : []),
  ];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
