// The sequence view around its parts: which run of the story, which step, and who moves between them. It knows no server: what it
// shows may come from a file.
import { type Letter, readRun, readRuns } from 'assent/sequence';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useKeys } from '../desk/keys.ts';
import { KeysDialog } from '../desk/keys-dialog.tsx';
import { FollowingProvider } from '../json/value-mark.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { steppingTexts } from '../texts/stepping.ts';
import { useCopy } from '../ui/copy-text.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { Caption } from './caption.tsx';
import { Dock } from './dock.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { guessKeys, sequenceKeys } from './keys.ts';
import { Legend } from './legend.tsx';
import { OTHER_PAGES } from './other-pages.ts';
import { CopyMenu } from './panel/copy/copy-menu.tsx';
import { StepPanel } from './panel/step-panel.tsx';
import { PlaybackBar } from './playback-bar.tsx';
import { GuessPanel } from './predict/guess-panel.tsx';
import { SequenceBar } from './sequence-bar.tsx';
import { SequencePalette } from './sequence-palette.tsx';
import { Stage } from './stage.tsx';
import { HoldPanel } from './stepping/hold-panel.tsx';
import { HoldStatus } from './stepping/hold-status.tsx';
import { HoldStrip } from './stepping/hold-strip.tsx';
import { useStepping } from './stepping/use-stepping.ts';
import type { StepMode } from './stepping/use-steps.ts';
import type { Story } from './story.ts';
import { useAddress } from './use-address.ts';
import { useAnnouncedSteps } from './use-announced-steps.ts';
import { useLayout } from './use-layout.ts';
import { useMovingKeys } from './use-moving-keys.ts';
import { usePlayback } from './use-playback.ts';
import { useRunTitle } from './use-run-title.ts';
import {
  foldOf,
  neighbour,
  readViewRows,
  rowOfSelection,
  type Selection,
  type ViewRow,
} from './view-rows.ts';

interface SequenceViewProps {
  story: Story;
  /** Whether the address leads to what is shown. */
  isInAddress: boolean;
  connection: ReactNode;
  banners: ReactNode;
  /** In place of the drawing where there is no run. */
  empty: ReactNode;
  /** Gives the page that replays without a server. */
  replayPage?: () => Promise<string>;
  /** Further buttons of the bar. */
  tools?: ReactNode;
  /** Told which run is shown. */
  onRun?: (name: string | undefined) => void;
  /** In place of the drawing. */
  instead?: ReactNode;
  /** Opens a file. */
  onOpen?: () => void;
  /** Step mode of the server; undefined for a recorded story. */
  mode?: StepMode;
}

export function SequenceView(props: SequenceViewProps) {
  const { story, isInAddress, connection, banners, empty, replayPage, onOpen, mode } = props;
  const [address, go] = useAddress(isInAddress);
  const layout = useLayout();
  const announce = useAnnounce();
  const copy = useCopy();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [followed, follow] = useState<Letter>();
  const [isCopyOpen, setIsCopyOpen] = useState(false);
  const [dialog, setDialog] = useState<'help' | 'export' | 'palette'>();
  const [isPresenting, setIsPresenting] = useState(false);
  const [isPanelOpen, setIsPanelOpen] = useState(false);

  // What arrives may wait for a moment; what the reader does may not.
  const events = useDeferredValue(story.events);
  const whole = useMemo(() => readRun(events, address.run), [events, address.run]);
  const stepping = useStepping({ whole, mode, reached: address.selection?.step });
  const { run, predict, hold, bar } = stepping;
  const runs = useMemo(
    // How a request ended is not to be seen before its arrows are.
    () => readRuns(events).map((one) => (predict.isOn && one.id === run?.id ? run : one)),
    [events, predict.isOn, run],
  );
  useRunTitle(run);
  const rows = useMemo(
    () => (run === undefined ? [] : [...readViewRows(run, unfolded), ...bar]),
    [run, unfolded, bar],
  );
  const isFollowing = address.selection === undefined;
  const lastArrow = useMemo(() => rows.findLastIndex((row) => row.type === 'arrow'), [rows]);
  const selected = isFollowing ? lastArrow : rowOfSelection(rows, address.selection);
  const current = rows[selected];
  useAnnouncedSteps(run, story.isLive);

  const runName = run?.name;
  const { onRun, instead } = props;
  useEffect(() => onRun?.(runName), [onRun, runName]);
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
      if (!isMore && story.isLive) select(undefined);
      return isMore;
    }, [move, select, story.isLive]),
  );
  const isRunning = playback.isPlaying || (isFollowing && story.isLive);
  const first = (): void => void selectRow(rows.find((row) => row.type === 'arrow'));
  const toggle = (): void => {
    if (playback.isPlaying) playback.pause();
    else if (isFollowing && story.isLive) selectRow(current);
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
    if (!isInAddress) {
      announce(sequenceTexts.share.fromFile);
      return;
    }
    // What is looked at, also where it was not selected.
    if (current !== undefined && isFollowing) selectRow(current);
    const { copied: done, failed } = sequenceTexts.share;
    void copy(window.location.href, { done, failed });
  };
  useMovingKeys({
    next: () => move(1),
    previous: () => move(-1),
    first,
    last: () => (story.isLive ? select(undefined) : selectRow(rows[lastArrow])),
    play: () => stepping.go() || toggle(),
  });
  const togglePredict = (): void => {
    select(undefined);
    predict.toggle();
  };
  useKeys(guessKeys, stepping.guessKeys);
  useKeys(sequenceKeys, {
    hold: stepping.toggleHold,
    predict: togglePredict,
    unfold: () => toggleFold(current),
    presenter: () => setIsPresenting((isOn) => !isOn),
    ...(isInAddress ? OTHER_PAGES : {}),
    copy: () => setIsCopyOpen(true),
    palette: () => setDialog('palette'),
    help: () => setDialog('help'),
  });

  const panel =
    run === undefined ? null : predict.isOn ? (
      <GuessPanel predict={predict} run={run} />
    ) : mode !== undefined && hold !== undefined && isFollowing ? (
      <HoldPanel mode={mode} hold={hold} run={run} />
    ) : current?.type === 'arrow' ? (
      isPresenting ? (
        <Caption step={current.step} arrow={current.arrow} count={run.steps.length} />
      ) : (
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
      )
    ) : null;
  return (
    <>
      <div className={isPresenting ? 'seq presenter' : 'seq'} data-layout={layout}>
        <SequenceBar
          runs={runs}
          run={run}
          onPick={(name) => go({ run: name, selection: undefined })}
          isDrawing={instead === undefined}
          state={
            mode !== undefined && hold !== undefined ? (
              <HoldStatus hold={hold} readAtMs={mode.readAtMs} />
            ) : predict.isOn ? null : (
              connection
            )
          }
          playback={
            instead === undefined ? (
              <PlaybackBar
                isRunning={isRunning}
                speed={playback.speed}
                isDisabled={run === undefined}
                onPrevious={() => move(-1)}
                onToggle={toggle}
                onNext={() => move(1)}
                onSpeed={playback.nextSpeed}
              />
            ) : null
          }
          mode={mode}
          tools={props.tools}
          isPredicting={predict.isOn}
          isPresenting={isPresenting}
          onPredict={togglePredict}
          onShare={isInAddress ? share : undefined}
          onExport={() => setDialog('export')}
          onOpen={onOpen}
          onPresent={() => setIsPresenting(!isPresenting)}
        />
        <section className="banners" aria-label={sequenceTexts.notices}>
          {banners}
          {mode?.failure === undefined ? null : (
            <Notice tone="danger" icon="warning" role="alert">
              {fill(steppingTexts.hold.failed, { why: mode.failure })}
            </Notice>
          )}
          {mode === undefined ? null : (
            <HoldStrip
              mode={mode}
              holds={stepping.elsewhere.concat(
                hold !== undefined && (!isFollowing || layout === 'list') ? [hold] : [],
              )}
            />
          )}
        </section>
        {instead !== undefined ? (
          instead
        ) : run === undefined ? (
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
              tenant={story.origin?.tenant}
              isPresenting={isPresenting}
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
            {layout !== 'list' || isPanelOpen || predict.isOn ? panel : null}
          </main>
        )}
        {instead !== undefined ? null : layout === 'list' &&
          run !== undefined &&
          current?.type === 'arrow' ? (
          <Dock
            number={current.step.number}
            count={run.steps.length}
            isPanelOpen={isPanelOpen}
            onPrevious={() => move(-1)}
            onNext={() => move(1)}
            onPanel={() => setIsPanelOpen((isOpen) => !isOpen)}
          />
        ) : (
          <Legend run={run} hidesValues={isPresenting} followed={followed} onFollow={follow} />
        )}
      </div>
      {dialog === 'help' ? (
        <KeysDialog entries={[...sequenceKeys, ...guessKeys]} onClose={() => setDialog(undefined)} />
      ) : null}
      {dialog === 'palette' ? (
        <SequencePalette
          runs={runs}
          hasPages={isInAddress}
          onPick={(name) => go({ run: name, selection: undefined })}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {dialog === 'export' && run !== undefined ? (
        <ExportDialog story={story} run={run} replayPage={replayPage} onClose={() => setDialog(undefined)} />
      ) : null}
    </>
  );
}
