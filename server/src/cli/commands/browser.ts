// `assent browser`: opens a browser that is wired to the running server, paired for a person and notified, on a profile of
// its own. Ends when its window is closed; Ctrl-C closes the window.
import { join, resolve } from 'node:path';
import {
  BROWSER_NAMES,
  type BrowserKind,
  type BrowserProcess,
  findBrowser,
  findCertutil,
  openProfileFolder,
  type ProfileFolder,
  startBrowser,
  type Wiring,
  wireBrowser,
} from '../../browsers/index.ts';
import type { Device } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Format } from '../output.ts';
import { showText } from '../output.ts';
import { findPerson } from '../person.ts';
import { findRunningServer, type RunningServer } from '../running-server.ts';
import { watchSignals } from '../signals.ts';

export interface BrowserFlags {
  user?: string;
  path?: string;
  profile?: string;
  headless?: boolean;
  /** False with `--no-push`. */
  push: boolean;
  /** False with `--no-page`. */
  page: boolean;
  dataFolder?: string;
  format: Format;
}

/** A browser that ends sooner has failed to start. */
const SHORTEST_LIFE_MS = 3_000;

export async function runBrowser(
  kind: BrowserKind,
  words: readonly string[],
  flags: BrowserFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const stopping = watchSignals(context.env);
  const server = await findRunningServer(context, flags);
  const person = await findPerson(server.transport, flags.user);
  const surroundings = { env: context.env, folder: context.folder, platform: process.platform };
  const program = await findBrowser(kind, flags.path, surroundings);
  requireDisplay(kind, flags, context);
  const named = flags.profile === undefined ? undefined : resolve(context.folder, flags.profile);
  const profile = await openProfileFolder(kind, named);
  try {
    const wiring = await wireBrowser(kind, {
      profile: profile.path,
      url: server.url,
      caFile: server.caFile,
      certutil: await findCertutil(surroundings),
      usesPush: flags.push,
      isHeadless: flags.headless === true,
      isRoot: process.getuid?.() === 0,
      xAuthority: findXAuthority(context.env),
      words,
      openForChromium: () => openForChromium(server),
    });
    const page = flags.page ? await choosePage(server, profile, person.user_id) : { address: 'about:blank' };
    const startedAtMs = performance.now();
    const browser = await startBrowser(kind, program, wiring.launch(page.address), context.env);
    tellOpened({ kind, program, profile, wiring, browser }, flags, context);
    const following = new AbortController();
    const followed = followDevice(
      { server, profile, userId: person.user_id, ...page },
      flags,
      context,
      following.signal,
    );
    stopping.signal.addEventListener('abort', () => void browser.end(), { once: true });
    if (stopping.signal.aborted) void browser.end();
    const end = await browser.ended;
    following.abort();
    await followed;
    const isFailure = end.code !== 0 && performance.now() - startedAtMs < SHORTEST_LIFE_MS;
    if (isFailure && !stopping.signal.aborted) throw startFailure(kind, program, end.complaints);
    return EXIT.fine;
  } finally {
    await profile.close();
  }
}

function requireDisplay(kind: BrowserKind, { headless }: BrowserFlags, { env }: CommandContext): void {
  const hasDisplay = process.platform !== 'linux' || env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  if (hasDisplay || headless) return;
  throw new Problem('browser_failed', 'There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.', {
    hint: `Without a window, for tests:   assent browser ${kind} --headless`,
  });
}

/** X11 looks for its key below HOME unless a variable says where it is. */
function findXAuthority(env: CommandContext['env']): string | undefined {
  return env['XAUTHORITY'] ?? (env['HOME'] && env['DISPLAY'] ? join(env['HOME'], '.Xauthority') : undefined);
}

async function openForChromium({ control, url }: RunningServer): Promise<readonly string[] | undefined> {
  return url.startsWith('https:') ? control.openForChromium() : undefined;
}

interface Page {
  address: string;
  /** The device that this browser is, or will be; undefined where nobody pairs it. */
  deviceId?: string;
}

/** The app where this profile is paired already, else a link that pairs it. */
async function choosePage(
  { control, url }: RunningServer,
  profile: ProfileFolder,
  userId: string,
): Promise<Page> {
  const known = profile.mark.device;
  if (known?.userId === userId) {
    const isKnown = (await control.devices(userId)).some(({ id }) => id === known.id);
    if (isKnown) return { address: `${url}/approve/`, deviceId: known.id };
  }
  const invitation = await control.inviteBrowser(userId);
  return { address: invitation.url, deviceId: invitation.device_id };
}

interface Opened {
  kind: BrowserKind;
  program: string;
  profile: ProfileFolder;
  wiring: Wiring;
  browser: BrowserProcess;
}

function tellOpened(opened: Opened, { format, headless }: BrowserFlags, { terminal }: CommandContext): void {
  const { kind, program, profile, wiring, browser } = opened;
  if (format !== 'text') {
    terminal.data(
      JSON.stringify({
        type: 'opened',
        browser: kind,
        program,
        pid: browser.pid,
        profile: profile.path,
        trust: wiring.trust ?? null,
        push: wiring.push.by,
      }),
    );
    return;
  }
  const label = (text: string): string => terminal.paintNote('quiet', text.padEnd(11));
  const push =
    wiring.push.by === 'web-push'
      ? 'through Assent’s own push service'
      : 'none; by the relay while a page is open';
  const lines = [
    '',
    `  ${label(BROWSER_NAMES[kind])}${program}`,
    `  ${label('Profile')}${profile.path}${profile.isTemporary ? ', removed at the end' : ''}`,
    `  ${label('Trusts')}${wiring.trust ?? 'what it trusts anyway'}`,
    `  ${label('Web push')}${push}`,
    ...(wiring.push.remark === undefined
      ? []
      : [`  ${label('')}${terminal.paintNote('warning', wiring.push.remark)}`]),
    '',
    headless ? '  Press Ctrl-C to end it.' : '  Close its window or press Ctrl-C to end it.',
    '',
  ];
  terminal.note(lines.join('\n'));
}

interface Followed extends Page {
  server: RunningServer;
  profile: ProfileFolder;
  userId: string;
}

/** Tells when the device has paired, and each way by which it is notified. */
async function followDevice(
  { server, profile, userId, deviceId }: Followed,
  { format }: BrowserFlags,
  { terminal, commandName }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  if (deviceId === undefined) return;
  let told: Device | undefined;
  const tell = async (device: Device): Promise<void> => {
    if (told === undefined) await profile.remember({ id: device.id, userId });
    if (told?.push === device.push) return;
    told = device;
    if (format !== 'text') {
      terminal.data(JSON.stringify({ type: 'device', ...device }));
      return;
    }
    const name = `${showText(device.name)} of ${showText(device.user_name)}`;
    terminal.note(`  ${terminal.paintNote('good', '✓')} ${name} is paired, ${WAYS[device.push]}`);
    if (device.push === 'web-push')
      terminal.note(
        `  Try it:  ${commandName} ask "Pay 42 EUR to Grace" --user ${userId.split('|').at(-1)}\n`,
      );
  };
  try {
    // From the first event on: what happens before the stream is open is missed by nobody.
    for await (const { type } of server.control.events({ afterNumber: 0, signal })) {
      if (!type.startsWith('device.')) continue;
      const device = (await server.control.devices(userId)).find(({ id }) => id === deviceId);
      if (device?.status === 'confirmed') await tell(device);
    }
  } catch (error) {
    // The server has stopped. The browser goes on, as it would for anybody.
    if (!signal.aborted) terminal.note(`  ${error instanceof Error ? error.message : String(error)}`);
  }
}

const WAYS: Readonly<Record<Device['push'], string>> = {
  none: 'not notified yet',
  'web-push': 'notified by web push, with its page closed too',
  relay: 'notified by the relay, while its page is open',
  lost: 'given up by its push service until it opens the app again',
};

function startFailure(kind: BrowserKind, program: string, complaints: string): Problem {
  const findings = complaints
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5);
  return new Problem('browser_failed', `${program} ended at once.`, {
    findings,
    hint: `Without a window:   assent browser ${kind} --headless\nAnother program:    assent browser ${kind} --path /path/to/it`,
  });
}
