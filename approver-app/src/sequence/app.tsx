// The sequence view around its parts: which story, which run of it, which step, and who moves between them.
import { type Letter, type Run, readRun, readRuns } from 'assent/sequence';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Api } from '../desk/api.ts';
import { ConnectionBanner, ConnectionWord, useLive } from '../desk/connection-state.tsx';
import { Brand } from '../desk/desk-icons.tsx';
import { FaultStrip } from '../desk/fault-strip.tsx';
import { useKeys } from '../desk/keys.ts';
import { KeysDialog } from '../desk/keys-dialog.tsx';
import type { LiveTrace } from '../desk/live-trace.ts';
import { TokenPrompt, useTokenWanted } from '../desk/token-prompt.tsx';
import { JsonMemory } from '../json/json-memory.tsx';
import { FollowingProvider } from '../json/value-mark.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { Dock } from './dock.tsx';
import { Empty } from './empty.tsx';
import { sequenceKeys } from './keys.ts';
import { Legend } from './legend.tsx';
import { CopyMenu } from './panel/copy/copy-menu.tsx';
import { createLiveSource, PanelSourceProvider } from './panel/panel-source.tsx';
import { StepPanel } from './panel/step-panel.tsx';
import { PlaybackBar } from './playback-bar.tsx';
import { RunPicker } from './run-picker.tsx';
import { Stage } from './stage.tsx';
import type { Story } from './story.ts';
import { useAddress } from './use-address.ts';
import { useAnnouncedSteps } from './use-announced-steps.ts';
import { useLayout } from './use-layout.ts';
import { useMovingKeys } from './use-moving-keys.ts';
import { usePlayback } from './use-playback.ts';
import {
  foldOf,
  neighbour,
  readViewRows,
  rowOfSelection,
  type Selection,
  type ViewRow,
} from './view-rows.ts';

interface AppProps {
  api: Api;
  trace: LiveTrace;
}

export function App({ api, trace }: AppProps) {
  const { events, story: generation, health } = useLive(trace);
  const story: Story = {
    events,
    generation,
    file: undefined,
    tenant: health?.tenant,
    issuer: health?.issuer,
  };
  const source = useMemo(() => createLiveSource(api, trace.clock), [api, trace]);
  const wanted = useTokenWanted(api);
  if (wanted) return <TokenPrompt api={api} />;
  return (
    <PanelSourceProvider value={source}>
      <JsonMemory>
        <SequenceView
          story={story}
          connection={<ConnectionWord trace={trace} />}
          banners={
            <>
              <ConnectionBanner trace={trace} />
              <FaultStrip api={api} trace={trace} />
            </>
          }
          empty={<Empty api={api} issuer={health?.issuer} opener={null} />}
        />
      </JsonMemory>
    </PanelSourceProvider>
  );
}

interface SequenceViewProps {
  story: Story;
  connection: ReactNode;
  banners: ReactNode;
  empty: ReactNode;
}

function SequenceView({ story, connection, banners, empty }: SequenceViewProps) {
  const [address, go] = useAddress();
  const layout = useLayout();
  const announce = useAnnounce();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [followed, follow] = useState<Letter>();
  const [isCopyOpen, setIsCopyOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isPanelOpen, setIsPanelOpen] = useState(false);

  const runs = useMemo(() => readRuns(story.events), [story.events]);
  const run = useMemo(() => readRun(story.events, address.run), [story.events, address.run]);
  useTitle(run);
  const rows = useMemo(() => (run === undefined ? [] : readViewRows(run, unfolded)), [run, unfolded]);
  const isFollowing = address.selection === undefined;
  const lastArrow = useMemo(() => rows.findLastIndex((row) => row.type === 'arrow'), [rows]);
  const selected = isFollowing ? lastArrow : rowOfSelection(rows, address.selection);
  const current = rows[selected];
  useAnnouncedSteps(run, story.file === undefined);

  const runName = run?.name;
  const select = useCallback(
    (selection: Selection | undefined) => go({ run: runName, selection }),
    [go, runName],
  );
  const selectRow = useCallback(
    (row: ViewRow | undefined): boolean => {
      if (row?.type !== 'arrow') return false;
      select({ step: row.step.number, index: row.index });
      return true;
    },
    [select],
  );
  const move = useCallback(
    (by: 1 | -1): boolean => selectRow(neighbour(rows, selected, by)),
    [rows, selected, selectRow],
  );
  const playback = usePlayback(
    rows,
    selected,
    useCallback(() => {
      const isMore = move(1);
      // The end was reached: what comes next is followed.
      if (!isMore && story.file === undefined) select(undefined);
      return isMore;
    }, [move, select, story.file]),
  );
  const isRunning = playback.isPlaying || (isFollowing && story.file === undefined);
  const first = (): void => void selectRow(rows.find((row) => row.type === 'arrow'));
  const toggle = (): void => {
    if (playback.isPlaying) playback.pause();
    else if (isFollowing && story.file === undefined) selectRow(current);
    else {
      if (selected === lastArrow) first();
      playback.play();
    }
  };
  const toggleFold = (row: ViewRow | undefined): void => {
    if (row?.type !== 'arrow' || run === undefined) return;
    const fold = foldOf(run, row.step);
    if (fold === undefined) return;
    const isOpen = unfolded.has(fold);
    setUnfolded((before) => new Set(isOpen ? [...before].filter((id) => id !== fold) : [...before, fold]));
    select({ step: row.step.number, index: isOpen ? undefined : (row.index ?? 0) });
  };
  const share = (): void => {
    // What is looked at, also where it was not selected.
    if (current !== undefined && isFollowing) selectRow(current);
    navigator.clipboard.writeText(window.location.href).then(
      () => announce(sequenceTexts.share.copied),
      () => announce(sequenceTexts.share.failed),
    );
  };
  useMovingKeys({
    next: () => move(1),
    previous: () => move(-1),
    first,
    last: () => (story.file === undefined ? select(undefined) : selectRow(rows[lastArrow])),
    play: toggle,
  });
  useKeys(sequenceKeys, {
    unfold: () => toggleFold(current),
    console: () => window.location.assign('/console'),
    requests: () => window.location.assign('/console/requests'),
    approve: () => window.location.assign('/approve/'),
    copy: () => setIsCopyOpen(true),
    help: () => setIsHelpOpen(true),
  });

  const panel =
    run !== undefined && current?.type === 'arrow' ? (
      <FollowingProvider value={{ followed, follow }}>
        <StepPanel
          run={run}
          step={current.step}
          arrow={current.arrow}
          index={current.index}
          footer={
            <CopyMenu run={run} arrow={current.arrow} isOpen={isCopyOpen} onOpenChange={setIsCopyOpen} />
          }
        />
      </FollowingProvider>
    ) : null;
  return (
    <>
      <div className="seq" data-layout={layout}>
        <header className="bar">
          <a href="/approve/" className="brand" aria-label={sequenceTexts.home}>
            <Brand />
          </a>
          <h1>{sequenceTexts.title}</h1>
          <RunPicker runs={runs} shown={run} onPick={(name) => go({ run: name, selection: undefined })} />
          {connection}
          <span className="grow" />
          <PlaybackBar
            isRunning={isRunning}
            speed={playback.speed}
            isDisabled={run === undefined}
            onFirst={first}
            onPrevious={() => move(-1)}
            onToggle={toggle}
            onNext={() => move(1)}
            onSpeed={playback.nextSpeed}
          />
          <button type="button" className="btn btn--s" onClick={share}>
            {sequenceTexts.share.button}
          </button>
        </header>
        <div className="banners">{banners}</div>
        {run === undefined ? (
          <main className="stage stage--empty">
            {address.run === undefined ? null : (
              <Notice tone="info" icon="info">
                <Prose text={sequenceTexts.runs.unknown} values={{ run: address.run }} />
              </Notice>
            )}
            {empty}
          </main>
        ) : (
          <main className="stage">
            <Stage
              run={run}
              tenant={story.tenant}
              rows={rows}
              isList={layout === 'list'}
              selected={selected}
              isFollowing={isFollowing}
              playedTo={playback.isPlaying ? selected : undefined}
              followed={followed}
              onSelect={select}
              onToggle={toggleFold}
              onFollow={() => select(undefined)}
            />
            {layout !== 'list' || isPanelOpen ? panel : null}
          </main>
        )}
        {layout === 'list' && run !== undefined && current?.type === 'arrow' ? (
          <Dock
            number={current.step.number}
            count={run.steps.length}
            isPanelOpen={isPanelOpen}
            onPrevious={() => move(-1)}
            onNext={() => move(1)}
            onPanel={() => setIsPanelOpen((isOpen) => !isOpen)}
          />
        ) : (
          <Legend run={run} hidesValues={false} followed={followed} onFollow={follow} />
        )}
      </div>
      {isHelpOpen ? <KeysDialog entries={sequenceKeys} onClose={() => setIsHelpOpen(false)} /> : null}
    </>
  );
}

function useTitle(run: Run | undefined): void {
  const title =
    run === undefined ? undefined : fill(sequenceTexts.pageTitle, { run: `${run.name} ${run.title}` });
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
}
