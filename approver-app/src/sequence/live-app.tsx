// The sequence view of a running server, and of files that are opened beside it.
import type { TraceDocument } from 'assent/contract';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Api } from '../desk/api.ts';
import { ConnectionBanner, ConnectionWord, useLive } from '../desk/connection-state.tsx';
import type { LiveTrace } from '../desk/live-trace.ts';
import { TokenPrompt, useTokenWanted } from '../desk/token-prompt.tsx';
import { JsonMemory } from '../json/json-memory.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { Empty } from './empty.tsx';
import { FaultStrip } from './fault-strip.tsx';
import { useStoryOpener } from './open-story.tsx';
import { createLiveSource, createRecordedSource, PanelSourceProvider } from './panel/panel-source.tsx';
import { RecordedBar } from './recorded-bar.tsx';
import { fetchReplayPage } from './replay-page.ts';
import { SceneButtons, SceneView } from './scenes/scene-parts.tsx';
import { SceneStrip } from './scenes/scene-strip.tsx';
import { type Scenes, useScenes } from './scenes/use-scenes.ts';
import { SequenceView } from './sequence-view.tsx';
import { useSteps } from './stepping/use-steps.ts';
import { recordedStory, type Story } from './story.ts';
import { useAddress } from './use-address.ts';

const { empty, connection } = sequenceTexts;

export function LiveApp({ api, trace }: { api: Api; trace: LiveTrace }) {
  const [file, setFile] = useState<TraceDocument>();
  const opener = useStoryOpener(setFile);
  const scenes = useScenes(api);
  const wanted = useTokenWanted(api);
  const recorded = useMemo(() => (file === undefined ? undefined : recordedStory(file)), [file]);
  const source = useMemo(() => {
    const recordedOf = file?.issuer ?? scenes.result?.trace.issuer;
    return recordedOf === undefined ? createLiveSource(api, trace.clock) : createRecordedSource(recordedOf);
  }, [api, trace, file, scenes.result]);
  if (recorded === undefined && wanted) return <TokenPrompt api={api} />;
  return (
    <PanelSourceProvider value={source}>
      <JsonMemory>
        {recorded === undefined && scenes.result !== undefined ? (
          <SceneView
            // Each scene is another story.
            key={JSON.stringify([scenes.result.change, scenes.result.attack, scenes.result.without])}
            scenes={scenes}
            result={scenes.result}
            banners={opener.parts}
          />
        ) : recorded === undefined || file === undefined ? (
          <LiveView api={api} trace={trace} scenes={scenes} banners={opener.parts} onOpen={opener.pick} />
        ) : (
          <SequenceView
            // Another file is another story, with nothing selected yet.
            key={`${file.title} ${file.events.length}`}
            story={recorded}
            isInAddress={false}
            connection={<span className="live live--file">{connection.file}</span>}
            banners={
              <>
                {opener.parts}
                <RecordedBar title={file.title} onClose={() => setFile(undefined)} />
              </>
            }
            empty={<p>{empty.file}</p>}
            replayPage={fetchReplayPage}
            onOpen={opener.pick}
          />
        )}
      </JsonMemory>
    </PanelSourceProvider>
  );
}

interface LiveViewProps {
  api: Api;
  trace: LiveTrace;
  scenes: Scenes;
  banners: ReactNode;
  onOpen(): void;
}

function LiveView({ api, trace, scenes, banners, onOpen }: LiveViewProps) {
  const [shownRun, setShownRun] = useState<string>();
  const { events, health, hasEarlier } = useLive(trace);
  useWholeRun(trace, hasEarlier, events[0]?.number);
  const mode = useSteps(api, trace);
  const story: Story = useMemo(
    () => ({
      extent: 'server',
      events,
      isLive: true,
      origin:
        health === undefined
          ? undefined
          : {
              title: `${health.tenant}, ${health.issuer}`,
              issuer: health.issuer,
              tenant: health.tenant,
              assent: health.version,
            },
    }),
    [events, health],
  );
  return (
    <SequenceView
      story={story}
      isInAddress
      mode={mode}
      connection={<ConnectionWord trace={trace} />}
      banners={
        <>
          {banners}
          <ConnectionBanner trace={trace} />
          <FaultStrip api={api} trace={trace} />
          <SceneStrip scenes={scenes} request={shownRun} />
        </>
      }
      empty={<Empty api={api} issuer={health?.issuer} onOpen={onOpen} />}
      replayPage={fetchReplayPage}
      onOpen={onOpen}
      tools={<SceneButtons scenes={scenes} />}
      onRun={setShownRun}
    />
  );
}

/** What the address names may have begun before what was read first: then it is read to the beginning. */
function useWholeRun(trace: LiveTrace, hasEarlier: boolean, oldest: number | undefined): void {
  const [address] = useAddress(true);
  const isWanted = address.run !== undefined && hasEarlier;
  useEffect(() => {
    // The connection says if nothing answers.
    if (isWanted && oldest !== undefined) trace.loadEarlier().catch(() => undefined);
  }, [trace, isWanted, oldest]);
}
