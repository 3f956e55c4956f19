// What stands around every page: who and how connected, the navigation, faults, notices, and the dialogs that any page may open.

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { ConnectionBanner, ConnectionWord } from '../../desk/connection-state.tsx';
import { Brand, DeskIcon } from '../../desk/desk-icons.tsx';
import { useKeys } from '../../desk/keys.ts';
import { KeysDialog } from '../../desk/keys-dialog.tsx';
import { useFaults } from '../../desk/live-resource.ts';
import { ToastRegion } from '../../desk/toasts.tsx';
import { TokenPrompt } from '../../desk/token-prompt.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { sharedTexts } from '../../texts/shared.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill } from '../../ui/prose.tsx';
import { currentAddress, Link, navigate, useAddress } from '../address.tsx';
import { LessonReturn } from '../lessons/lesson-return.tsx';
import { useLiveState, useRequests, useSession } from '../session/session-context.tsx';
import { builtInKeys, consoleKeys } from './console-keys.ts';
import { ConsolePalette } from './console-palette.tsx';
import { CurlDialog } from './curl-dialog.tsx';
import { FaultStrip } from './fault-strip.tsx';
import { PAGES } from './pages.ts';

const { frame } = consoleTexts;
/** The page on which faults are switched. */
const CHANNELS = 'channels';

export function ConsoleFrame() {
  const { api, trace, toasts } = useSession();
  const { page, item } = useAddress();
  const [open, setOpen] = useState<'palette' | 'help'>();
  const shown = PAGES.find(({ path }) => path === page) ?? PAGES[0];
  const faults = useFaults(api, trace);
  const tokenWanted = useSyncExternalStore(api.watch, api.tokenWanted);
  usePageTitle(shown.title);
  useFrameKeys({ openPalette: () => setOpen('palette'), openHelp: () => setOpen('help') });
  return (
    <div className="con">
      <a className="skip" href="#main">
        {frame.skip}
      </a>
      <TopBar onSearch={() => setOpen('palette')} />
      <Navigation current={shown.path} hasFaults={faults.length > 0} />
      <div className="col">
        <div className="col-top">
          <ConnectionBanner trace={trace} />
          {tokenWanted ? null : <FaultStrip faults={faults} />}
          <LessonReturn />
        </div>
        {tokenWanted ? <TokenPrompt api={api} /> : <shown.Page key={shown.path} item={item} />}
      </div>
      <ToastRegion toasts={toasts} />
      <CurlDialog />
      {open === 'palette' ? (
        <ConsolePalette onClose={() => setOpen(undefined)} onHelp={() => setOpen('help')} />
      ) : null}
      {open === 'help' ? (
        <KeysDialog entries={[...consoleKeys, ...builtInKeys]} onClose={() => setOpen(undefined)} />
      ) : null}
    </div>
  );
}

function TopBar({ onSearch }: { onSearch(): void }) {
  const { trace } = useSession();
  const tenant = useLiveState(({ health }) => health?.tenant);
  return (
    <header className="bar">
      <Link className="brand" to={{ page: PAGES[0].path }} aria-label={sharedTexts.app.name}>
        <Brand />
      </Link>
      <span className="tenant">
        <span className="tenant-word">{frame.tenant}</span> <b>{tenant ?? '…'}</b>
      </span>
      <ConnectionWord trace={trace} />
      <span className="grow" />
      <button type="button" className="search" onClick={onSearch}>
        <DeskIcon name="search" />
        <span className="search-word">{frame.search}</span>
        <kbd>{frame.searchKeys}</kbd>
      </button>
      <a className="btn btn--s" href="/sequence">
        <DeskIcon name="sequence" />
        <span className="bar-word">{frame.sequence}</span>
      </a>
      <a className="btn btn--s" href="/approve/">
        <DeskIcon name="phone" />
        <span className="bar-word">{frame.approver}</span>
      </a>
    </header>
  );
}

function Navigation({ current, hasFaults }: { current: string; hasFaults: boolean }) {
  const { all = [] } = useRequests();
  const waiting = all.filter(({ state }) => state === 'pending').length;
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the pages are one line, which scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what moves it
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav className="side" aria-label={frame.navigation} ref={nav}>
      {PAGES.map(({ path, title, icon }) => (
        <Link key={path} to={{ page: path }} aria-current={path === current ? 'page' : undefined}>
          <DeskIcon name={icon} />
          {title}
          {path === 'requests' && waiting > 0 ? (
            <span className="n">
              {waiting}
              <span className="vh"> {frame.waiting}</span>
            </span>
          ) : null}
          {path === CHANNELS && hasFaults ? (
            <span className="mark-fault">
              <Icon name="warning" />
              <span className="vh">{frame.faultActive}</span>
            </span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

function usePageTitle(title: string): void {
  const tenant = useLiveState(({ health }) => health?.tenant);
  useEffect(() => {
    const screen = tenant === undefined ? title : `${title} · ${tenant}`;
    document.title = fill(sharedTexts.app.title, { screen });
  }, [title, tenant]);
}

function useFrameKeys({ openPalette, openHelp }: { openPalette(): void; openHelp(): void }): void {
  const session = useSession();
  useKeys(consoleKeys, {
    palette: openPalette,
    help: openHelp,
    sequence: () => window.location.assign('/sequence'),
    search: () => {
      const field = document.querySelector<HTMLElement>('[data-filter]');
      if (field === null) openPalette();
      else field.focus();
    },
    back: () => {
      const { page, item, query } = currentAddress();
      if (item !== undefined) navigate({ page, query });
    },
    curl: () => {
      const [last] = session.recorded();
      session.showCall(last?.call ?? { path: '/control/requests' });
    },
    ...Object.fromEntries(PAGES.map(({ path }) => [`page:${path}`, () => navigate({ page: path })])),
  });
}
