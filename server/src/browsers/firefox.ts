// Stock Firefox, wired by the preferences of its profile. A profile that is kept gets them anew each time.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { overrideLine, readCertificate, trustAuthority } from './trust.ts';
import type { BrowserLaunch, BrowserWish, Wiring } from './wiring.ts';

type Preferences = Record<string, string | number | boolean>;

/** About the width of a phone; Firefox makes a window no narrower than this. */
const WINDOW = { width: '500', height: '900' };

/** What keeps a new profile from greeting, asking and reporting. */
const QUIET: Preferences = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.preonboarding.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

export async function wireFirefox(wish: BrowserWish): Promise<Wiring> {
  const trust = await trustServer(wish);
  const preferences: Preferences = {
    ...QUIET,
    // In this profile there is one site, and somebody has just asked for its notifications.
    'permissions.default.desktop-notification': 1,
    ...(wish.usesPush ? pushPreferences(wish.url) : {}),
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(wish.profile, 'user.js'), lines.join(''));
  const windowPlace = {
    'chrome://browser/content/browser.xhtml': { 'main-window': { ...WINDOW, sizemode: 'normal' } },
  };
  await writeFile(join(wish.profile, 'xulstore.json'), JSON.stringify(windowPlace), { flag: 'wx' }).catch(
    () => {
      // There from the last time: the person's own choice.
    },
  );
  return {
    launch: (page) => launchOf(wish, page),
    trust,
    push: wish.usesPush ? { by: 'web-push' } : { by: 'relay' },
  };
}

function pushPreferences(url: string): Preferences {
  return {
    'dom.push.serverURL': `${url.replace(/^http/, 'ws')}/push/autopush`,
    // Plain http alone needs this one.
    ...(url.startsWith('http:') ? { 'dom.push.testing.allowInsecureServerURL': true } : {}),
    // True anyway, but a Firefox that is controlled from outside turns it off unless the profile says so.
    'dom.push.connection.enabled': true,
  };
}

function launchOf({ profile, isHeadless, words }: BrowserWish, page: string): BrowserLaunch {
  return {
    words: ['--new-instance', '--profile', profile, ...(isHeadless ? ['--headless'] : []), ...words, page],
    env: {},
  };
}

async function trustServer({ url, caFile, certutil, profile }: BrowserWish): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  if (certutil !== undefined) {
    await trustAuthority(certutil, profile, caFile);
    return 'the authority of this Assent, in this profile alone (certutil)';
  }
  const line = overrideLine(url, await readCertificate(url));
  await writeFile(join(profile, 'cert_override.txt'), line);
  return 'the certificate of this server alone, as an exception (there is no certutil here)';
}
