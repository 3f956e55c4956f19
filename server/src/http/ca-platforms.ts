// How each platform comes to trust a certificate authority, and how it is taken away again. Words of the platforms in
// 2026; where makers name their settings differently, the search of the settings finds them.
import { html, type Markup } from '../pages/index.ts';

export type PlatformId = 'ios' | 'android' | 'windows' | 'macos' | 'linux' | 'firefox';

export interface Platform {
  id: PlatformId;
  name: string;
  /** What to load first: label and address. Firefox takes the same file as the others. */
  file: readonly [label: string, path: string];
  trust: readonly Markup[];
  remove: readonly Markup[];
  note?: Markup;
}

const AUTHORITY = 'Assent, for this computer only';

export const PLATFORMS: readonly Platform[] = [
  {
    id: 'ios',
    name: 'iPhone and iPad',
    file: ['Load the profile', '/ca.mobileconfig'],
    trust: [
      html`Open this page in Safari, load the profile, and allow it.`,
      html`Settings, <b>Profile Downloaded</b> (or General, VPN &amp; Device Management, <b>Assent test server</b>): Install.`,
      html`Settings, General, About, <b>Certificate Trust Settings</b>: switch <b>${AUTHORITY}</b> on. Without this step nothing trusts it.`,
      html`For notifications: open the approver app in Safari, Share, <b>Add to Home Screen</b>, open it from there and pair it there. The home-screen app knows nothing of what Safari has paired.`,
    ],
    remove: [
      html`Settings, General, VPN &amp; Device Management, <b>Assent test server</b>: Remove Profile.`,
    ],
  },
  {
    id: 'android',
    name: 'Android',
    file: ['Load the certificate', '/ca.crt'],
    trust: [
      html`Load the certificate; it is saved under Downloads.`,
      html`Settings, Security, Encryption &amp; credentials, <b>Install a certificate</b>, CA certificate, Install anyway: choose <code>assent-ca.crt</code>. A screen lock is needed. If your settings look different, search them for “CA certificate”.`,
      html`Close the browser and open the approver app in Chrome.`,
    ],
    remove: [
      html`Settings, Security, Encryption &amp; credentials, <b>Trusted credentials</b>, User: choose Assent, Remove.`,
    ],
    note: html`Android says from then on that the network may be monitored. Firefox on Android leaves such certificates out unless its secret settings say otherwise: use Chrome.`,
  },
  {
    id: 'windows',
    name: 'Windows',
    file: ['Load the certificate', '/ca.crt'],
    trust: [
      html`In the folder of the file: <code>certutil -user -addstore Root assent-ca.crt</code>`,
      html`Close the browser and open it again.`,
    ],
    remove: [html`<code>certutil -user -delstore Root "${AUTHORITY}"</code>`],
  },
  {
    id: 'macos',
    name: 'macOS',
    file: ['Load the certificate', '/ca.crt'],
    trust: [
      html`In the folder of the file: <code>security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db assent-ca.crt</code>`,
      html`Close the browser and open it again.`,
    ],
    remove: [html`<code>security delete-certificate -c "${AUTHORITY}"</code>`],
  },
  {
    id: 'linux',
    name: 'Linux, Chrome and Chromium',
    file: ['Load the certificate', '/ca.pem'],
    trust: [
      html`In the folder of the file: <code>certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n assent -i assent-ca.pem</code> (in Debian’s <code>libnss3-tools</code>, Fedora’s <code>nss-tools</code>).`,
      html`Close the browser and open it again.`,
    ],
    remove: [html`<code>certutil -d sql:$HOME/.pki/nssdb -D -n assent</code>`],
  },
  {
    id: 'firefox',
    name: 'Firefox on a computer',
    file: ['Load the certificate', '/ca.crt'],
    trust: [
      html`Firefox has a store of its own: Settings, Privacy &amp; Security, <b>View Certificates</b>, Authorities, Import: choose the file and tick <b>Trust this CA to identify websites</b>.`,
    ],
    remove: [html`In the same list, under Assent: <b>Delete or Distrust</b>.`],
    note: html`On Windows and macOS it also takes what the system trusts.`,
  },
];

/** Whose instructions are most probably wanted. A browser may say what it likes; all the others are on the page too. */
export function platformOf(userAgent: string): PlatformId | undefined {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Windows/.test(userAgent)) return 'windows';
  if (/Macintosh/.test(userAgent)) return 'macos';
  return /Linux|X11/.test(userAgent) ? 'linux' : undefined;
}
