// What the terminal says about phones: whether one reaches this server, how it comes to trust it, and what works then. Pure.
import { isLoopback, type NetworkAddress } from '../network-addresses.ts';
import type { Paint } from './output.ts';
import { drawQrCode } from './qr-code.ts';

export interface PhoneContent {
  /** Address it listens on. */
  host: string;
  /** Where other computers reach it, the likeliest first. */
  networkUrls: readonly string[];
  /** Addresses of this computer in its networks, the likeliest first. */
  networkAddresses: readonly NetworkAddress[];
  /** SHA-256 of the authority; undefined on plain http. */
  fingerprint: string | undefined;
  /** Columns of a terminal in front of which somebody sits; undefined otherwise. */
  columns: number | undefined;
}

type Line = readonly [label: string, text: (paint: Paint) => string];

/** Rows of the banner. */
export function describePhone(content: PhoneContent): Line[] {
  const { host, networkUrls, networkAddresses, fingerprint } = content;
  const [url, ...others] = networkUrls;
  const label = 'Approver on a phone';
  if (isLoopback(host)) {
    return [[label, () => 'off; start with --host 0.0.0.0 to allow it']];
  }
  if (url === undefined) return [[label, () => 'no; this computer is in no network']];
  if (fingerprint === undefined) {
    return [[label, () => 'no; over plain http no browser signs an answer. Start without --http']];
  }
  const [first, second] = [fingerprint.slice(0, 47), fingerprint.slice(48)];
  return [
    [label, (paint) => paint('address', `${url}/approve`)],
    [
      '  who can approve',
      (paint) => paint('warning', 'whoever reaches that address, for everybody: there is no password'),
    ],
    [
      '  make it trust this',
      (paint) => `${paint('address', trustUrl(url))}   and compare the SHA-256 there:`,
    ],
    ['', () => first],
    ['', () => second],
    ...(others.length === 0
      ? []
      : [
          [
            '  other addresses',
            () => others.map((other) => nameOf(other, networkAddresses)).join(', '),
          ] as const,
        ]),
  ];
}

/** Below the banner, for somebody with a phone in the hand. Nothing where no phone reaches the server. */
export function invitePhone({ networkUrls, fingerprint, columns }: PhoneContent, paint: Paint): string[] {
  const [url] = networkUrls;
  if (url === undefined || fingerprint === undefined) return [];
  const code = drawQrCode(trustUrl(url), paint);
  const fits = columns !== undefined && columns >= code.width + 4;
  return [
    ...(fits
      ? [
          '  Point the phone’s camera here. The page says how to trust this server, and leads on to the app.',
          '',
          ...code.lines.map((line) => `  ${line}`),
          '',
        ]
      : []),
    '  Notifications reach a phone whose page is closed only with the internet, on iPhone and iPad only from the home screen.',
    '  Without the internet, requests appear while the page is open.',
    '',
  ];
}

/** Over plain http: over https the phone would not show it yet. */
function trustUrl(url: string): string {
  return `${url.replace(/^https:/, 'http:')}/ca`;
}

function nameOf(url: string, addresses: readonly NetworkAddress[]): string {
  const { hostname } = new URL(url);
  const known = addresses.find(({ address }) => address === hostname);
  return known === undefined ? hostname : `${hostname} (${known.interfaceName})`;
}
