// Stock Chromium, or Chrome, wired by switches.
import { mkdir, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { readOptional } from '../disk.ts';
import { keyHashOf, readCertificate, trustAuthority } from './trust.ts';
import type { BrowserLaunch, BrowserWish, Wiring } from './wiring.ts';

/** What keeps a new profile from greeting, asking and calling home. */
const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--hide-crash-restore-bubble',
  '--password-store=basic',
  '--use-mock-keychain',
];
/** About the size of a phone. */
const WINDOW = '--window-size=500,900';

export async function wireChromium(wish: BrowserWish): Promise<Wiring> {
  const switches = wish.usesPush ? await wish.openForChromium() : undefined;
  const trust = await trustServer(wish);
  await allowNotifications(wish);
  const words = [...QUIET, WINDOW, ...(switches ?? []), ...trust.words];
  return {
    launch: (page) => launchOf(wish, [...words, ...wish.words, page], trust.home),
    trust: trust.text,
    push: pushOf(wish, switches),
  };
}

function pushOf({ usesPush }: BrowserWish, switches: readonly string[] | undefined): Wiring['push'] {
  if (!usesPush) return { by: 'relay' };
  if (switches === undefined) {
    return { by: 'relay', remark: 'Chromium has no push over plain http: start Assent without --http' };
  }
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  if (addresses.some(({ internal }) => !internal)) return { by: 'web-push' };
  return {
    by: 'web-push',
    remark:
      'Chromium opens no push connection while loopback is the only network interface; one without a route is enough',
  };
}

function launchOf(
  { profile, isHeadless, isRoot, xAuthority }: BrowserWish,
  words: readonly string[],
  ownHome: string | undefined,
): BrowserLaunch {
  return {
    words: [
      `--user-data-dir=${profile}`,
      ...(isHeadless ? ['--headless'] : []),
      // Its sandbox refuses to run as root, as in containers.
      ...(isRoot ? ['--no-sandbox'] : []),
      ...words,
    ],
    env: {
      ...(ownHome === undefined ? {} : { HOME: ownHome }),
      ...(xAuthority === undefined ? {} : { XAUTHORITY: xAuthority }),
    },
  };
}

interface Trust {
  words: string[];
  text: string | undefined;
  home?: string;
}

/** Chromium on Linux keeps authorities below the person's home, so that it gets a home of its own, in the profile. */
async function trustServer({ url, caFile, certutil, profile }: BrowserWish): Promise<Trust> {
  if (caFile === undefined) return { words: [], text: undefined };
  if (certutil !== undefined) {
    const home = join(profile, 'home');
    await trustAuthority(certutil, join(home, '.pki', 'nssdb'), caFile);
    return { words: [], home, text: 'the authority of this Assent, in this profile alone (certutil)' };
  }
  const hash = keyHashOf(await readCertificate(url));
  return {
    words: [`--ignore-certificate-errors-spki-list=${hash}`],
    text: 'the key of this server alone, by a switch (there is no certutil here)',
  };
}

/** Content settings are plain preferences; a permission of remote control would end with the browser. */
async function allowNotifications({ profile, url }: BrowserWish): Promise<void> {
  const folder = join(profile, 'Default');
  const file = join(folder, 'Preferences');
  await mkdir(folder, { recursive: true });
  const kept: unknown = JSON.parse((await readOptional(file)) ?? '{}');
  const path = ['profile', 'content_settings', 'exceptions', 'notifications', `${url},*`];
  await writeFile(file, JSON.stringify(withMember(kept, path, { setting: 1 })));
}

function withMember(value: unknown, [name, ...path]: readonly string[], member: unknown): unknown {
  if (name === undefined) return member;
  const object: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  return { ...object, [name]: withMember(object[name], path, member) };
}
