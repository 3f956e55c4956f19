// What the terminal says once a class is ready. Pure: what runs → text.
import type { RunningClass } from '../classroom/classroom.ts';
import type { Paint } from './output.ts';
import { drawQrCode } from './qr-code.ts';

export interface ClassBannerContent {
  version: string;
  running: Pick<RunningClass, 'url' | 'networkUrls' | 'teacherToken' | 'places'>;
  /** SHA-256 of the authority. */
  fingerprint: string;
  /** File with the token of the teacher. */
  runFile: string;
  data: string | undefined;
  configFile: string | undefined;
  /** Columns of a terminal in front of which somebody sits; undefined otherwise. */
  columns: number | undefined;
}

const LABEL_WIDTH = 23;

export function formatClassBanner(content: ClassBannerContent, paint: Paint): string {
  const { version, running, data, configFile } = content;
  const { places, networkUrls, url } = running;
  const rows: Array<readonly [string, string]> = [
    ['Students join at', paint('address', `${networkUrls.at(0) ?? url}/`)],
    ['Teacher', `${paint('address', `${url}/teacher`)}   ${paint('quiet', 'open on this computer')}`],
    ...describeReach(content, paint),
    ['Places', `${places.length}   ${paint('quiet', describePorts(content))}`],
    ['Each begins with', configFile ?? 'the bank before the lab'],
    ['Data', data ?? 'memory, lost on exit'],
  ];
  return [
    '',
    `  ${paint('title', `assent ${version}`)}   ${paint('quiet', 'a class, not for production')}`,
    '',
    ...rows.map(([label, text]) => `  ${paint('quiet', label.padEnd(LABEL_WIDTH))}${text}`),
    '',
    ...invite(content, paint),
    `  ${paint('good', 'Ready.')}  ${paint('quiet', 'Ctrl-C ends the class.')}`,
    '',
  ].join('\n');
}

function describeReach(
  { running: { networkUrls, teacherToken }, fingerprint, runFile }: ClassBannerContent,
  paint: Paint,
): Array<readonly [string, string]> {
  const token = teacherToken === undefined ? [] : [['  from elsewhere', `token in ${runFile}`] as const];
  const [url, ...others] = networkUrls;
  if (url === undefined)
    return [...token, ['The room', 'is not let in; start with --host 0.0.0.0 to allow it']];
  return [
    ...token,
    [
      '  who can approve',
      paint('warning', 'whoever reaches a place, for everybody in it: there is no password'),
    ],
    ['  to trust the class', `${paint('address', plain(url))}   and compare the SHA-256 there:`],
    ['', fingerprint.slice(0, 47)],
    ['', fingerprint.slice(48)],
    ...(others.length === 0
      ? []
      : [['  other addresses', others.map((other) => new URL(other).hostname).join(', ')] as const]),
  ];
}

function describePorts({ running: { places } }: ClassBannerContent): string {
  const ports = places.map(({ assent }) => Number(new URL(assent.url).port));
  const [first = 0] = ports;
  const areInARow = ports.every((port, index) => port === first + index);
  if (!areInARow) return 'on ports that were free';
  return ports.length === 1 ? `on port ${first}` : `on ports ${first} to ${first + ports.length - 1}`;
}

function invite({ running: { networkUrls }, columns }: ClassBannerContent, paint: Paint): string[] {
  const url = networkUrls.at(0);
  if (url === undefined) return [];
  const code = drawQrCode(plain(url), paint);
  if (columns === undefined || columns < code.width + 4) return [];
  return [
    '  Students point a camera here, or type the address. The page says how to trust the class, and leads on to joining.',
    '',
    ...code.lines.map((line) => `  ${line}`),
    '',
  ];
}

/** Over plain http: over https a device that does not trust the class yet would not show it. */
function plain(url: string): string {
  return `${url.replace(/^https:/, 'http:')}/ca`;
}
