// Keys for whoever sits at the terminal of the running server. Never active in CI or behind a pipe.
import { spawn } from 'node:child_process';
import type { ControlClient } from '../control-client.ts';
import type { RunningAssent } from '../running-assent.ts';
import type { Terminal } from './output.ts';

export interface ShortcutOptions {
  stdin: NodeJS.ReadStream;
  terminal: Terminal;
  control: ControlClient;
  pages: RunningAssent['pages'];
  quit(): void;
}

interface Shortcut {
  key: string;
  does: string;
  /** Left out: always. */
  isOffered?(options: ShortcutOptions): boolean;
  run(options: ShortcutOptions): Promise<void> | void;
}

const SHORTCUTS: readonly Shortcut[] = [
  { key: 'o', does: 'open the approver app', run: (options) => openPage(options, options.pages.approverApp) },
  {
    key: 's',
    does: 'open the sequence view',
    isOffered: ({ pages }) => pages.sequence !== undefined,
    run: (options) => openPage(options, options.pages.sequence),
  },
  {
    key: 't',
    does: 'open the console of the tenant',
    isOffered: ({ pages }) => pages.console !== undefined,
    run: (options) => openPage(options, options.pages.console),
  },
  { key: 'a', does: 'approve the latest request', run: (options) => decideLatest(options, 'approve') },
  { key: 'd', does: 'deny the latest request', run: (options) => decideLatest(options, 'deny') },
  { key: 'c', does: 'clear the screen', run: ({ terminal }) => terminal.clear() },
  { key: 'h', does: 'show this list', run: listShortcuts },
  { key: 'q', does: 'quit', run: ({ quit }) => quit() },
];

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** Listens for keys until the returned function is called. */
export function watchShortcuts(options: ShortcutOptions): () => void {
  const { stdin, terminal, quit } = options;
  const onKeys = (chunk: Buffer): void => {
    for (const key of chunk.toString('utf8')) {
      // In raw mode the terminal hands these over instead of signalling.
      if (key === CTRL_C || key === CTRL_D) quit();
      const shortcut = SHORTCUTS.find((candidate) => candidate.key === key.toLowerCase());
      Promise.resolve(shortcut?.run(options)).catch((error: unknown) => {
        terminal.note(
          `  ${terminal.paintNote('bad', error instanceof Error ? error.message : String(error))}`,
        );
      });
    }
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('data', onKeys);
  return () => {
    stdin.off('data', onKeys);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

function listShortcuts(options: ShortcutOptions): void {
  const { terminal } = options;
  for (const { key, does } of SHORTCUTS.filter(({ isOffered }) => isOffered?.(options) ?? true))
    terminal.note(`  ${terminal.paintNote('title', key)}  ${does}`);
}

async function decideLatest(
  { control, terminal }: ShortcutOptions,
  decision: 'approve' | 'deny',
): Promise<void> {
  const [latest] = await control.requests({ state: 'pending', limit: 1 });
  if (!latest) return terminal.note('  Nothing waits for a decision.');
  // The log tells what came of it.
  await (decision === 'approve' ? control.approve(latest.id) : control.deny(latest.id));
}

function openPage({ terminal }: ShortcutOptions, url: string | undefined): void {
  if (url === undefined) {
    terminal.note('  That page has not been built.  Build everything:  npm start');
    return;
  }
  const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['cmd', '/c', 'start', ''],
  };
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
  opener.once('error', () => terminal.note(`  Open it yourself:  ${url}`));
  opener.unref();
}
